import Foundation
import GRDB
import Glibc

/// What was done to a journal that was gone, damaged, or older than the folders of the runs (R73).
public struct JournalRepair: Sendable, Equatable {
    /// Where the damaged file lies now; `nil` where there was none.
    public var movedTo: String?
    /// What was wrong with it; `nil` where there was none.
    public var damage: String?
    /// Whether the file was whole, and did not know some runs.
    public var isBehind = false
    /// How many runs were entered from their folders.
    public var runs = 0
    /// How many run folders told nothing.
    public var unreadable = 0

    /// What happened, and what is lost, in sentences.
    public var sentence: String {
        if isBehind {
            return "The journal did not know \(counted) whose folders are there: it is an older copy, or its -wal is "
                + "gone. What the folders tell was entered; what else happened since is lost."
        }
        var sentence =
            if let movedTo {
                "The journal was damaged (\(damage ?? "no further word")); it was moved to \(movedTo)."
            } else {
                "The journal was gone."
            }
        sentence += " A new one was made from the folders of \(counted)"
        sentence += unreadable > 0 ? " (\(unreadable) more could not be read)." : "."
        return sentence + " The events of before are lost."
    }

    private var counted: String { runs == 1 ? "1 run" : "\(runs) runs" }
}

extension JournalFile {
    /// Opens the file; what it lacks is taken from the folders of the runs.
    ///
    /// Where it is gone or damaged, a new one is made from them, and takes its place only when it is whole. Runs that a
    /// whole one does not know are entered.
    ///
    /// - Returns: the database, and what was done; `nil` for a journal that lacked nothing, or a first start.
    func openWhole(rebuilding: JournalRebuilding) throws -> (DatabasePool, JournalRepair?) {
        if isEmpty {
            let report = try make(from: rebuilding)
            return (try open(), report.runs + report.unreadable > 0 ? report : nil)
        }
        do {
            let pool = try open()
            guard let fault = try Self.fault(of: pool) else { return (pool, try enterUnknown(rebuilding, into: pool)) }
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
        let (runs, unreadable) = try rebuilding.records()
        let report = JournalRepair(runs: runs.count, unreadable: unreadable)
        guard try runs.count + unreadable > 0 || rebuilding.hasOrders else { return report }
        let new = JournalFile(path: path + ".new", schema: schema)
        for end in ["", "-wal", "-shm"] { unlink(new.path + end) }
        let pool = try new.open()
        try rebuilding.fill(pool, with: runs)
        try pool.writeWithoutTransaction { db in _ = try db.checkpoint(.truncate) }
        try pool.close()
        guard rename(new.path, path) == 0 else { throw Self.failure("put \(new.path) in place") }
        return report
    }

    /// An older copy, or a file without the log that belongs to it, must not make the service forget what runs (R18).
    ///
    /// What such a file lacks is newer than all that it knows. A settled run that is older was dropped, and its folder was
    /// to follow: it stays for retention, which removes folders that the journal does not know (R71).
    private func enterUnknown(_ rebuilding: JournalRebuilding, into pool: DatabasePool) throws -> JournalRepair? {
        let known = try pool.read { try Set(String.fetchAll($0, sql: "SELECT id FROM runs")) }
        let newest = known.max() ?? ""
        let runs = try rebuilding.records(besides: known).0.filter { $0.id.text > newest || $0.state.isLive }
        guard !runs.isEmpty else { return nil }
        try rebuilding.fill(pool, with: runs)
        return JournalRepair(isBehind: true, runs: runs.count)
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

/// Reads the folders of runs and writes what they say into a journal that does not know them.
struct JournalRebuilding {
    let stateFolder: String
    let now: Date

    /// Whether orders were noted, whose runs may not have been.
    var hasOrders: Bool {
        get throws(FileError) { try !OrderFiles(stateFolder: stateFolder).noted().isEmpty }
    }

    /// Writes the runs and their orders; numbers of events go on where no number of before can be.
    func fill(_ pool: DatabasePool, with found: [Run]) throws {
        try pool.write { db in
            let live = try Run.filter(sql: "state <> 'settled'").fetchAll(db)
            let runs = Self.withOneLiveRunPerSpec(found, besides: live, at: now)
            let noted = try OrderFiles(stateFolder: stateFolder).noted()
            for order in noted + Self.orders(of: runs) { try order.insert(db, onConflict: .ignore) }
            for run in runs { try run.insert(db) }
            let last = try Int64.fetchOne(db, sql: "SELECT seq FROM sqlite_sequence WHERE name = 'events'") ?? 0
            try db.execute(sql: "DELETE FROM sqlite_sequence WHERE name = 'events'")
            try db.execute(
                sql: "INSERT INTO sqlite_sequence (name, seq) VALUES ('events', ?)",
                arguments: [max(last, Int64(now.timeIntervalSince1970 * 1_000_000))]
            )
        }
    }

    /// The runs as their folders tell them, the oldest first, and how many folders tell nothing.
    ///
    /// - Throws: a folder that is there and cannot be listed: to take it for an empty one would forget every run.
    func records(besides known: Set<String> = []) throws(FileError) -> ([Run], unreadable: Int) {
        let names = try LocalFileSystem().names(in: stateFolder + "/runs")
        var runs: [Run] = []
        var unreadable = 0
        for id in names.filter({ !known.contains($0) }).compactMap(RunID.init).sorted() {
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
    private static func withOneLiveRunPerSpec(_ runs: [Run], besides known: [Run], at now: Date) -> [Run] {
        var live = Set(known.map { [$0.projectPath, $0.specID] })
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
            order.ended = last.outcome.map { Order.ending(with: $0).rawValue }
            return order
        }
    }
}
