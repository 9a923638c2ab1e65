import Glibc

/// What a run's processes use together.
public struct TreeFigures: Sendable, Equatable {
    /// Processor time of the agent and of everything below it, also of what has ended.
    public var cpuSeconds: Double
    /// Resident memory; what several processes share is counted for each.
    public var rssBytes: Int
    /// Processes besides the agent.
    public var children: Int

    /// Figures of a tree.
    public init(cpuSeconds: Double, rssBytes: Int, children: Int) {
        self.cpuSeconds = cpuSeconds
        self.rssBytes = rssBytes
        self.children = children
    }
}

/// Who belongs to a run, seen from outside of its supervisor.
public enum ProcessTree {
    /// What the tree uses now; `nil` where the supervisor is gone or cannot be verified.
    public static func figures(of agent: SupervisedAgent) -> TreeFigures? {
        guard
            agent.supervisor.liveness == .alive, let supervisor = ProcessEntry.read(agent.supervisor.pid),
            supervisor.startTicks == agent.supervisor.startTicks
        else { return nil }
        let entries = ProcessTable.descendants(of: supervisor.pid)
        let living = entries.filter { !$0.hasEnded }
        let ticks = entries.reduce(supervisor.waitedTicks) { $0 + $1.ownTicks + $1.waitedTicks }
        let pages = living.reduce(0) { $0 + $1.residentPages }
        return TreeFigures(
            cpuSeconds: Double(ticks) / Double(ProcessTable.ticksPerSecond),
            rssBytes: Int(pages) * sysconf(Int32(_SC_PAGESIZE)),
            children: living.count { $0.pid != agent.agent.pid }
        )
    }

    /// Stops whatever carries a run's mark, where its supervisor is gone: TERM, the grace, KILL until none is left (R28).
    ///
    /// - Parameters:
    ///   - run: whose mark is looked for in the environments of our user's processes.
    ///   - grace: how long they have to end by themselves.
    /// - Returns: how many processes were stopped.
    public static func stopMarked(runID run: RunID, grace: Duration) async -> Int {
        if Effect.isRefused("stop \(run)") { return 0 }
        if let simulated = ProcessWorld.simulated { return await simulated.stopMarked(run) }
        return await PermanentThread.looking.run { stopMarked(run.text, grace: grace) }
    }

    /// Waits until no process of our user carries this `NAME=value` any more.
    ///
    /// - Parameters:
    ///   - mark: what is looked for in environments.
    ///   - limit: how long to wait.
    /// - Returns: the pids that are still there.
    static func waitUntilGone(_ mark: String, atMost limit: Duration) async -> [Int32] {
        if let simulated = ProcessWorld.simulated {
            await simulated.waitForCommands()
            return []
        }
        return await PermanentThread.looking.run {
            let end = ContinuousClock.now + limit
            while true {
                let found = ProcessTable.carrying(mark).map(\.pid)
                guard !found.isEmpty, ContinuousClock.now < end else { return found }
                usleep(50_000)
            }
        }
    }

    private static func stopMarked(_ run: String, grace: Duration) -> Int {
        var met: Set<ProcessEntry.Key> = []
        let graceEnd = ContinuousClock.now + grace
        let patienceEnd = graceEnd + .seconds(10)
        while true {
            let found = ProcessTable.marked(run)
            let now = ContinuousClock.now
            // What the kernel holds in a call that cannot be interrupted is not waited for for ever.
            guard !found.isEmpty, now < patienceEnd else { return met.count }
            for entry in found {
                let isNew = met.insert(entry.key).inserted
                if now >= graceEnd {
                    ProcessTable.signal(entry, SIGKILL)
                } else if isNew {
                    ProcessTable.signal(entry, SIGTERM)
                    ProcessTable.signal(entry, SIGCONT)
                }
            }
            usleep(10_000)
        }
    }
}
