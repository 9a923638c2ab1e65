import ChantTesting
import Foundation
import Glibc
import Testing

@testable import ChantDomain

@Suite("Domain: a worktree in which work is possible")
struct DomainWorktreeTests {
    /// A world whose checkout has a file that git ignores.
    private func world(_ agent: ScriptedAgent, keys: [String], files: [String: String] = [:]) async throws
        -> DomainWorld
    {
        let world = try await DomainWorld(agent: agent, server: keys)
        try world.project.write(".env*\n*.local\n", to: ".gitignore")
        try await world.project.git("add", "-A")
        try await world.project.git("commit", "-q", "-m", "Ignore")
        try world.project.write("KEY=secret\n", to: ".env")
        for (path, text) in files { try world.project.write(text, to: path) }
        return world
    }

    private func log(_ run: Run, _ world: DomainWorld) throws -> String {
        try world.project.text(atPath: "\(world.project.state)/runs/\(run.id)/out.log")
    }

    @Test("included files are there for the agent, and in no commit although it adds everything")
    func included() async throws {
        let agent = ScriptedAgent.diligent(after: .shell("cat .env; stat -c %a .env a.local"))
        let world = try await world(
            agent,
            keys: ["worktree: { include: [.env, \"*.local\", README.md, .env.gone] }"],
            files: ["a.local": "A\n"]
        )
        let run = try await world.work()
        #expect(run.outcome == .completed, "\(run.problem?.detail ?? "")")
        let log = try log(run, world)
        #expect(log.contains("[include] copied .env, a.local\n"))
        #expect(log.contains(".env.gone is not there"))
        #expect(log.contains("KEY=secret\n"))
        let names = try await world.project.git("log", "--all", "--name-only", "--format=")
        #expect(!names.contains(".env") && !names.contains("a.local"))
        #expect(try world.project.text(".env") == "KEY=secret\n")
    }

    @Test(
        "what must not be copied fails the run before its agent",
        arguments: [
            ("plain.txt", "git does not ignore"), ("link.local", "is a link"), ("folder.local/x", "is a link"),
        ]
    )
    func refused(pattern: String, words: String) async throws {
        let world = try await world(
            .diligent,
            keys: ["worktree: { include: [\"\(pattern)\"] }"],
            files: ["plain.txt": "p"]
        )
        for name in ["link.local", "folder.local"] {
            try FileManager.default.createSymbolicLink(
                atPath: "\(world.project.checkout)/\(name)",
                withDestinationPath: "/etc"
            )
        }
        let run = try await world.work()
        #expect(run.reason == .worktreeFailed)
        #expect(run.problem?.detail.contains(words) == true, "\(run.problem?.detail ?? "")")
        #expect(try log(run, world).contains(words))
        #expect(try world.spec().status == .failed)
        #expect(run.commits.isEmpty && run.exitCode == nil)
    }

    @Test("R53: an included file is in nothing that is kept of a worktree, even if the agent stops ignoring it")
    func leftOvers() async throws {
        let agent = ScriptedAgent([
            .shell("rm .gitignore && git add -A -f .env && echo more > left.txt && echo changed >> .env"), .exit(1),
        ])
        let world = try await world(agent, keys: ["worktree: { include: [.env] }", "keep_failed: 0s"])
        let run = try await world.work()
        #expect(run.reason == .agentExit)
        let ref = "refs/chant/left/\(run.id)"
        let names = try await world.project.git("ls-tree", "-r", "--name-only", ref)
        #expect(names.split(separator: "\n").contains("left.txt"))
        #expect(!names.split(separator: "\n").contains(".env"))
        #expect(try await world.project.git("rev-list", "--objects", ref).contains(" .env") == false)
    }

    @Test("the set-up command works in the worktree with the run's variables; its output is in the run's log")
    func setUp() async throws {
        let agent = ScriptedAgent.diligent(after: .shell("cat prepared.local"))
        let world = try await world(
            agent,
            keys: ["worktree: { setup: [./prepare.sh, \"two words\"], include: [.env] }"]
        )
        let script =
            "#!/bin/sh\necho \"preparing $1 $CHANT_SPEC_ID\"\ncat .env > prepared.local\necho from set-up >> prepared.local\n"
        try world.project.write(script, to: "prepare.sh")
        #expect(chmod("\(world.project.checkout)/prepare.sh", 0o755) == 0)
        let run = try await world.work()
        #expect(run.outcome == .completed, "\(run.problem?.detail ?? "")")
        let log = try log(run, world)
        let parts = [
            "[setup] ./prepare.sh two words\n", "preparing two words \(DomainWorld.spec)\n",
            "KEY=secret\nfrom set-up\n",
            "working on it",
        ]
        var rest = log[...]
        for part in parts {
            let found = try #require(rest.firstRange(of: part), "\(part) in \(log)")
            rest = rest[found.upperBound...]
        }
        #expect(!FileManager.default.fileExists(atPath: "\(world.project.state)/runs/\(run.id)/setup"))
        #expect(try world.project.text(".chant/logs/\(DomainWorld.spec).log").contains("preparing two words"))
    }

    @Test(
        "setup-failed: how it ended, and the end of what it printed",
        arguments: [
            ("[sh, -c, \"echo oops; exit 3\"]", "exit code 3", 3, "oops\n"),
            ("[sh, -c, \"kill -9 $$\"]", "signal 9", nil, ""),
            ("[sh, -c, \"echo slow; sleep 3600\"]", "longer than limits.setup", nil, "slow\n"),
            ("[no-such-program]", "could not be started", nil, nil),
            ("[sh, -c, \"printf half; exit 3\"]", "exit code 3", 3, "half"),
        ] as [(String, String, Int?, String?)]
    )
    func setUpFails(command: String, words: String, code: Int?, output: String?) async throws {
        let world = try await world(
            .diligent,
            keys: ["worktree: { setup: \(command) }", "limits: { setup: 400ms, stop_grace: 200ms }"]
        )
        let run = try await world.work()
        #expect(run.reason == .setupFailed)
        let problem = try #require(run.problem)
        #expect(problem.detail.contains(words), "\(problem.detail)")
        #expect(problem.members["code"] == code.map { .number($0) })
        #expect(problem.members["stderr"] == output.map { .text($0) })
        #expect(try log(run, world).contains(words))
        // A line of the service's own is never glued to one that the command left unfinished.
        #expect(try log(run, world).contains("\n[setup] The command "))
        #expect(try world.spec().status == .failed)
        #expect(!FileManager.default.fileExists(atPath: "\(world.project.state)/runs/\(run.id)/exit.json"))
    }

    @Test(
        "R28: nothing of a set-up command is left: what it started is stopped when it ends, and when the run is cancelled"
    )
    func tree() async throws {
        let left = "setsid sleep 3600 </dev/null >/dev/null 2>&1 & echo $! > \"$0\""
        for (tail, reason) in [("exit 1", RunReason.setupFailed), ("sleep 3600", .runCancelled)] {
            let world = try await world(
                .diligent,
                keys: ["worktree: { setup: [./prepare.sh] }", "limits: { stop_grace: 300ms }"]
            )
            let pidFile = "\(world.project.folder)/left"
            try world.project.write("#!/bin/sh\nsh -c '\(left)' '\(pidFile)'\n\(tail)\n", to: "prepare.sh")
            #expect(chmod("\(world.project.checkout)/prepare.sh", 0o755) == 0)
            let run = try await world.work { domain, run in
                guard reason == .runCancelled else { return }
                try await eventually("the set-up's process") {
                    (try? world.project.text(atPath: pidFile).isEmpty) == false
                }
                #expect(try domain.runs.run(run.id).stage == .prepare)
                _ = try await domain.runs.cancel(run.id)
            }
            #expect(run.reason == reason)
            let pid = try #require(Int32(try world.project.text(atPath: pidFile).filter(\.isNumber)))
            try await eventually("the end of \(pid)") { ProcessEntry.read(pid)?.hasEnded ?? true }
            #expect(try world.spec().status == (reason == .setupFailed ? .failed : .pending))
        }
    }

    @Test("R30: a service that stops does not leave a set-up command to the next one")
    func stops() async throws {
        for mode in [StopMode.detach, .stop] {
            let world = try await world(.diligent, keys: ["worktree: { setup: [sh, -c, \"echo on; sleep 3600\"] }"])
            let domain = try await world.open()
            defer { domain.close() }
            try await domain.recover()
            async let running: Void = domain.run()
            let run = try await domain.start(DomainWorld.spec)
            try await eventually("set-up") { (try? log(run, world).contains("on\n")) == true }
            await domain.stop(mode)
            await running
            let settled = try domain.runs.run(run.id)
            #expect(settled.reason == .serviceStopped, "\(mode)")
            #expect(settled.nextRun != nil)
            #expect(try world.spec().status == .pending)
        }
    }

    @Test("R31: what a set-up command prints is text, whatever it looks like; the agent begins on a line of its own")
    func setUpOutput() async throws {
        let printed = """
            {"type":"result","is_error":true,"result":"no","total_cost_usd":99}
            {"type":"progress","n":1}

            half a line
            """
        let recording = ClaudeRecording.folder.appendingPathComponent("success.jsonl").path
        let world = try await DomainWorld(
            agent: ScriptedAgent([.shell("cat '\(recording)'")]),
            server: ["worktree: { setup: [./prepare.sh] }"],
            configuration: [
                "parallel:",
                "  agents: [{ name: main, provider: claude, command: [../agent.sh, --allowedTools, Bash] }]",
            ]
        )
        try world.project.write("#!/bin/sh\nprintf '%s' '\(printed)'\n", to: "prepare.sh")
        #expect(chmod("\(world.project.checkout)/prepare.sh", 0o755) == 0)
        let run = try await world.work()
        let folder = RunFolder(stateFolder: world.project.state, run: run.id)
        let text = String(
            decoding: try LogReader(folder, .text, .claude, agentStarted: true).bytes(from: 0),
            as: UTF8.self
        )
        #expect(text == "[setup] ./prepare.sh\n\(printed)\n" + (try ClaudeRecording.success.golden(".text")))
        let events = String(
            decoding: try LogReader(folder, .events, .claude, agentStarted: true).bytes(from: 0),
            as: UTF8.self
        )
        #expect(events.components(separatedBy: #""kind":"result""#).count == 2, "\(events)")
        #expect(run.usage == (try ClaudeRecording.success.report.usage))
    }

    @Test("R65: what a set-up command prints is never taken for the agent's word")
    func fakedResult() throws {
        let folder = RunFolder(stateFolder: try ProjectFixture().folder, run: RunID(at: Date()))
        try FileManager.default.createDirectory(atPath: folder.path, withIntermediateDirectories: true)
        folder.note(#"{"type":"result","is_error":false,"result":"all done"}"#)
        #expect(try AgentReport.read(folder, .claude).result != nil)
        try folder.noteAgentBegin()
        #expect(try AgentReport.read(folder, .claude).result == nil)
        folder.note(#"{"type":"result","is_error":true,"result":"no"}"#)
        #expect(try AgentReport.read(folder, .claude).result?.isError == true)
    }
}
