import ChantTesting
import Foundation

/// A project as the original's command-line program leaves it after months of use.
///
/// Nothing in it is for this service: no `server:` section, agents named `claude`, files of every kind that the original
/// writes, and what a crash of it leaves behind.
enum OriginalProject {
    static let ready = "2026-01-05-001-aaa"
    static let failed = "2026-01-05-006-fff"
    static let leftover = "2026-01-05-002-bbb"
    /// Nobody's process: higher than any that Linux gives.
    private static let gone = "4194999"

    /// What the service must show of each spec.
    static let statuses = [
        ready: "pending", leftover: "in_progress", "2026-01-05-003-ccc": "paused", "2026-01-05-004-ddd": "completed",
        "2026-01-05-005-eee": "needs_attention", failed: "failed", "2026-01-05-007-ggg": "cancelled",
        "2026-01-05-008-hhh": "pending", "2026-01-05-009-iii": "pending", "2026-01-05-00a-jjj": "pending",
        "2026-01-05-00b-kkk": "pending", "2026-01-05-00b-kkk.1": "completed", "2026-01-05-00b-kkk.2": "pending",
    ]

    private static let config = """
        ---
        project:
          name: shop
          prefix: shop
          silent: false
        defaults:
          prompt: standard
          branch_prefix: "chant/"
          model: sonnet
          split_model: sonnet
          main_branch: main
          provider: claude
          rotation_strategy: round-robin
          prompt_extensions:
          - house
        providers:
          ollama: { endpoint: "http://localhost:11434/v1", max_retries: 3, retry_delay_ms: 1000 }
        parallel:
          stagger_delay_ms: 10
          stagger_jitter_ms: 0
          agents:
          - name: nobody
            command: no-such-claude
            max_concurrent: 2
            weight: 1
        repos:
        - name: backend
          path: ../backend
        enterprise:
          derived: {}
          required: []
        approval:
          rejection_action: manual
          require_approval_for_agent_work: false
        validation:
          strict_output_validation: false
        lint:
          thresholds: { complexity_criteria: 10, complexity_files: 5, complexity_words: 150 }
          disable:
          - complexity_words
        watch:
          poll_interval_ms: 5000
          idle_timeout_minutes: 5
          failure: { max_retries: 3, retry_delay_ms: 60000, backoff_multiplier: 2.0, retryable_patterns: [] }
        site:
          output_dir: ./public/
          base_url: /
        ---

        # Chant Configuration

        Project-specific settings.

        """

    /// The specs as the original writes them: keys in its order, lists in column 0, no final newline.
    private static let specs: [(id: String, header: [String])] = [
        (ready, ["type: code", "status: pending", "labels:", "- shop", "target_files:", "- README.md", "pr: 17"]),
        (leftover, ["type: code", "status: in_progress", "branch: chant/\(leftover)"]),
        ("2026-01-05-003-ccc", ["type: research", "status: paused"]),
        (
            "2026-01-05-004-ddd",
            [
                "type: docs", "status: completed", "commits:", "- 5636491", "- 812e667",
                "completed_at: 2026-01-05T10:00:00Z", "model: opus",
            ]
        ),
        ("2026-01-05-005-eee", ["type: conflict", "status: needs_attention", "source_branch: chant/x"]),
        (failed, ["type: task", "status: failed"]),
        ("2026-01-05-007-ggg", ["type: code", "status: cancelled", "cancelled_reason: no"]),
        ("2026-01-05-008-hhh", ["type: code", "status: blocked", "depends_on:", "- 2026-01-05-003-ccc"]),
        ("2026-01-05-009-iii", ["type: code", "status: blocked", "depends_on: 2026-01-05-004-ddd"]),
        ("2026-01-05-00a-jjj", ["type: code", "depends_on:", "- 2025-12-01-001-old"]),
        ("2026-01-05-00b-kkk", ["type: driver", "status: pending"]),
        ("2026-01-05-00b-kkk.1", ["type: code", "status: completed", "model: haiku"]),
        ("2026-01-05-00b-kkk.2", ["type: code", "status: pending"]),
    ]

    static func text(of id: String, _ header: [String]) -> String {
        (["---"] + header + ["---", "", "# Work on \(id)", "", "## Acceptance Criteria", "", "- [ ] It is done"])
            .joined(separator: "\n")
    }

    /// Turns a new project into such a one.
    static func lay(out project: DemoProject) async throws {
        func write(_ text: String, _ path: String) throws {
            let place = URL(fileURLWithPath: "\(project.checkout)/\(path)").deletingLastPathComponent()
            try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
            try project.write(text, to: path)
        }
        try write(config, ".chant/config.md")
        try write(".locks/\n.store/\nstore/\nlogs/\nprocesses/\nagents.md\n", ".chant/.gitignore")
        try write(".chant/specs/*.md merge=chant-spec\n", ".gitattributes")
        for (id, header) in specs { try write(text(of: id, header), ".chant/specs/\(id).md") }
        let archived = text(of: "2025-12-01-001-old", ["type: code", "status: completed"])
        try write(archived, ".chant/archive/2025-12-01/2025-12-01-001-old.md")
        let prompt =
            "---\nname: standard\npurpose: Default\n---\n\nImplement {{spec.title}} of {{project.name}}.\n\n{{spec}}\n"
        try write(prompt, ".chant/prompts/standard.md")
        try write("Keep to the house's style.\n", ".chant/prompts/extensions/house.md")
        try await project.git("config", "merge.chant-spec.name", "Chant spec merge driver")
        try await project.git("config", "merge.chant-spec.driver", "chant merge-driver %O %A %B")
        try await project.git("add", "-A")
        try await project.git("commit", "-q", "-m", "As the original leaves it")
        try await layRuntime(write, project)
    }

    /// What the original keeps beside its files, and what a crash of it leaves.
    private static func layRuntime(_ write: (String, String) throws -> Void, _ project: DemoProject) async throws {
        let agents = ["first", "second"].map { "  - name: \($0)\n    command: claude\n    max_concurrent: 2" }
        try write("---\nparallel:\n  agents:\n\(agents.joined(separator: "\n"))\n---\n", ".chant/agents.md")
        try write(gone, ".chant/.locks/\(leftover).lock")
        try write(gone, ".chant/.locks/\(ready).lock")
        try write(gone, ".chant/pids/\(leftover).pid")
        try write(gone, ".chant/watch.pid")
        let job = #"{"process_id":"\#(leftover)-\#(gone)","spec_id":"\#(leftover)","pid":\#(gone),"mode":"single"}"#
        try write(job, ".chant/processes/\(leftover)-\(gone).json")
        try write(#"{"last_index":0}"#, ".chant/store/rotation.json")
        for id in [ready, failed] { try write(oldLog(id), ".chant/logs/\(id).log") }
        try write("watch: started\n", ".chant/logs/watch.log")
        try write("old message\n", ".chant/tmp/\(leftover)-prompt.md")
        let status = #"{"spec_id":"\#(leftover)","status":"working","updated_at":"2026-01-05T09:00:00Z","commits":[]}"#
        try write(status, ".chant/specs/.chant-status-\(leftover).json")
        let worktree = "\(project.folder)/chant-shop-\(leftover)"
        try await project.git("worktree", "add", "-q", "-b", "chant/\(leftover)", worktree)
        try await project.git("-C", worktree, "commit", "-q", "--allow-empty", "-m", "chant(\(leftover)): half")
    }

    static func oldLog(_ id: String) -> String {
        "# Agent Log: \(id)\n# Started: 2026-01-05T09:00:00Z\n# Prompt: standard\n\nan old line\n"
    }

    /// Works as Claude Code does: commits, and says at its end that it is done.
    static func installClaude(_ project: DemoProject) async throws {
        let said = [
            #"{"type":"system","subtype":"init","session_id":"s-1","model":"claude-sonnet-4-5","tools":[]}"#,
            #"{"type":"result","subtype":"success","is_error":false,"result":"Done.","session_id":"s-1"}"#,
        ]
        let lines = said.map { ScriptedAgent.Step.shell("printf '%s\\n' '\($0)'") }
        let agent = ScriptedAgent(
            [
                lines[0], .append("worked", to: "work-$CHANT_SPEC_ID.txt"), .tick,
                .commit("chant($CHANT_SPEC_ID): work"), lines[1],
            ]
        )
        try project.write(agent.script(folder: project.folder), to: "../home/claude")
        _ = try await project.run("chmod", ["755", "\(project.folder)/home/claude"])
    }
}
