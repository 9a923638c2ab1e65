import Foundation
import GRDB

extension Journal {
    /// How many rows of which kind a journal holds, where nothing is wrong with it.
    public struct Inventory: Sendable, Equatable {
        /// Its schema's version.
        public var version: Int
        /// Its runs.
        public var runs: Int
        /// Its orders.
        public var orders: Int
        /// Its events.
        public var events: Int
    }

    /// Reads the journal of a state folder through, without changing it (R73); a service may have it open.
    ///
    /// - Returns: what it holds; `nil` where there is none.
    /// - Throws: the first thing that is wrong with it.
    public static func check(stateFolder: String) throws(JournalError) -> Inventory? {
        let path = stateFolder + "/journal.sqlite"
        guard FileManager.default.fileExists(atPath: path) else { return nil }
        return try translating("read through") {
            var configuration = Configuration()
            configuration.label = "journal check"
            configuration.readonly = true
            configuration.busyMode = .timeout(5)
            let queue = try DatabaseQueue(path: path, configuration: configuration)
            defer { try? queue.close() }
            return try queue.read { db in try inventory(db, path) }
        }
    }

    private static func inventory(_ db: Database, _ path: String) throws -> Inventory {
        let version = try Int.fetchOne(db, sql: "PRAGMA user_version") ?? 0
        let known = JournalSchema.current.version
        guard version <= known else { throw JournalError.newer(file: path, version: version, known: known) }
        let faults = try String.fetchAll(db, sql: "PRAGMA integrity_check(10)").filter { $0 != "ok" }
        guard faults.isEmpty else { throw damage(faults.joined(separator: "; ")) }
        var found = Inventory(version: version, runs: 0, orders: 0, events: 0)
        // An older one is migrated when the service starts; its rows are not yet what this version reads.
        guard version == known else { return found }
        let runs = try Run.fetchCursor(db)
        while try runs.next() != nil { found.runs += 1 }
        let orders = try Order.fetchCursor(db)
        while try orders.next() != nil { found.orders += 1 }
        var last: Int64 = 0
        while true {
            let page = try EventRecord.page(db, after: last, limit: 500)
            guard let newest = page.last?.sequence else { return found }
            found.events += page.count
            last = newest
        }
    }

    private static func damage(_ detail: String) -> JournalError {
        .storage(operation: "be read through", code: ResultCode.SQLITE_CORRUPT.rawValue, detail: detail)
    }
}
