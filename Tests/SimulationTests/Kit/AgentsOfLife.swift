@testable import ChantDomain

/// What one life of the service sees of the agents.
struct AgentsOfLife: SimulatedProcesses {
    let agents: SimulatedAgents
    let runner: SimulatedRunner
    let life: ServiceLife

    func start(_ launch: AgentLaunch) async throws(SpawnError) -> SupervisedAgent { try await agents.start(launch) }
    func waitUntilGone(_ agent: SupervisedAgent) async { await agents.waitUntilGone(agent, life) }
    func askToStop(_ agent: SupervisedAgent) -> Bool { agents.askToStop(agent) }
    func isAlive(_ pid: Int32) -> Bool { agents.isAlive(pid) }

    func stopMarked(_ run: RunID) async -> Int {
        await agents.stopMarked(run) { try? await life.sleep(for: .milliseconds(10)) }
    }

    func waitForCommands() async {
        while runner.commands > 0, !life.isDead { try? await life.sleep(for: .milliseconds(10)) }
    }
}
