import Foundation

@testable import ChantDomain

/// One agent at work in its worktree.
struct SimulatedWork: Sendable {
    private let agents: SimulatedAgents
    private let agent: SimulatedAgents.Agent
    private var part: AgentPart { agent.part }
    private var worktree: String { agent.launch.environment["CHANT_WORKTREE_PATH"] ?? "" }
    private var record: String { agent.launch.environment["CHANT_GIT_DIR"] ?? "" }
    private var specFile: String { agent.launch.environment["CHANT_SPEC_FILE"] ?? "" }
    private var specPath: String { String(specFile.dropFirst(worktree.count + 1)) }

    init(_ agents: SimulatedAgents, _ agent: SimulatedAgents.Agent) {
        self.agents = agents
        self.agent = agent
    }

    func run() async {
        do {
            try await work()
            try await finish()
        } catch {
            agents.end(agent, code: nil, signal: 15, by: .asked)
        }
    }

    private func work() async throws {
        try await step()
        for number in 0..<part.commits {
            try commit(["work/\(agent.spec)-\(number).txt": "\(agent.launch.runID) \(number)\n"])
            try await step()
        }
        if part.meetsOthers { try commit(["shared.txt": "\(agent.spec) \(agent.launch.runID)\n"]) }
        if part.ticks { tick() }
        if part.commitsSpec, let bytes = DiskFile.read(specFile) {
            try commit([specPath: String(decoding: bytes, as: UTF8.self)])
        }
        if part.touchesChant { try commit([".chant/config.md": "---\nproject:\n  name: taken\n---\n"]) }
        if part.leavesChanges { put("README.md", "changed by \(agent.spec)\n") }
        if part.leavesUntracked { put("left/\(agent.spec).txt", "left\n") }
        if part.saysRateLimited {
            DiskFile.put(Array("API error: 429 rate limit exceeded\n".utf8), at: "\(agent.launch.runFolder)/out.log")
        }
        try await step()
    }

    private func finish() async throws {
        switch part.ending {
        case .exit(let code): agents.end(agent, code: code, signal: nil, by: .exit)
        case .killed: agents.end(agent, code: nil, signal: 9, by: .exit)
        case .hangs:
            try await sleep(agent.launch.limits.wall)
            agents.end(agent, code: nil, signal: 15, by: .wall)
        case .losesSupervisor:
            agents.trace.note("the supervisor of \(agent.spec) is gone")
            agents.loseSupervisor(of: agent)
            try await step()
            try commit(["work/\(agent.spec)-late.txt": "late\n"])
            agents.end(agent, code: 0, signal: nil, by: .exit)
        }
    }

    private func step() async throws { try await sleep(.milliseconds(part.pace)) }

    private func sleep(_ duration: Duration) async throws {
        try await agents.clock.sleep(for: duration, owner: ObjectIdentifier(agent))
        if agents.wasAsked(agent) { throw CancellationError() }
    }

    private func commit(_ files: [String: String]) throws {
        let id = agents.git.commitAsAgent(
            in: worktree,
            record: record,
            files: files,
            message: "\(agent.spec): \(files.keys.sorted().joined(separator: ", "))"
        )
        guard id == nil else { return }
        agents.trace.violation("the worktree of \(agent.spec) went while its agent worked in it")
        throw CancellationError()
    }

    private func put(_ path: String, _ text: String) { DiskFile.put(Array(text.utf8), at: "\(worktree)/\(path)") }

    private func tick() {
        guard let bytes = DiskFile.read(specFile) else { return }
        let text = String(decoding: bytes, as: UTF8.self).replacingOccurrences(of: "- [ ]", with: "- [x]")
        DiskFile.put(Array(text.utf8), at: specFile)
    }
}
