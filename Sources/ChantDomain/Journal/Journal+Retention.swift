public import Foundation
import GRDB

/// A settled run that the journal no longer needs (R71).
struct ExpendableRun: Sendable, Equatable {
    let id: RunID
    let specID: String
    let branch: String
    let outcome: RunOutcome?
    let finishedAt: Date
    /// Whether no later run of its spec is known that has begun: one that was refused or withdrawn left everything as it was.
    let isLatest: Bool
}

/// How much the journal holds.
public struct JournalFigures: Sendable, Equatable {
    /// Runs, live ones included.
    public let runs: Int
    /// Events.
    public let events: Int
    /// When the oldest event was written.
    public let oldestEvent: Date?
    /// Bytes of its file and of what belongs to it.
    public let bytes: Int
}

/// What may be dropped, and dropping it, a bounded part at a time.
extension Journal {
    /// Runs that nothing is under way for, the oldest first.
    ///
    /// Left out are: live runs, the runs of a spec that has a live one and of an order that is open (what follows looks
    /// back at them), a run whose agent's exit is not journaled, the latest run of a spec if it is paused, and the newest
    /// run of all, whose row number must not be given again.
    ///
    /// - Parameters:
    ///   - path: the project.
    ///   - after: only those with a greater id.
    ///   - limit: at most so many.
    /// - Returns: the runs, in the order of their ids.
    /// - Throws: `storage`.
    func expendableRuns(project path: String, after: RunID?, limit: Int) throws(JournalError) -> [ExpendableRun] {
        try read("look for runs to drop") { db in
            // The sign keeps SQLite from taking the project's index: it would sort all runs for each page.
            let statement = try db.cachedStatement(
                sql: """
                    SELECT r.id, r.spec_id, r.branch, r.outcome, r.finished_at, NOT \(Self.hasLater) AS latest
                    FROM runs r WHERE +r.project_path = ? AND r.id > ? AND \(Self.isExpendable) ORDER BY r.id LIMIT ?
                    """
            )
            return try Row.fetchAll(statement, arguments: [path, after?.text ?? "", limit]).compactMap { row in
                guard let id = RunID(row["id"]) else { return nil }
                return ExpendableRun(
                    id: id,
                    specID: row["spec_id"],
                    branch: row["branch"],
                    outcome: (row["outcome"] as String?).flatMap { RunOutcome(rawValue: $0) },
                    finishedAt: UnixMilliseconds.date(row["finished_at"]),
                    isLatest: row["latest"]
                )
            }
        }
    }

    /// Drops runs with all that belongs to them; what has come to be needed meanwhile stays.
    ///
    /// - Returns: what was dropped.
    func drop(_ runs: [RunID]) throws(JournalError) -> [RunID] {
        guard !runs.isEmpty else { return [] }
        let dropped = try transaction("drop \(runs.count) runs") { transaction in
            let rows = try Row.fetchAll(
                transaction.db,
                sql: """
                    DELETE FROM runs AS r WHERE r.id IN (\(databaseQuestionMarks(count: runs.count)))
                    AND \(Self.isExpendable) RETURNING id, order_id
                    """,
                arguments: StatementArguments(runs.map(\.text))
            )
            for row in rows {
                try transaction.db.execute(
                    sql:
                        "DELETE FROM orders WHERE id = ? AND NOT EXISTS (SELECT 1 FROM runs WHERE order_id = orders.id)",
                    arguments: [row["order_id"] as String]
                )
            }
            return rows.compactMap { RunID($0["id"]) }
        }
        if !dropped.isEmpty { countDrop() }
        return dropped
    }

    /// Drops settled orders of which no run is left, or never was.
    ///
    /// - Returns: how many were dropped.
    @discardableResult
    func dropEmptyOrders(settledBefore date: Date) throws(JournalError) -> Int {
        try transaction("drop orders without runs") { transaction in
            try transaction.db.execute(
                sql: """
                    DELETE FROM orders WHERE settled_at < ?
                    AND NOT EXISTS (SELECT 1 FROM runs WHERE order_id = orders.id)
                    """,
                arguments: [UnixMilliseconds.of(date)]
            )
            return transaction.db.changesCount
        }
    }

    /// Drops at most `limit` of the oldest events that are too old or too many; never the newest, and nothing that a
    /// subscriber has not read yet.
    ///
    /// - Returns: how many were dropped.
    func dropEvents(before date: Date, keeping count: Int, limit: Int = 1000) throws(JournalError) -> Int {
        let unread = bus.slowest
        return try transaction("drop events") { transaction in
            guard let bounds = try EventRecord.bounds(transaction.db) else { return 0 }
            let statement = try transaction.db.cachedStatement(
                sql: "SELECT sequence, at FROM events WHERE sequence < ? AND sequence <= ? ORDER BY sequence LIMIT ?"
            )
            let oldest = try Row.fetchAll(statement, arguments: [bounds.newest, unread, limit])
            let excess = try EventRecord.newest(besides: count, transaction.db)
            let due = oldest.prefix { row in
                (row["sequence"] as Int64) <= excess
                    || UnixMilliseconds.date(row["at"]) < date
            }
            guard let last: Int64 = due.last?["sequence"] else { return 0 }
            try transaction.db.execute(sql: "DELETE FROM events WHERE sequence <= ?", arguments: [last])
            return due.count
        }
    }

    /// How much there is.
    public func figures() throws(JournalError) -> JournalFigures {
        let file = pool.path
        let bytes = ["", "-wal", "-shm"].reduce(0) { sum, suffix in
            let attributes = try? FileManager.default.attributesOfItem(atPath: file + suffix)
            return sum + ((attributes?[.size] as? Int) ?? 0)
        }
        return try read("read the journal's figures") { db in
            let oldest = try Int64.fetchOne(db, sql: "SELECT at FROM events ORDER BY sequence LIMIT 1")
            return JournalFigures(
                runs: try Int.fetchOne(db.cachedStatement(sql: "SELECT count(*) FROM runs")) ?? 0,
                events: try EventRecord.stretches(db).reduce(0) { $0 + $1.count },
                oldestEvent: oldest.map(UnixMilliseconds.date),
                bytes: bytes
            )
        }
    }

    private static let hasLater = """
        EXISTS (SELECT 1 FROM runs n WHERE n.project_path = r.project_path AND n.spec_id = r.spec_id AND n.id > r.id
            AND n.base_commit IS NOT NULL AND n.outcome IS NOT 'refused')
        """

    private static let isExpendable = """
        r.state = 'settled' AND r.finished_at IS NOT NULL AND r.rowid < (SELECT max(rowid) FROM runs)
        AND NOT EXISTS (
            SELECT 1 FROM runs l WHERE l.project_path = r.project_path AND l.spec_id = r.spec_id AND l.state <> 'settled')
        AND NOT EXISTS (SELECT 1 FROM orders o WHERE o.id = r.order_id AND o.settled_at IS NULL)
        AND NOT EXISTS (SELECT 1 FROM processes p WHERE p.run_id = r.id AND p.exited_at IS NULL)
        AND (r.outcome <> 'paused' OR \(hasLater))
        """
}
