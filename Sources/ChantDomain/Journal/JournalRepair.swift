import Foundation
import GRDB
import Glibc

/// What was done to a journal that was gone or damaged (R73).
public struct JournalRepair: Sendable, Equatable {
    /// Where the damaged file lies now; `nil` where there was none.
    public var movedTo: String?
    /// What was wrong with it; `nil` where there was none.
    public var damage: String?
    /// How many runs are in the new journal.
    public var runs = 0
    /// How many run folders told nothing.
    public var unreadable = 0

    /// What happened, and what is lost, in sentences.
    public var sentence: String {
        var sentence =
            if let movedTo {
                "The journal was damaged (\(damage ?? "no further word")); it was moved to \(movedTo)."
            } else {
                "The journal was gone."
            }
        sentence += " A new one was made from the folders of \(runs) runs"
        sentence += unreadable > 0 ? " (\(unreadable) more could not be read)." : "."
        return sentence + " Runs that were only queued, and the events of before, are lost."
    }
}

extension JournalFile {
    /// Opens the file; where it is gone or damaged, a new one is made from the folders of the runs, and takes its place
    /// only when it is whole.
    ///
    /// - Returns: the database, and what was done; `nil` for a journal that was whole, or a first start.
    func openWhole(rebuilding: JournalRebuilding) throws -> (DatabasePool, JournalRepair?) {
        if isEmpty {
            let report = try make(from: rebuilding)
            return (try open(), report.runs + report.unreadable > 0 ? report : nil)
        }
        do {
            let pool = try open()
            guard let fault = try Self.fault(of: pool) else { return (pool, nil) }
            try pool.close()
            throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: fault)
        } catch let error as DatabaseError where Self.isDamage(error) {
            let place = try moveAside()
            var report = try make(from: rebuilding)
            report.movedTo = place
            report.damage = error.message ?? "\(error.resultCode)"
            return (try open(), report)
        }
    }

    private var isEmpty: Bool {
        var status = stat()
        return stat(path, &status) != 0 || status.st_size == 0
    }

    private func make(from rebuilding: JournalRebuilding) throws -> JournalRepair {
        let (runs, unreadable) = rebuilding.records()
        let report = JournalRepair(runs: runs.count, unreadable: unreadable)
        guard runs.count + unreadable > 0 else { return report }
        let new = JournalFile(path: path + ".new", schema: schema)
        for end in ["", "-wal", "-shm"] { unlink(new.path + end) }
        let pool = try new.open()
        try rebuilding.fill(pool, with: runs)
        try pool.writeWithoutTransaction { db in _ = try db.checkpoint(.truncate) }
        try pool.close()
        guard rename(new.path, path) == 0 else { throw Self.failure("put \(new.path) in place") }
        return report
    }

    private static func failure(_ operation: String) -> JournalError {
        let code = errno
        return .storage(operation: operation, code: code, detail: String(cString: strerror(code)))
    }

    private static func isDamage(_ error: DatabaseError) -> Bool {
        [.SQLITE_CORRUPT, .SQLITE_NOTADB].contains(error.resultCode)
    }

    /// What SQLite's own check finds, in its words.
    private static func fault(of pool: DatabasePool) throws -> String? {
        let found = try pool.read { try String.fetchOne($0, sql: "PRAGMA quick_check(1)") }
        return found == "ok" ? nil : found ?? "it cannot be checked"
    }

    /// Gives the file and its companions another name, under which a person may look at them.
    private func moveAside() throws -> String {
        let stamp = Date().formatted(Date.ISO8601FormatStyle(dateTimeSeparator: .standard, timeZone: .gmt))
        let place = "\(path).damaged-\(stamp.filter(\.isNumber))"
        for end in ["", "-wal", "-shm"] where access(path + end, F_OK) == 0 {
            guard rename(path + end, place + end) == 0 else { throw Self.failure("move \(path + end) aside") }
        }
        return place
    }
}

/// Reads the folders of all runs and writes what they say into an empty journal.
struct JournalRebuilding {
    let stateFolder: String
    let now: Date

    /// Writes the runs and their orders; numbers of events go on where no number of before can be.
    func fill(_ pool: DatabasePool, with found: [Run]) throws {
        let runs = Self.withOneLiveRunPerSpec(found, at: now)
        try pool.write { db in
            for order in Self.orders(of: runs) { try order.insert(db) }
            for run in runs { try run.insert(db) }
            try db.execute(
                sql: "INSERT INTO sqlite_sequence (name, seq) VALUES ('events', ?)",
                arguments: [Int64(now.timeIntervalSince1970 * 1_000_000)]
            )
        }
    }

    /// The runs as their folders tell them, the oldest first, and how many folders tell nothing.
    func records() -> ([Run], unreadable: Int) {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: stateFolder + "/runs")) ?? []
        var runs: [Run] = []
        var unreadable = 0
        for id in names.compactMap(RunID.init).sorted() {
            let run = RunFolder(stateFolder: stateFolder, run: id).readRecord()?.details
            if let run, run.id == id {
                runs.append(run)
            } else {
                unreadable += 1
            }
        }
        return (runs, unreadable)
    }

    /// Of several runs of a spec that nobody settled, the newest lives: the others must have ended before it began (R17).
    private static func withOneLiveRunPerSpec(_ runs: [Run], at now: Date) -> [Run] {
        var live: Set<[String]> = []
        var result: [Run] = []
        for run in runs.reversed() {
            var run = run
            if run.state.isLive, !live.insert([run.projectPath, run.specID]).inserted {
                run.state = .settled
                run.outcome = .interrupted
                run.reason = .serviceStopped
                run.finishedAt = now
            }
            result.append(run)
        }
        return result.reversed()
    }

    private static func orders(of runs: [Run]) -> [Order] {
        Dictionary(grouping: runs, by: \.orderID).map { id, runs in
            var order = Order(
                id: id,
                project: runs[0].project,
                projectPath: runs[0].projectPath,
                mode: runs[0].mode,
                options: runs[0].options,
                specs: Array(Set(runs.map(\.specID))).sorted(),
                createdAt: runs.map(\.queuedAt).min() ?? runs[0].queuedAt
            )
            guard let last = runs.max(by: { $0.id < $1.id }), !runs.contains(where: \.state.isLive) else {
                return order
            }
            order.settledAt = last.finishedAt
            order.ended = last.outcome.map(Order.ending(with:))
            return order
        }
    }
}
