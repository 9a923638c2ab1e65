import Glibc

/// Agents and their supervisors as a simulation has them: it is asked instead of the kernel.
///
/// What a supervisor writes into the run's folder, a simulated one writes there too.
protocol SimulatedProcesses: Sendable {
    /// Starts an agent; it is on record in `process.json` when this returns.
    func start(_ launch: AgentLaunch) async throws(SpawnError) -> SupervisedAgent
    /// Waits until the agent's supervisor is gone, or the task is cancelled.
    func waitUntilGone(_ agent: SupervisedAgent) async
    /// Asks the supervisor to stop the tree; whether it was there to be asked.
    func askToStop(_ agent: SupervisedAgent) -> Bool
    /// Whether the process lives.
    func isAlive(_ pid: Int32) -> Bool
    /// Stops what carries the run's mark without a supervisor; how many that were.
    func stopMarked(_ run: RunID) async -> Int
    /// Waits until nothing that a service had started to change the repository is at work any more.
    func waitForCommands() async
}

/// Where the agents' processes live.
enum ProcessWorld {
    /// What is asked instead of the kernel; `nil` outside of the simulation.
    @TaskLocal static var simulated: (any SimulatedProcesses)?
}

extension ProcessEntry {
    /// Whether the process lives that wrote its number into a file at that moment.
    static func isWriterAlive(_ pid: Int32, at written: timespec) -> Bool {
        if let simulated = ProcessWorld.simulated { return simulated.isAlive(pid) }
        return writer(pid, at: written) != nil
    }
}
