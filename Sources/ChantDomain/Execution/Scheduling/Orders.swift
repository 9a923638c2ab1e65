import Logging

/// Moves the open orders of a project on: asks each one's strategy, queues what it says, and ends what has nothing left.
///
/// All that it knows stands in the journal and in the specs, so that an order goes on after a restart where it was.
struct Orders: Sendable {
    let journal: Journal
    let project: ProjectIdentity
    let store: SpecStore
    let drafts: RunDrafts
    let settlement: Settlement
    let queueLimit: Int
    let logger: Logger

    /// Of the queue, orders leave this part to requests for one spec.
    private static let reserve = 10

    /// Once over all open orders, the oldest first.
    ///
    /// - Returns: whether something was queued or ended, so that it is worth asking again.
    /// - Throws: what journal or specs say; the same is worth trying again a little later.
    func advance() async throws -> Bool {
        let orders = try journal.openOrders(project: project.path)
        guard !orders.isEmpty else { return false }
        let index = try await store.index()
        var hasMoved = false
        for order in orders {
            // Read for each order anew: the one before may have started a spec of this one.
            let live = try journal.liveSpecs(project: project.path)
            let runs = try journal.startedSpecs(of: order.id)
            let situation = OrderSituation(order: order, runs: runs, index: index, live: live)
            if try move(situation) { hasMoved = true }
        }
        return hasMoved
    }

    private func move(_ situation: OrderSituation) throws(JournalError) -> Bool {
        let order = situation.order
        switch order.mode.strategy.next(situation.view) {
        case .wait: return false
        case .start(let specs): return try start(specs, in: order)
        case .end(let ending): return try end(order, ending, situation)
        }
    }

    private func start(_ specs: [SpecID], in order: Order) throws(JournalError) -> Bool {
        var hasStarted = false
        for spec in specs {
            let run = drafts.run(of: spec, in: order)
            do throws(JournalError) {
                let room = queueLimit - queueLimit / Self.reserve
                guard try journal.accept(run, queueLimit: max(1, room)) else { continue }
                settlement.noteWaiting(run)
                hasStarted = true
            } catch {
                switch error {
                case .queueFull: return hasStarted
                case .alreadyRunning: try skip(spec, in: order)
                default: throw error
                }
            }
        }
        return hasStarted
    }

    /// Somebody else has begun to work on it since it was looked at.
    private func skip(_ spec: SpecID, in order: Order) throws(JournalError) {
        guard order.specs.contains(spec.text) else { return }
        let skipped = SkippedSpec.alreadyRunning(spec)
        if let order = try journal.update(order.id, { $0.skipped = ($0.skipped ?? []) + [skipped] }) {
            settlement.note(order)
        }
    }

    private func end(
        _ order: Order,
        _ ending: OrderEnding,
        _ situation: OrderSituation
    ) throws(JournalError) -> Bool {
        OrderFiles(stateFolder: settlement.stateFolder).forget(order.id)
        let isSettled = try journal.settle(
            order.id,
            as: ending,
            skipping: situation.open.map(situation.skipped),
            remainingReady: situation.ready.count
        )
        guard isSettled else { return false }
        logger.info(
            "order settled",
            metadata: ["order": "\(order.id)", "mode": "\(order.mode.rawValue)", "ended": "\(ending.rawValue)"]
        )
        return true
    }
}
