import Foundation

@testable import ChantDomain

extension RunDrafts {
    /// Drafts of a project that configures nothing.
    static func forTests(
        chantFolder: String,
        configuration: ProjectConfiguration = ProjectConfiguration()
    ) throws -> RunDrafts {
        guard let target = BranchName("main") else { throw IndexFixture.Fault.noID("main") }
        return RunDrafts(
            project: ProjectIdentity(name: "demo", path: chantFolder),
            configuration: configuration,
            target: target,
            environment: [:],
            catalog: AgentCatalog(configuration, projectFolder: chantFolder, ownProgram: "/bin/true", searchPath: ""),
            rotation: RotationFile(chantFolder: chantFolder),
            now: { Date() }
        )
    }
}

/// Values for tests of the room.
enum Fixture {
    static func run(
        spec: String = "2026-01-05-001-aaa",
        projectPath: String = "/project/.chant",
        agent: String = "main"
    ) -> Run {
        let now = Date()
        return Run(
            id: RunID(at: now),
            specID: spec,
            orderID: OrderID(at: now),
            project: "demo",
            projectPath: projectPath,
            options: RunOptions(),
            agent: agent,
            provider: "command",
            model: nil,
            branch: "chant/\(spec)",
            target: "main",
            limits: RunLimits(wallSeconds: 60, idleSeconds: 60, logBytes: 1 << 20, stopGraceSeconds: 1),
            queuedAt: now
        )
    }

    static func order(of run: Run) -> Order {
        Order(
            id: run.orderID,
            project: run.project,
            projectPath: run.projectPath,
            mode: .single,
            options: run.options,
            specs: [run.specID],
            createdAt: run.queuedAt
        )
    }
}
