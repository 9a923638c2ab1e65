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
    /// The strategy of each mode.
    let strategies: @Sendable (RunMode) -> any SchedulingStrategy
    let logger: Logger

    /// What one look at all orders has done.
    struct Progress: Sendable {
        /// Whether something was queued or ended, so that it is worth looking again.
        var hasMoved = false
        /// Whether an order could not be looked at, so that somebody has to look again later.
        var hasFailed = false
        /// Runs that are to be stopped because their order starts nothing more.
        var toStop: [StartedSpec] = []
    }

    /// Of the queue, orders leave this part to requests for one spec.
    private static let reserve = 10

    /// Once over all open orders, the oldest first.
    func advance() async -> Progress {
        var progress = Progress()
        do {
            for id in try journal.openOrders(project: project.path) {
                do { try await move(id, &progress) } catch { fail(error, &progress, order: "\(id)") }
            }
        } catch {
            fail(error, &progress, order: "all")
        }
        return progress
    }

    private func fail(_ error: any Error, _ progress: inout Progress, order: String) {
        logger.error("order not moved on", metadata: ["order": "\(order)", "error": "\(error)"])
        progress.hasFailed = true
    }

    /// The journal is read before the specs: a run's file is written before the run is settled, so that what the order
    /// believes to have ended stands in the index that is read then.
    private func move(_ id: OrderID, _ progress: inout Progress) async throws {
        guard let order = try journal.order(id), order.settledAt == nil else { return }
        let runs = try journal.startedSpecs(of: id)
        let live = try journal.liveSpecs(project: project.path)
        let situation = OrderSituation(order: order, runs: runs, index: try await store.index(), live: live)
        let strategy = strategies(order.mode)
        switch strategy.next(situation.view(for: strategy)) {
        case .wait: return
        case .stop:
            let mayEnd = order.isStopping != true || order.finishesRunning == true
            progress.toStop += runs.filter { $0.outcome == nil && !$0.isAskedToStop && ($0.isQueued || !mayEnd) }
        case .start(let specs): if try start(specs, in: order) { progress.hasMoved = true }
        case .end(let ending): if try end(order, ending, situation) { progress.hasMoved = true }
        }
    }

    /// - Returns: whether the order is another one now, so that it is worth looking at it again.
    private func start(_ specs: [SpecID], in order: Order) throws(JournalError) -> Bool {
        var hasMoved = false
        for spec in specs {
            let run = drafts.run(of: spec, in: order)
            do throws(JournalError) {
                let room = queueLimit - queueLimit / Self.reserve
                guard try journal.accept(run, queueLimit: max(1, room)) else { continue }
                settlement.noteWaiting(run)
                hasMoved = true
            } catch {
                switch error {
                case .queueFull: return hasMoved
                case .alreadyRunning:
                    try skip(spec, in: order)
                    // Another one may have its turn now.
                    hasMoved = true
                default: throw error
                }
            }
        }
        return hasMoved
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
        let isSettled = try journal.settle(
            order.id,
            as: ending,
            skipping: situation.open.map(situation.skipped),
            remainingReady: situation.ready().count
        )
        guard isSettled else { return false }
        OrderFiles(stateFolder: settlement.stateFolder).forget(order.id)
        logger.info(
            "order settled",
            metadata: ["order": "\(order.id)", "mode": "\(order.mode.rawValue)", "ended": "\(ending.rawValue)"]
        )
        return true
    }

    /// Forgets the files of orders that had ended when the service last did.
    func tidyFiles() {
        let files = OrderFiles(stateFolder: settlement.stateFolder)
        for noted in files.orders where noted.projectPath == project.path {
            guard let order = (try? journal.order(noted.id)).flatMap({ $0 }), order.settledAt != nil else { continue }
            files.forget(noted.id)
        }
    }
}
