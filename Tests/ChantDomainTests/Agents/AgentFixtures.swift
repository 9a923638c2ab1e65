import Foundation

@testable import ChantDomain

/// Values for tests of agents.
enum AgentFixtures {
    static func request(
        spec: String = "2026-01-24-001-abc",
        worktree: String = "/w/tree",
        model: String? = "opus"
    ) throws -> AgentRequest {
        guard let spec = SpecID(spec), let runID = RunID("r" + String(repeating: "0", count: 26)) else {
            throw CocoaError(.coderInvalidValue)
        }
        return AgentRequest(
            runID: runID,
            spec: spec,
            specFile: "\(worktree)/.chant/specs/\(spec).md",
            worktree: worktree,
            branch: "chant/\(spec)",
            promptFile: "/runs/r1/prompt.md",
            model: model,
            attempt: 2,
            gitDir: "/repo/.git/worktrees/tree",
            gitCommonDir: "/repo/.git"
        )
    }

    static func catalog(
        _ agents: [AgentEntry]?,
        provider: String = "claude",
        providerCommand: [String]? = nil,
        folder: String = "/project",
        path: String = "/usr/bin:/bin"
    ) -> AgentCatalog {
        var configuration = ProjectConfiguration()
        configuration.agents = agents
        configuration.defaults.provider = provider
        configuration.server.providerCommand = providerCommand
        return AgentCatalog(configuration, projectFolder: folder, ownProgram: "/opt/chant-server", searchPath: path)
    }
}
