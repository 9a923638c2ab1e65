import ChantTesting
import Testing

@Suite("Stopping, crashing, starting again")
struct StopTests {
    @Test("SIGTERM with an agent: it is stopped, its run is interrupted, and the next start completes the spec")
    func stopWithAgent() async throws {
        try await withTurn {
            let project = try await DemoProject(agent: .held)
            let server = try await ServerUnderTest(project)
            let run = try await server.agentAtWork(try await server.work(first))
            let pid = try #require(try await server.client.json("/processes")["items"][0]["pid"].number)
            let begin = ContinuousClock.now
            #expect(try await server.stop() == .code(0), "\(server.log)")
            #expect(ContinuousClock.now - begin < .seconds(6))
            #expect(!project.exists("/proc/\(pid)"))
            #expect(try project.header("status") == "pending")
            try project.release("go")
            try await Self.expectFollower(of: run, in: project)
        }
    }

    private static func expectFollower(of run: JSON, in project: DemoProject) async throws {
        let server = try await ServerUnderTest(project)
        let old = try await server.settled(run)
        #expect(Ending(old) == Ending("interrupted", "service-stopped"), "\(old)")
        let next = try #require(old["next_run"].text)
        let follower = try await server.run(next) { $0["state"].text == "settled" }
        #expect(Ending(follower) == Ending("completed"), "\(follower)")
        #expect(follower["retry_of"].text == old["id"].text)
        #expect(follower["attempt"].number == old["attempt"].number)
        #expect(follower["order_id"].text == old["order_id"].text)
        #expect(try server.project.header("status") == "completed")
        #expect(try await server.stop() == .code(0))
    }

    @Test("a crash while the target is being moved is finished by the next start, once")
    func crashFinishing() async throws {
        try await withTurn {
            let agent = ScriptedAgent([.append("slow", to: "new.slow")] + ScriptedAgent.diligent.steps)
            let project = try await DemoProject(agent: agent)
            try project.write("*.slow filter=slow\n", to: ".gitattributes")
            try await project.git("add", "-A")
            try await project.git("commit", "-q", "-m", "Attributes")
            let wait = "until [ -e '\(project.folder)/release.filter' ]; do sleep 0.02; done; cat"
            try await project.git("config", "filter.slow.smudge", wait)
            try await project.git("config", "filter.slow.clean", "cat")
            let server = try await ServerUnderTest(project)
            let run = try await server.work(first)
            _ = try await server.run(run["id"].text ?? "") { $0["stage"].text == "finalize" }
            try await server.crash()
            try project.release("filter")
            let again = try await ServerUnderTest(project)
            try await eventually("the spec is completed", within: .seconds(60)) {
                try await again.status() == "completed"
            }
            #expect(
                try await project.git("log", "--format=%s", "--first-parent", "main").contains(
                    "chant: complete \(first)"
                )
            )
            #expect(try await project.git("status", "--porcelain") == "")
            #expect(try await again.stop() == .code(0))
        }
    }

    @Test("SIGTERM with 200 open streams and no agent ends within five seconds")
    func manyStreams() async throws {
        try await withTurn {
            let project = try await DemoProject()
            let server = try await ServerUnderTest(project)
            var streams: [EventStream] = []
            for _ in 0..<200 { streams.append(try await server.client.events("/events")) }
            #expect(streams.allSatisfy { $0.status == 200 })
            let begin = ContinuousClock.now
            #expect(try await server.stop() == .code(0), "\(server.log)")
            #expect(ContinuousClock.now - begin < .seconds(5))
        }
    }

    @Test("R70: a second service on the same project ends with 75 and says who holds it")
    func secondService() async throws {
        try await withService { server, project in
            let flags = ["--state-dir", "\(project.folder)/state-2"]
            let other = try ServerUnderTest.launch(project, "second", flags: flags)
            #expect(try await other.waitForEnd() == .code(75))
            let message = try project.text(atPath: "\(project.folder)/server-second.err")
            #expect(message.contains("\(server.program.pid)"), "\(message)")
            #expect(message.contains("\(server.client.port)"), "\(message)")
        }
    }

    @Test("a second service on the same state folder ends with 75")
    func sharedStateFolder() async throws {
        try await withService { server, project in
            let other = try await DemoProject()
            let child = try ServerUnderTest.launch(other, "second", flags: ["--state-dir", project.state])
            #expect(try await child.waitForEnd() == .code(75))
            let message = try other.text(atPath: "\(other.folder)/server-second.err")
            #expect(message.contains("\(server.program.pid)"), "\(message)")
        }
    }
}
