import ChantTesting
import Testing

@Suite("How agents end")
struct AgentEndingTests {
    /// What an agent does, and what becomes of it.
    struct Case: Sendable, CustomTestStringConvertible {
        var name: String
        var steps: [ScriptedAgent.Step]
        var keys: [String] = []
        var ending: Ending
        var status: String

        var testDescription: String { name }
    }

    static let cases = [
        Case(
            name: "commits nothing",
            steps: [.say("thinking"), .tick],
            ending: Ending("failed", "no-commits"),
            status: "failed"
        ),
        Case(
            name: "exits 1 after a commit",
            steps: ScriptedAgent.diligent.steps + [.exit(1)],
            ending: Ending("failed", "agent-exit"),
            status: "failed"
        ),
        Case(
            name: "exits 143",
            steps: [.exit(143)],
            ending: Ending("failed", "agent-exit"),
            status: "failed"
        ),
        Case(
            name: "is killed",
            steps: [.shell("kill -9 $$")],
            ending: Ending("failed", "agent-killed"),
            status: "failed"
        ),
        Case(
            name: "runs beyond the wall limit",
            steps: [.shell("while :; do echo tick; sleep 0.05; done")],
            keys: ["limits: { wall: 700ms, stop_grace: 300ms }"],
            ending: Ending("failed", "wall-limit"),
            status: "failed"
        ),
        Case(
            name: "hangs",
            steps: [.say("hanging"), .hang],
            keys: ["limits: { idle: 600ms, stop_grace: 300ms }"],
            ending: Ending("failed", "idle-limit"),
            status: "failed"
        ),
        Case(
            name: "prints too much",
            steps: [.pour(3_000_000), .hang],
            keys: ["limits: { log_bytes: 1MiB, stop_grace: 300ms }"],
            ending: Ending("failed", "log-limit"),
            status: "failed"
        ),
        Case(
            name: "leaves criteria open",
            steps: [.append("worked", to: "work.txt"), .commit("work")],
            ending: Ending("needs_attention", "open-criteria"),
            status: "needs_attention"
        ),
        Case(
            name: "leaves a tracked file changed",
            steps: ScriptedAgent.diligent.steps + [.append("more", to: "README.md")],
            ending: Ending("needs_attention", "uncommitted-changes"),
            status: "needs_attention"
        ),
        Case(
            name: "commits beside its branch",
            steps: [.shell("git checkout -q --detach")] + ScriptedAgent.diligent.steps,
            ending: Ending("needs_attention", "left-branch"),
            status: "needs_attention"
        ),
        Case(
            name: "changes the project's configuration",
            steps: [.append("# mine", to: ".chant/config.md")] + ScriptedAgent.diligent.steps,
            ending: Ending("needs_attention", "touches-chant"),
            status: "needs_attention"
        ),
    ]

    @Test("the outcome table", arguments: cases)
    func outcome(of given: Case) async throws {
        try await withService(ScriptedAgent(given.steps), server: given.keys) { server, project in
            let tip = try await project.git("rev-parse", "main")
            let run = try await server.finished()
            #expect(Ending(run) == given.ending, "\(run)")
            #expect(run["problem"]["type"].text?.hasSuffix(given.ending.reason ?? "?") == true, "\(run["problem"])")
            #expect(run["problem"]["detail"].text?.isEmpty == false)
            #expect(try project.header("status") == given.status)
            // Nothing came to the target, and nothing that the agent committed is lost.
            #expect(try await project.git("rev-parse", "main") == tip)
            for commit in run["commits"].texts {
                #expect(try await project.git("branch", "--contains", commit).contains("chant/\(first)"))
            }
        }
    }

    @Test(
        "R28: a process that left the agent's session is stopped when the agent ends, and when the run is cancelled",
        arguments: [false, true]
    )
    func grandchild(cancelled: Bool) async throws {
        let steps: [ScriptedAgent.Step] = [.grandchild, .say("left one")] + (cancelled ? [.ignoreTerm, .hang] : [])
        let keys = ["limits: { stop_grace: 300ms }"]
        let agent = ScriptedAgent(steps + ScriptedAgent.diligent.steps)
        try await withService(agent, server: keys) { server, project in
            let accepted = try await server.work(first)
            let run = try await server.agentAtWork(accepted)
            let file = "\(project.folder)/grandchild.\(first)"
            try await eventually("the grandchild's pid") { project.exists(file) }
            let pid = try project.text(atPath: file).filter(\.isNumber)
            if cancelled {
                let answer = try await server.client.post("/runs/\(run["id"].text ?? "")/cancel")
                #expect(answer.status == 202)
            }
            let ending = Ending(try await server.settled(run))
            #expect(ending == (cancelled ? Ending("cancelled", "run-cancelled") : Ending("completed")))
            #expect(!project.exists("/proc/\(pid)"))
        }
    }

    @Test("R51: the agent's exit code and its standard error are evidence")
    func evidence() async throws {
        let agent = ScriptedAgent([.complain("something broke"), .exit(7)])
        try await withService(agent) { server, _ in
            let run = try await server.finished()
            #expect(run["exit_code"].number == 7)
            #expect(run["problem"]["code"].number == 7)
            let log = try await server.client.get("/specs/\(first)/log")
            #expect(log.text.contains("something broke"))
        }
    }

    @Test("R52: untracked files are a warning with their paths, and kept")
    func untrackedFiles() async throws {
        let agent = ScriptedAgent(ScriptedAgent.diligent.steps + [.append("scratch", to: "notes.tmp")])
        try await withService(agent) { server, project in
            let run = try await server.finished()
            #expect(Ending(run) == Ending("completed"))
            let warning = try #require(run["warnings"].list.first { $0["code"].text == "untracked-files" })
            #expect(warning["paths"].texts == ["notes.tmp"])
            let left = "refs/chant/left/\(run["id"].text ?? "")"
            try await eventually("the left-overs are kept") {
                try await project.git("for-each-ref", "--format=%(refname)", left) == left
            }
            #expect(try await project.git("show", "\(left):notes.tmp") == "scratch")
        }
    }

    @Test("R13: the criteria policies tick and ignore", arguments: ["tick", "ignore"])
    func criteriaPolicies(policy: String) async throws {
        let agent = ScriptedAgent([.append("worked", to: "work.txt"), .commit("work")])
        try await withService(agent) { server, project in
            let run = try await server.finished(first, #"{"criteria": "\#(policy)"}"#)
            #expect(Ending(run) == Ending("completed"))
            let isTicked = policy == "tick"
            #expect(run["warnings"].list.contains { $0["code"].text == "criteria-ticked" } == isTicked)
            #expect(try project.specText(first).contains("- [x] It is done") == isTicked)
        }
    }

    @Test("R49: a failed spec starts afresh, and the old tip is kept; from: branch goes on from it")
    func startsAgain() async throws {
        let once = "if [ -e \"$folder/again\" ]; then exit 0; fi; touch \"$folder/again\"; exit 1"
        let agent = ScriptedAgent(ScriptedAgent.diligent.steps + [.shell(once)])
        try await withService(agent) { server, project in
            let failed = try await server.finished()
            #expect(Ending(failed) == Ending("failed", "agent-exit"))
            let tip = try await project.git("rev-parse", "chant/\(first)")
            let again = try await server.finished()
            #expect(Ending(again) == Ending("completed"), "\(again)")
            #expect(try await project.git("for-each-ref", "refs/chant/kept").contains(tip))
        }
    }
}
