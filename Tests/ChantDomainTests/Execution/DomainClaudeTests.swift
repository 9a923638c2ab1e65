import ChantTesting
import Foundation
import Testing

@testable import ChantDomain

/// A program that works or does not, and ends as Claude Code did when it was recorded.
@Suite("Domain: ends of Claude Code")
struct DomainClaudeTests {
    private static func world(_ recording: ClaudeRecording, works: Bool) async throws -> DomainWorld {
        let file = ClaudeRecording.folder.appendingPathComponent(recording.rawValue + ".jsonl").path
        let last: [ScriptedAgent.Step] = [.shell("cat '\(file)'"), .exit(Int(try recording.exitCode))]
        return try await DomainWorld(
            agent: ScriptedAgent((works ? ScriptedAgent.diligent.steps : []) + last),
            configuration: [
                "parallel:",
                "  agents: [{ name: main, provider: claude, command: [../agent.sh, --allowedTools, Bash] }]",
            ]
        )
    }

    @Test(
        "R50, R55, R65: what it did and its last word decide, not its exit code; only a limit that passes is tried again",
        arguments: [
            (.success, true, nil), (.success, false, .noCommits), (.noCommit, false, .noCommits),
            (.denied, false, .noCommits), (.rateLimit, true, .rateLimited), (.overload, true, .rateLimited),
            (.unauthorized, true, .agentError), (.budget, true, .costLimit), (.terminated, true, .agentUnfinished),
            (.interrupted, true, .agentUnfinished),
        ] as [(ClaudeRecording, Bool, RunReason?)]
    )
    func ends(recording: ClaudeRecording, works: Bool, reason: RunReason?) async throws {
        let world = try await Self.world(recording, works: works)
        let run = try await world.work()
        #expect(run.outcome == (reason == nil ? .completed : .failed))
        #expect(run.reason == reason, "\(String(describing: run.problem))")
        let passes = reason == .rateLimited
        #expect((run.nextRun != nil) == passes)
        let report = try recording.report
        #expect(run.usage == (report.usage.isEmpty ? nil : report.usage))
        #expect(run.sessionID == report.session)
        #expect(try world.spec().status == (reason == nil ? .completed : passes ? .pending : .failed))
    }

    @Test("the tools that it was not allowed to use are named where its work is missing")
    func denied() async throws {
        let run = try await Self.world(.denied, works: false).work()
        #expect(run.problem?.members["permission_denials"] == .texts(["Write", "Bash"]))
        #expect(run.problem?.detail.contains("not allowed to use: Bash, Write") == true)
    }
}
