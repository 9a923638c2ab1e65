import GRDB

/// What a list of specs shows of a run.
public struct RunBrief: Sendable, Equatable {
    /// The run.
    public let id: RunID
    /// Its spec.
    public let specID: String
    /// Its order.
    public let orderID: OrderID
    /// Whether it has not been settled.
    public let isLive: Bool
    /// Where its agent works, while there is such a folder.
    public let worktree: String?

    /// What a list shows of `run`.
    public init(_ run: Run) {
        id = run.id
        specID = run.specID
        orderID = run.orderID
        isLive = run.state.isLive
        worktree = run.worktree
    }

    fileprivate init?(_ row: Row) {
        guard let id = RunID(row["id"]), let orderID = OrderID(row["order_id"]) else { return nil }
        self.id = id
        self.orderID = orderID
        specID = row["spec_id"]
        isLive = row["state"] != RunState.settled.rawValue
        worktree = row["worktree"]
    }
}

/// The latest run of each spec of a project, as far as it has been read.
struct LatestRuns: Sendable {
    private(set) var bySpec: [String: RunBrief] = [:]
    private(set) var live: [RunID: RunBrief] = [:]
    fileprivate var newest: Int64 = 0
    fileprivate var count: Int?
    /// How often runs had been dropped.
    fileprivate var drops = 0
}

extension Journal {
    /// Reads what has changed since `latest` was read: runs accepted later, and those that were live.
    ///
    /// - Returns: whether anything that a list shows is different now.
    func catchUp(_ latest: inout LatestRuns, project path: String) throws(JournalError) -> Bool {
        let count = changeCount
        guard latest.count != count else { return false }
        let drops = dropCount
        let hasLost = latest.drops != drops
        if hasLost {
            // What was dropped may be what was the latest: read afresh.
            latest = LatestRuns()
            latest.drops = drops
        }
        let briefs = try read("read the latest runs") { [latest] db in
            let new = try Row.fetchAll(
                db,
                sql: """
                    SELECT rowid, id, spec_id, order_id, state, worktree FROM runs WHERE rowid IN (
                        SELECT max(rowid) FROM runs WHERE project_path = ? AND rowid > ? GROUP BY spec_id
                    ) ORDER BY rowid
                    """,
                arguments: [path, latest.newest]
            )
            let old = try Row.fetchAll(
                db,
                sql: """
                    SELECT rowid, id, spec_id, order_id, state, worktree FROM runs
                    WHERE id IN (\(databaseQuestionMarks(count: latest.live.count)))
                    """,
                arguments: StatementArguments(latest.live.keys.map(\.text))
            )
            return (old + new).map { (number: $0["rowid"] as Int64, brief: RunBrief($0)) }
        }
        latest.count = count
        return latest.take(briefs) || hasLost
    }
}

extension LatestRuns {
    fileprivate mutating func take(_ briefs: [(number: Int64, brief: RunBrief?)]) -> Bool {
        var differs = false
        for (number, brief) in briefs {
            newest = max(newest, number)
            guard let brief else { continue }
            live[brief.id] = brief.isLive ? brief : nil
            // Of two runs the one with the greater number comes later in the list.
            if let known = bySpec[brief.specID], known == brief { continue }
            bySpec[brief.specID] = brief
            differs = true
        }
        return differs
    }
}
