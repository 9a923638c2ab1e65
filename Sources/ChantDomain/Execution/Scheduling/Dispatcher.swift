import Foundation
import Logging

/// The only starter of runs (I5): gives queued runs to workers, the oldest that can start first.
///
/// It holds the controls of what runs; the journal holds what waits. Decides before it awaits.
actor Dispatcher {
    let journal: Journal
    let project: ProjectIdentity
    private let executor: SpecExecutor
    let orders: Orders
    let workers: Int
    let agents: [Agent]
    let usable: @Sendable () -> [Agent]
    let stagger: StaggerKeys
    let clock = BootClock()
    let floors: Floors
    let now: @Sendable () -> Date
    let logger: Logger
    private let wakes: AsyncStream<Void>
    private nonisolated let wake: AsyncStream<Void>.Continuation
    var busy: [RunID: (agent: String, control: RunControl)] = [:]
    var withdrawn: Set<RunID> = []
    /// Runs of an earlier service that wait for `run` to go on with them; their workers are busy already.
    private var adopted: [AdoptedRun] = []
    /// How often in a row the journal did not let a run begin.
    var failures = 0
    /// Until when nothing is started because of that, in seconds since the boot.
    var pausedUntil: Double?
    /// How long somebody is to sleep before the dispatcher looks again.
    var pendingWaits: [Duration] = []
    var isStopping = false
    /// When the next run of a parallel order may start, in seconds since the boot.
    var nextParallel: Double?
    /// When somebody will wake the dispatcher because a time has come, in seconds since the boot.
    var alarm: Double?

    /// A dispatcher that starts nothing before `run`: `workers` runs at once over all agents, and of each agent no more
    /// than its `max_concurrent`.
    init(_ rooms: ExecutionRooms, executor: SpecExecutor, orders: Orders, workers: Int) {
        journal = rooms.journal
        project = rooms.project
        self.executor = executor
        self.orders = orders
        self.workers = workers
        agents = rooms.catalog.agents
        usable = { rooms.catalog.usable }
        stagger = rooms.configuration.stagger
        floors = rooms.floors
        now = rooms.now
        logger = rooms.logger
        (wakes, wake) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    /// Starts what can start until `stop` was called and everything under way has ended.
    ///
    /// A cancelled task means `stop`: the runs under way are stopped and settled all the same.
    func run() async {
        await withDiscardingTaskGroup { group in
            for run in takeAdopted() {
                group.addTask { await self.goOn(run) }
            }
            for await _ in wakes {
                await dropCancelled()
                await advanceOrders()
                for (run, agent, control) in startable() {
                    group.addTask { await self.execute(run, agent, control) }
                }
                for wait in takeWaits() {
                    group.addTask {
                        try? await Surroundings.sleep(for: wait)
                        await self.wakeUp()
                    }
                }
                if isStopping && busy.isEmpty { break }
            }
            if !isStopping { await stop(.stop) }
            // Only pauses are left: what executes ignores this.
            group.cancelAll()
        }
    }

    /// Tells that a run was queued or that something else changed.
    nonisolated func changed() { wake.yield() }

    /// Whether new work is refused because the service is stopping.
    var refusesWork: Bool { isStopping }

    /// How many workers are busy.
    var busyWorkers: Int { busy.count }

    /// The limit of workers.
    nonisolated var workerLimit: Int { workers }

    /// Takes over runs whose agents an earlier service had started; they hold their workers from now on.
    func adopt(_ runs: [AdoptedRun]) {
        for run in runs { busy[run.started.run.id] = (run.started.run.agent, run.context.control) }
        adopted += runs
    }

    /// Starts nothing more; `run` returns once what is under way has stopped, has ended, or has been left (R30).
    func stop(_ mode: StopMode) async {
        isStopping = true
        for (_, control) in busy.values {
            switch mode {
            case .stop: _ = await control.stop(.serviceStopped, patience: .zero)
            case .detach: control.detach()
            case .drain: break
            }
        }
        changed()
    }

    /// Asks one run to stop; `nil` when it is not under way here.
    func stop(_ run: RunID, _ reason: StopReason = .cancelled) async -> StopAnswer? {
        guard let control = busy[run]?.control else { return nil }
        return await control.stop(reason)
    }

    /// Takes a run away from who carries it, so that whoever asked can settle it; `false` where it ends by itself (R44).
    func giveUp(_ run: RunID) -> Bool { busy[run]?.control.giveUp() ?? true }

    /// Whether a worker has the run.
    func carries(_ run: RunID) -> Bool { busy[run] != nil }

    /// Takes a run out of the line for good, so that whoever asked can settle it; `false` when a worker has it.
    func withdraw(_ run: RunID) -> Bool {
        guard busy[run] == nil else { return false }
        withdrawn.insert(run)
        return true
    }

    /// Forgets a withdrawn run that has been settled.
    func forget(_ run: RunID) { withdrawn.remove(run) }

    private func takeAdopted() -> [AdoptedRun] {
        defer { adopted = [] }
        return adopted
    }

    private func goOn(_ run: AdoptedRun) async {
        let executor = executor
        await withoutCancellation { await executor.goOn(run) }
        busy[run.started.run.id] = nil
        changed()
    }

    private func execute(_ run: Run, _ agent: Agent?, _ control: RunControl) async {
        let executor = executor
        let hasBegun = await withoutCancellation { await executor.execute(run, agent, control) }
        busy[run.id] = nil
        if hasBegun { failures = 0 } else { beginPause() }
        changed()
    }
}
