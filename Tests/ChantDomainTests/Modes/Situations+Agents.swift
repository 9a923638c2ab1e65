import ChantTesting
import Foundation

@testable import ChantDomain

extension Situation {
    private static let quick = "limits: { stop_grace: 200ms }"

    /// How agents end, and what comes before them.
    static let ofAgents = [
        Situation(name: "all well", ends: .completed),
        Situation(name: "no commits", agent: ScriptedAgent([.tick]), ends: .failed(.noCommits)),
        Situation(
            name: "no commits, waived",
            agent: ScriptedAgent([.tick]),
            options: RunOptions(allowNoCommits: true),
            ends: .completed
        ),
        Situation(name: "exit code", agent: .diligent(then: .exit(7)), ends: .failed(.agentExit)),
        Situation(name: "exit code 143", agent: .diligent(then: .exit(143)), ends: .failed(.agentExit)),
        Situation(name: "killed", agent: .diligent(then: .shell("kill -9 $$")), ends: .failed(.agentKilled)),
        Situation(
            name: "wall limit",
            agent: ScriptedAgent([.hang]),
            server: ["limits: { wall: 200ms, stop_grace: 200ms }"],
            ends: .failed(.wallLimit)
        ),
        Situation(
            name: "idle limit",
            agent: ScriptedAgent([.say("hanging"), .hang]),
            server: ["limits: { idle: 300ms, stop_grace: 200ms }"],
            ends: .failed(.idleLimit)
        ),
        Situation(
            name: "log limit",
            agent: ScriptedAgent([.pour(100_000), .hang]),
            server: ["limits: { log_bytes: 10KiB, stop_grace: 200ms }"],
            ends: .failed(.logLimit)
        ),
        Situation(
            name: "setup fails",
            server: ["worktree: { setup: [sh, -c, \"echo oops; exit 3\"] }"],
            ends: .failed(.setupFailed)
        ),
        Situation(
            name: "setup takes too long",
            server: ["worktree: { setup: [sh, -c, \"sleep 3600\"] }", "limits: { setup: 300ms, stop_grace: 200ms }"],
            ends: .failed(.setupFailed)
        ),
        Situation(
            name: "worktree cannot be made",
            server: ["worktree: { include: [link.local] }"],
            before: { world in
                try world.project.write("*.local\n", to: ".git/info/exclude")
                _ = try await world.project.run("ln", ["-s", "/etc", "link.local"])
            },
            ends: .failed(.worktreeFailed)
        ),
        Situation(
            name: "agent's program cannot be started",
            before: { world in
                let script = "#!/no/such/interpreter\n"
                try world.project.write(script, to: "../agent.sh")
                _ = try await world.project.run("chmod", ["755", "../agent.sh"])
            },
            ends: .failed(.agentStartFailed)
        ),
        claude(.success, nil), claude(.unauthorized, .agentError), claude(.terminated, .agentUnfinished),
        claude(.budget, .costLimit),
    ]

    /// An agent that works, and ends as Claude Code did when it was recorded.
    private static func claude(_ recording: ClaudeRecording, _ reason: RunReason?) -> Situation {
        let file = ClaudeRecording.folder.appendingPathComponent(recording.rawValue + ".jsonl").path
        let code = (try? recording.exitCode).map { Int($0) } ?? 99
        return Situation(
            name: "claude: \(recording.rawValue)",
            agent: .diligent(then: .shell("cat '\(file)'"), .exit(code)),
            server: [quick],
            configuration: [
                "parallel:", "  stagger_delay_ms: 0", "  agents:",
                "    - { name: main, provider: claude, command: [../agent.sh, --allowedTools, Bash], max_concurrent: 3 }",
            ],
            ends: reason.map { .failed($0) } ?? .completed
        )
    }

    /// What the stages after the agent judge.
    static let judged = [
        Situation(
            name: "open criteria",
            agent: ScriptedAgent([.append("x", to: "x-$CHANT_SPEC_ID.txt"), .commit("x")]),
            ends: .needsPerson(.openCriteria)
        ),
        Situation(
            name: "open criteria, ticked",
            agent: ScriptedAgent([.append("x", to: "x-$CHANT_SPEC_ID.txt"), .commit("x")]),
            server: ["criteria: tick"],
            ends: .completed.warning(.criteriaTicked)
        ),
        Situation(
            name: "open criteria, ignored by request",
            agent: ScriptedAgent([.append("x", to: "x-$CHANT_SPEC_ID.txt"), .commit("x")]),
            options: RunOptions(criteria: .ignore),
            ends: .completed
        ),
        Situation(
            name: "no commits comes before open criteria",
            agent: ScriptedAgent([.say("nothing")]),
            ends: .failed(.noCommits)
        ),
        Situation(
            name: "tracked changes uncommitted",
            agent: .diligent(then: .append("more", to: "README.md")),
            ends: .needsPerson(.uncommittedChanges)
        ),
        Situation(
            name: "tracked changes, reported only",
            agent: .diligent(then: .append("more", to: "README.md"), .append("n", to: "new.txt")),
            server: ["uncommitted: report"],
            ends: .completed.warning(.uncommittedChanges, .untrackedFiles)
        ),
        Situation(
            name: "HEAD left the branch",
            agent: .diligent(then: .shell("git checkout -q --detach"), .append("y", to: "y.txt"), .commit("y")),
            ends: .needsPerson(.leftBranch)
        ),
        Situation(
            name: "touches .chant",
            agent: .diligent(then: .append("# note", to: ".chant/config.md"), .commit("config")),
            ends: .needsPerson(.touchesChant)
        ),
        Situation(
            name: "merge: manual",
            server: ["merge: manual"],
            ends: .needsPerson(.awaitingMerge).keeping(branch: true, worktree: false)
        ),
        Situation(
            name: "agent's work needs approval",
            agent: ScriptedAgent([
                .append("x", to: "x-$CHANT_SPEC_ID.txt"), .tick,
                .commit("Work\n\nCo-Authored-By: Claude <noreply@anthropic.com>"),
            ]),
            configuration: ["approval:", "  require_approval_for_agent_work: true"],
            ends: .needsPerson(.awaitingApproval).keeping(branch: true, worktree: false)
        ),
        schema(isStrict: true), schema(isStrict: false),
    ]

    private static func schema(isStrict: Bool) -> Situation {
        Situation(
            name: "output schema violated, \(isStrict ? "strict" : "lax")",
            agent: .diligent(then: .say("no JSON")),
            header: ["output_schema: answer.json"],
            configuration: ["validation:", "  strict_output_validation: \(isStrict)"],
            before: { world in
                try world.project.write(#"{"required": ["a"]}"#, to: "answer.json")
                try await world.project.git("add", "-A")
                try await world.project.git("commit", "-q", "-m", "Schema")
            },
            ends: isStrict ? .needsPerson(.schemaMismatch) : .completed.warning(.schemaMismatch)
        )
    }
}
