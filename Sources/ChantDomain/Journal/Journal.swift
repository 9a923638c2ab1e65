public import Foundation
import GRDB
import Synchronization

/// What the service did and is doing: orders, runs, processes, events (R17, R18, R32).
///
/// Every change is one transaction, with its events in it; they are published after the commit, in the order of their
/// numbers. The calls are short and synchronous, so that an actor decides and writes before its first `await`. What is
/// behind them is nobody's business: no type of the database leaves this room.
public final class Journal: Sendable {
    /// Tells what was committed.
    public let bus: EventBus

    /// What was done when the file was found gone or damaged; `nil` for one that was whole.
    public let repair: JournalRepair?

    let pool: DatabasePool
    private let use: JournalUse
    let clock: @Sendable () -> Date
    private let changes = Atomic(0)
    private let drops = Atomic(0)

    /// How many transactions have been committed since the journal was opened: the same number, the same journal.
    var changeCount: Int { changes.load(ordering: .acquiring) }

    /// How often runs have been dropped: with each time, what was the latest of a spec may be another.
    var dropCount: Int { drops.load(ordering: .acquiring) }

    /// Notes that runs were dropped.
    func countDrop() { drops.add(1, ordering: .releasing) }

    /// Opens `journal.sqlite` in the state folder, makes it if it is missing, and migrates an older one (R73).
    ///
    /// One that is gone or damaged is made again from the folders of the runs; `repair` tells.
    ///
    /// - Parameters:
    ///   - stateFolder: the service's state folder, which exists.
    ///   - clock: gives the time of events.
    /// - Returns: the journal, ready for use from any thread.
    /// - Throws: `newer` for a file of a newer version, `storage` where SQLite or the disk refuse.
    public static func open(
        stateFolder: String,
        clock: @escaping @Sendable () -> Date = { Date() }
    ) throws(JournalError) -> Journal {
        try open(stateFolder: stateFolder, schema: .current, clock: clock)
    }

    static func open(
        stateFolder: String,
        schema: JournalSchema,
        clock: @escaping @Sendable () -> Date = { Date() }
    ) throws(JournalError) -> Journal {
        let file = JournalFile(path: stateFolder + "/journal.sqlite", schema: schema)
        return try translating("open \(file.path)") {
            let rebuilding = JournalRebuilding(stateFolder: stateFolder, now: clock())
            let (pool, repair) = try file.openWhole(rebuilding: rebuilding)
            let newest = try pool.read { db in
                try Int64.fetchOne(db, sql: "SELECT seq FROM sqlite_sequence WHERE name = 'events'") ?? 0
            }
            return Journal(pool: pool, published: newest, repair: repair, clock: clock)
        }
    }

    private init(
        pool: DatabasePool,
        published: Int64,
        repair: JournalRepair?,
        clock: @escaping @Sendable () -> Date
    ) {
        self.pool = pool
        self.repair = repair
        self.clock = clock
        let use = JournalUse()
        self.use = use
        bus = EventBus(published: published) { after, limit in
            try use.enter("read events")
            defer { use.leave() }
            return try pool.read { try EventRecord.page($0, after: after, limit: limit) }
        }
    }

    /// Ends all subscriptions and closes the file; nothing may be asked afterwards.
    public func close() throws(JournalError) {
        bus.finish()
        use.close()
        try Self.translating("close") {
            // So that the one file is all, for who copies it; a reader that is still at it leaves the log beside it.
            try? pool.writeWithoutTransaction { db in _ = try db.checkpoint(.truncate) }
            try pool.close()
        }
    }

    // MARK: - Reading and writing

    func read<Value>(_ operation: String, _ body: (Database) throws -> Value) throws(JournalError) -> Value {
        try use.enter(operation)
        defer { use.leave() }
        return try Self.translating(operation) { try pool.read(body) }
    }

    /// Runs `body` in a transaction and publishes what it recorded.
    ///
    /// There is one writer at a time, and it still is the writer while it publishes: that is what keeps two threads
    /// from publishing in another order than they committed.
    func transaction<Value>(
        _ operation: String,
        _ body: (inout JournalTransaction) throws -> Value
    ) throws(JournalError) -> Value {
        if Effect.isRefused("journal \(operation)") {
            throw .storage(operation: operation, code: 10, detail: "disk I/O error")
        }
        try use.enter(operation)
        defer { use.leave() }
        return try Self.translating(operation) {
            try pool.writeWithoutTransaction { db in
                var transaction = JournalTransaction(db: db, now: clock())
                try db.beginTransaction(.immediate)
                do {
                    let value = try body(&transaction)
                    try db.commit()
                    changes.add(1, ordering: .releasing)
                    bus.publish(transaction.recorded)
                    return value
                } catch {
                    // SQLite may have rolled back by itself; then there is nothing left to do.
                    try? db.rollback()
                    throw error
                }
            }
        }
    }

    static func translating<Value>(
        _ operation: String,
        _ body: () throws -> Value
    ) throws(JournalError) -> Value {
        do {
            return try body()
        } catch let error as JournalError {
            throw error
        } catch let error as DatabaseError {
            throw .storage(
                operation: operation,
                code: error.extendedResultCode.rawValue,
                detail: error.message ?? "no further word"
            )
        } catch {
            throw .storage(operation: operation, code: 0, detail: "\(error)")
        }
    }
}

/// One transaction that is under way, and the events written in it.
struct JournalTransaction {
    let db: Database
    let now: Date
    private(set) var recorded: [RecordedEvent] = []

    init(db: Database, now: Date) {
        self.db = db
        self.now = now
    }

    /// Writes an event; it is published when the transaction has committed.
    mutating func record(_ event: DomainEvent, project: String) throws {
        let record = try EventRecord(event, at: now, project: project)
        recorded.append(try record.insert(into: db))
    }
}
