import ChantTesting
import Testing

@Suite("Many runs and cancelling")
struct ManyRunsTests {
    private static let twenty = (1...20).map { number in
        DemoSpec("2026-01-05-\(number < 10 ? "00" : "0")\(number)-abc")
    }

    @Test("R16, R47: twenty specs at once never exceed the workers and the agent's own limit, and all complete")
    func twentyAtOnce() async throws {
        let agents = [
            "parallel:", "  agents:",
            "    - { name: main, provider: command, command: [\"/bin/true\"], max_concurrent: 2 }",
        ]
        try await withService(
            specs: Self.twenty,
            configuration: agents,
            flags: ["--workers", "3"],
            before: Self.countingAgent
        ) { server, project in
            let runs = try await Self.postAll(server)
            #expect(runs.count == 20)
            var waited = false
            for run in runs {
                let now = try await server.client.json("/runs/\(run["id"].text ?? "")")
                let waiting = now["waiting_for"].texts
                if now["state"].text == "queued", waiting.contains("worker") || waiting.contains("agent:main") {
                    waited = true
                }
            }
            #expect(waited, "somebody must have waited")
            for run in runs {
                #expect(try await Ending(server.settled(run, within: .seconds(180))) == Ending("completed"))
            }
            let counts = try project.text(atPath: "\(project.folder)/counts").split(separator: "\n").compactMap {
                Int($0)
            }
            #expect(counts.count == 20)
            #expect(counts.max() ?? 99 <= 2)
            let merges = try await project.git("rev-list", "--count", "--first-parent", "main")
            #expect(merges == "22")
            #expect(try await project.git("status", "--porcelain") == "")
        }
    }

    /// The agent notes how many of its kind run, then works.
    private static func countingAgent(_ project: DemoProject) async throws {
        let count = "ls \"$folder\"/busy.* | wc -l >> \"$folder/counts\""
        let steps: [ScriptedAgent.Step] = [.shell("touch \"$folder/busy.$$\""), .shell(count)]
        try project.script(ScriptedAgent(steps + ScriptedAgent.diligent.steps + [.shell("rm \"$folder/busy.$$\"")]))
        let configuration = try project.text(".chant/config.md").replacing("/bin/true", with: project.agent)
        try project.write(configuration, to: ".chant/config.md")
        try await project.git("commit", "-q", "-a", "-m", "Configure")
    }

    private static func postAll(_ server: ServerUnderTest) async throws -> [JSON] {
        try await withThrowingTaskGroup(of: JSON.self) { group in
            for spec in twenty { group.addTask { try await server.work(spec.id) } }
            return try await group.reduce(into: []) { $0.append($1) }
        }
    }

    @Test("a queued run is cancelled before it ever starts: its spec is untouched")
    func cancelQueued() async throws {
        let specs = [DemoSpec(first), DemoSpec(second)]
        try await withService(.held, specs: specs, flags: ["--workers", "1"]) { server, project in
            let running = try await server.agentAtWork(try await server.work(first))
            let queued = try await server.work(second)
            let now = try await server.client.json("/runs/\(queued["id"].text ?? "")")
            #expect(now["waiting_for"].texts == ["worker"])
            let cancelled = try await server.cancel(queued)
            #expect(Ending(cancelled) == Ending("cancelled", "run-cancelled"))
            #expect(cancelled["started_at"] == .null)
            #expect(try project.header("status", of: second) == "pending")
            try project.release("go")
            #expect(try await Ending(server.settled(running)) == Ending("completed"))
        }
    }

    @Test("R41: a cancelled agent is stopped and its spec is pending again; cancelling again is too late")
    func cancelRunning() async throws {
        try await withService(.held) { server, project in
            let run = try await server.agentAtWork(try await server.work(first))
            let cancelled = try await server.cancel(run)
            #expect(Ending(cancelled) == Ending("cancelled", "run-cancelled"))
            #expect(try project.header("status") == "pending")
            #expect(try await server.client.json("/processes")["items"].list.isEmpty)
            let late = try await server.client.post("/runs/\(run["id"].text ?? "")/cancel")
            #expect(late.status == 409)
            #expect(late.problem == "too-late")
        }
    }

    @Test("an agent's process is stopped through its pid, which is the same as cancelling its run")
    func stopProcess() async throws {
        try await withService(.held) { server, _ in
            let run = try await server.agentAtWork(try await server.work(first))
            let pid = try #require(try await server.client.json("/processes")["items"][0]["pid"].number)
            let wrong = try await server.client.post(
                "/processes/\(pid)/stop",
                #"{"run_id": "r00000000000000000000000000"}"#
            )
            #expect(wrong.status == 409)
            #expect(wrong.problem == "process-changed")
            let missing = try await server.client.post("/processes/1/stop")
            #expect(missing.status == 404)
            #expect(missing.problem == "process-not-found")
            let stopped = try await server.client.post("/processes/\(pid)/stop")
            #expect(stopped.status == 202)
            #expect(try await Ending(server.settled(run)) == Ending("cancelled", "run-cancelled"))
        }
    }

    /// A filter that waits holds git wherever it writes a file of that kind.
    private static func slowFilter(_ project: DemoProject) async throws {
        try project.write("*.slow filter=slow\n", to: ".gitattributes")
        try await project.git("add", "-A")
        try await project.git("commit", "-q", "-m", "Attributes")
        let wait = "until [ -e '\(project.folder)/release.filter' ]; do sleep 0.02; done; cat"
        try await project.git("config", "filter.slow.smudge", wait)
        try await project.git("config", "filter.slow.clean", "cat")
    }

    /// With a file of that kind at the target's tip, already the worktree's making waits.
    private static func slowCheckout(_ project: DemoProject) async throws {
        try await slowFilter(project)
        try project.write("slow\n", to: "base.slow")
        try await project.git("add", "-A")
        try await project.git("commit", "-q", "-m", "Slow")
    }

    @Test("R20: a run is cancelled while its worktree is being made, and nothing of it is left")
    func cancelPreparing() async throws {
        try await withService(before: Self.slowCheckout) { server, project in
            let run = try await server.work(first)
            let id = run["id"].text ?? ""
            _ = try await server.run(id) { $0["state"].text == "preparing" }
            let answer = try await server.client.post("/runs/\(id)/cancel")
            #expect(answer.status == 202)
            try project.release("filter")
            #expect(try await Ending(server.settled(run)) == Ending("cancelled", "run-cancelled"))
            #expect(try project.header("status") == "pending")
            try await eventually("no worktree is left") { try await project.otherWorktrees().isEmpty }
        }
    }

    @Test("R58: a cancel while the target is being moved has one of two ends, and both are whole")
    func cancelFinishing() async throws {
        let agent = ScriptedAgent([.append("slow", to: "new.slow")] + ScriptedAgent.diligent.steps)
        try await withService(agent, before: Self.slowFilter) { server, project in
            let tip = try await project.git("rev-parse", "main")
            let run = try await server.work(first)
            let id = run["id"].text ?? ""
            _ = try await server.run(id) { $0["stage"].text == "finalize" }
            // The answer may have to wait for the move, and that for the filter.
            async let cancel = server.client.post("/runs/\(id)/cancel")
            try project.release("filter")
            let answer = try await cancel
            let ending = Ending(try await server.settled(run))
            let now = try await project.git("rev-parse", "main")
            if ending == Ending("completed") {
                #expect(now != tip)
                #expect(try project.header("status") == "completed")
            } else {
                #expect(answer.status == 202)
                #expect(ending == Ending("cancelled", "run-cancelled"))
                #expect(now == tip)
                #expect(try project.header("status") == "pending")
            }
            #expect(
                try await project.git("status", "--porcelain").split(separator: "\n").allSatisfy { $0.contains(first) }
            )
        }
    }
}

extension ServerUnderTest {
    /// Cancels a run and waits for its outcome.
    fileprivate func cancel(_ run: JSON) async throws -> JSON {
        let answer = try await client.post("/runs/\(run["id"].text ?? "")/cancel")
        guard answer.status == 202 else { throw HTTPConnection.Failure(description: answer.text) }
        return try await settled(run)
    }
}
