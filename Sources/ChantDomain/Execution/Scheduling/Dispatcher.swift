import Foundation
import Logging

/// The only starter of runs (I5): gives queued runs to workers, the oldest that can start first.
///
/// It holds the controls of what runs; the journal holds what waits. Decides before it awaits.
actor Dispatcher {
    private let journal: Journal
    private let project: ProjectIdentity
    private let executor: SpecExecutor
    private let workers: Int
    private let agentLimits: [String: Int]
    private let floors: Floors
    private let logger: Logger
    private let wakes: AsyncStream<Void>
    private nonisolated let wake: AsyncStream<Void>.Continuation
    private var busy: [RunID: (agent: String, control: RunControl)] = [:]
    private var withdrawn: Set<RunID> = []
    /// Runs of an earlier service that wait for `run` to go on with them; their workers are busy already.
    private var adopted: [AdoptedRun] = []
    /// How often in a row the journal did not let a run begin.
    private var failures = 0
    /// Whether nothing is started for a while because of that, and for how long where nobody waits for it yet.
    private var isPausing = false
    private var pause: Duration?
    private var isStopping = false

    /// A dispatcher that starts nothing before `run`: `workers` runs at once over all agents, and of each agent no more
    /// than its `max_concurrent`.
    init(
        journal: Journal,
        project: ProjectIdentity,
        executor: SpecExecutor,
        workers: Int,
        agentLimits: [String: Int],
        floors: Floors,
        logger: Logger
    ) {
        self.journal = journal
        self.project = project
        self.executor = executor
        self.workers = workers
        self.agentLimits = agentLimits
        self.floors = floors
        self.logger = logger
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
                for (run, control) in startable() {
                    group.addTask { await self.execute(run, control) }
                }
                if let pause = takePause() {
                    group.addTask {
                        try? await Task.sleep(for: pause)
                        await self.endPause()
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

    /// Takes a run out of the line for good, so that whoever asked can settle it; `false` when a worker has it.
    func withdraw(_ run: RunID) -> Bool {
        guard busy[run] == nil else { return false }
        withdrawn.insert(run)
        return true
    }

    /// Forgets a withdrawn run that has been settled.
    func forget(_ run: RunID) { withdrawn.remove(run) }

    /// What a queued run waits for (R46).
    func waiting(for run: Run) -> [WaitingFor] {
        guard run.state == .queued, busy[run.id] == nil else { return [] }
        var reasons = floors.holding
        if busy.count >= workers { reasons.append(.worker) }
        if isFull(run.agent) { reasons.append(.agent(run.agent)) }
        return reasons.isEmpty ? [.worker] : reasons
    }

    private func isFull(_ agent: String) -> Bool {
        busy.values.count { $0.agent == agent } >= agentLimits[agent, default: Int.max]
    }

    /// Claims a worker for each queued run that can start, oldest first.
    private func startable() -> [(Run, RunControl)] {
        guard !isStopping, !isPausing else { return [] }
        var claimed: [(Run, RunControl)] = []
        do {
            while busy.count < workers,
                let run = try journal.oldestQueued(
                    project: project.path,
                    besides: withdrawn.union(busy.keys),
                    withoutAgents: agentLimits.keys.filter(isFull)
                ),
                // Asked for each start; whoever watches the floors tells when there is enough again (R72).
                !floors.holdsBack
            {
                let control = RunControl()
                busy[run.id] = (run.agent, control)
                claimed.append((run, control))
            }
        } catch {
            logger.error("the queue cannot be read", metadata: ["error": "\(error)"])
            beginPause()
        }
        return claimed
    }

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

    private func execute(_ run: Run, _ control: RunControl) async {
        let executor = executor
        let hasBegun = await withoutCancellation { await executor.execute(run, control) }
        busy[run.id] = nil
        if hasBegun { failures = 0 } else { beginPause() }
        changed()
    }

    /// Starts nothing for a while after the journal failed: the same would fail again at once, and for ever.
    private func beginPause() {
        guard !isPausing else { return }
        isPausing = true
        pause = min(.seconds(30), .milliseconds(250) * (1 << min(failures, 10)))
        failures += 1
    }

    private func takePause() -> Duration? {
        defer { pause = nil }
        return pause
    }

    private func endPause() {
        isPausing = false
        changed()
    }
}
