import GRDB

/// Which orders a caller wants to see.
public struct OrderQuery: Sendable, Equatable {
    /// Only those of this project: the real path of its `.chant` folder.
    public var projectPath: String?
    /// Only those that are not settled, or only those that are.
    public var isOpen: Bool?
    /// Only those that come after this one in the list.
    public var after: OrderID?
    /// By id from the oldest on; else from the newest.
    public var isOldestFirst = false
    /// At most so many.
    public var limit: Int

    /// A query; what is `nil` does not narrow it.
    public init(isOpen: Bool? = nil, limit: Int = 50) {
        self.isOpen = isOpen
        self.limit = limit
    }
}

/// A spec that an order has started.
struct StartedSpec: Sendable, Equatable {
    let specID: String
    /// Its latest run.
    let run: RunID
    /// How that ended; `nil` while it lives.
    var outcome: RunOutcome?
    /// Whether it is queued.
    var isQueued = false
    /// Whether it is queued and waits for no time.
    var isWaiting = false
    /// Whether somebody has asked it to stop.
    var isAskedToStop = false
}

/// Orders of several specs: what they say, and the doors through which they change.
extension Journal {
    /// Accepts an order whose runs follow one by one.
    public func accept(_ order: Order) throws(JournalError) {
        try transaction("accept order \(order.id)") { transaction in
            try order.insert(transaction.db)
            try transaction.record(.orderCreated(OrderFacts(order)), project: order.project)
        }
    }

    /// Queues a run of an open order (R17).
    ///
    /// - Returns: whether it was queued; `false` where the order takes nothing up any more, or has had this spec.
    /// - Throws: `alreadyRunning` with the live run of the same spec, `queueFull`.
    func accept(_ run: Run, queueLimit: Int) throws(JournalError) -> Bool {
        try transaction("accept run \(run.id)") { transaction in
            guard var order = try OrderRows.order(transaction.db, run.orderID), order.settledAt == nil,
                order.isStopping != true, try !OrderRows.hasStarted(transaction.db, order.id, run.specID)
            else { return false }
            try transaction.checkAcceptance(of: run, queueLimit: queueLimit)
            if !order.specs.contains(run.specID) {
                order.specs.append(run.specID)
                try order.update(transaction.db)
            }
            try transaction.accept(run)
            return true
        }
    }

    /// Changes an open order: what it skips, or that it stops.
    ///
    /// - Returns: the order as it is now; unchanged where it is settled.
    @discardableResult
    func update(_ id: OrderID, _ change: (inout Order) -> Void) throws(JournalError) -> Order? {
        try transaction("update order \(id)") { transaction in
            guard var order = try OrderRows.order(transaction.db, id), order.settledAt == nil else {
                return try OrderRows.order(transaction.db, id)
            }
            change(&order)
            try order.update(transaction.db)
            return order
        }
    }

    /// Ends an order, unless a run of it lives or it has ended.
    ///
    /// - Returns: whether it is settled now.
    func settle(
        _ id: OrderID,
        as ending: OrderEnding,
        skipping skipped: [SkippedSpec],
        remainingReady: Int
    ) throws(JournalError) -> Bool {
        try transaction("settle order \(id)") { transaction in
            guard var order = try OrderRows.order(transaction.db, id), order.settledAt == nil else { return true }
            let runs = try OrderRows.latestRuns(transaction.db, id)
            guard !runs.contains(where: \.state.isLive) else { return false }
            order.skipped = (order.skipped ?? []) + skipped
            let summary = OrderSummary(
                of: runs.compactMap(\.outcome),
                skipped: order.skipped?.count ?? 0,
                remainingReady: remainingReady
            )
            try transaction.end(&order, as: ending, summary)
            return true
        }
    }

    /// The orders of a project that take up specs over time and are not settled, the oldest first.
    ///
    /// One of a single spec is among them once it was cancelled: its run must be stopped.
    func openOrders(project path: String) throws(JournalError) -> [OrderID] {
        try read("read the open orders") { db in
            let sql = """
                SELECT id FROM orders WHERE settled_at IS NULL AND project_path = ? AND (plan IS NOT NULL OR is_stopping)
                ORDER BY id
                """
            return try String.fetchAll(db.cachedStatement(sql: sql), arguments: [path]).compactMap { OrderID($0) }
        }
    }

    /// The specs that an order has started, and how the latest run of each ended.
    func startedSpecs(of order: OrderID) throws(JournalError) -> [StartedSpec] {
        try read("read the specs of order \(order)") { db in
            let statement = try db.cachedStatement(
                sql: """
                    SELECT id, spec_id, state, outcome, not_before, cancel_requested FROM runs
                    WHERE rowid IN (SELECT max(rowid) FROM runs WHERE order_id = ? GROUP BY spec_id) ORDER BY rowid
                    """
            )
            return try Row.fetchAll(statement, arguments: [order.text]).compactMap { row in
                guard let run = RunID(row["id"]) else { return nil }
                let outcome: String? = row["outcome"]
                let isQueued = row["state"] == RunState.queued.rawValue
                return StartedSpec(
                    specID: row["spec_id"],
                    run: run,
                    outcome: outcome.flatMap { RunOutcome(rawValue: $0) },
                    isQueued: isQueued,
                    isWaiting: isQueued && row["not_before"] == nil,
                    isAskedToStop: row["cancel_requested"]
                )
            }
        }
    }

    /// The specs of a project that have a live run.
    func liveSpecs(project path: String) throws(JournalError) -> Set<String> {
        try read("read the specs with live runs") { db in
            let sql = "SELECT spec_id FROM runs WHERE state <> 'settled' AND project_path = ?"
            return try Set(String.fetchAll(db.cachedStatement(sql: sql), arguments: [path]))
        }
    }

    /// Of each spec that an order has started, the latest run.
    public func latestRuns(of order: OrderID) throws(JournalError) -> [Run] {
        try read("read the runs of order \(order)") { try OrderRows.latestRuns($0, order) }
    }

    /// The orders that fit, and how many fit in all.
    public func orders(_ query: OrderQuery) throws(JournalError) -> (items: [Order], total: Int) {
        try read("list orders") { try OrderRows.orders($0, query) }
    }
}

/// Statements about orders.
enum OrderRows {
    static func order(_ db: Database, _ id: OrderID) throws -> Order? {
        let statement = try db.cachedStatement(sql: "SELECT * FROM orders WHERE id = ?")
        return try Order.fetchOne(statement, arguments: [id.text])
    }

    static func latestRuns(_ db: Database, _ id: OrderID) throws -> [Run] {
        let statement = try db.cachedStatement(
            sql: """
                SELECT * FROM runs WHERE rowid IN (SELECT max(rowid) FROM runs WHERE order_id = ? GROUP BY spec_id)
                ORDER BY rowid
                """
        )
        return try Run.fetchAll(statement, arguments: [id.text])
    }

    static func hasStarted(_ db: Database, _ id: OrderID, _ spec: String) throws -> Bool {
        let statement = try db.cachedStatement(sql: "SELECT 1 FROM runs WHERE order_id = ? AND spec_id = ? LIMIT 1")
        return try Int.fetchOne(statement, arguments: [id.text, spec]) != nil
    }

    static func orders(_ db: Database, _ query: OrderQuery) throws -> (items: [Order], total: Int) {
        var conditions: [String] = []
        var arguments = StatementArguments()
        if let path = query.projectPath {
            conditions.append("project_path = ?")
            arguments += [path]
        }
        if let isOpen = query.isOpen { conditions.append("settled_at IS \(isOpen ? "" : "NOT ")NULL") }
        func condition() -> String { conditions.isEmpty ? "" : "WHERE " + conditions.joined(separator: " AND ") }
        let total = try Int.fetchOne(db, sql: "SELECT count(*) FROM orders \(condition())", arguments: arguments) ?? 0
        if let after = query.after {
            conditions.append(query.isOldestFirst ? "id > ?" : "id < ?")
            arguments += [after.text]
        }
        let items = try Order.fetchAll(
            db,
            sql: "SELECT * FROM orders \(condition()) ORDER BY id \(query.isOldestFirst ? "ASC" : "DESC") LIMIT ?",
            arguments: arguments + [query.limit]
        )
        return (items, total)
    }
}
