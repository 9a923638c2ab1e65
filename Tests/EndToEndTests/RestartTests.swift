import ChantTesting
import Foundation
import Glibc
import Testing

/// The service goes away and comes back while agents work (R29, R30).
@Suite("Restarts")
struct RestartTests {
    private static let third = "2026-01-05-003-ccc"
    private static let specs = [DemoSpec(first), DemoSpec(second), DemoSpec(third)]
    /// Numbered lines before and after it was let go.
    private static let counting = ScriptedAgent(
        [
            .shell("i=0; while [ $i -lt 50 ]; do echo \"before $i\"; i=$((i+1)); done"), .wait(for: "go"),
            .shell("i=0; while [ $i -lt 50 ]; do echo \"after $i\"; i=$((i+1)); done"),
        ] + ScriptedAgent.diligent.steps
    )

    private static func pids(_ server: ServerUnderTest) async throws -> [String: Int] {
        var pids: [String: Int] = [:]
        for process in try await server.client.json("/processes")["items"].list {
            pids[process["spec_id"].text ?? ""] = process["pid"].number
        }
        return pids
    }

    @Test("R29, R31: kill -9 with three agents at work: they go on, are adopted, and complete; readers miss no byte")
    func killed() async throws {
        try await withTurn {
            let project = try await DemoProject(
                agent: Self.counting,
                specs: Self.specs,
                configuration: Self.threeAgents
            )
            let server = try await ServerUnderTest(project)
            var runs: [JSON] = []
            for spec in Self.specs { runs.append(try await server.work(spec.id)) }
            for index in runs.indices { runs[index] = try await server.agentAtWork(runs[index]) }
            let pids = try await Self.pids(server)
            #expect(pids.count == 3)
            let stream = try await server.client.events("/specs/\(first)/log")
            var lines: [String] = []
            for _ in 0..<20 { lines.append(try #require(try await stream.next()).data) }
            try await server.crash()
            for pid in pids.values { #expect(project.exists("/proc/\(pid)")) }
            let again = try await ServerUnderTest(project)
            let processes = try await again.client.json("/processes")["items"].list
            #expect(processes.count == 3)
            #expect(processes.allSatisfy { $0["adopted"].flag == true })
            #expect(try await Self.pids(again) == pids)
            let resumed = try await again.client.events("/specs/\(first)/log", after: stream.lastID)
            try project.release("go")
            lines += try await resumed.events().filter { $0.event == "log" }.map(\.data)
            let expected = (0..<50).map { "before \($0)" } + (0..<50).map { "after \($0)" }
            #expect(lines == expected + ["working on it", "done"])
            for run in runs {
                let settled = try await again.settled(run)
                #expect(Ending(settled) == Ending("completed"), "\(settled)")
                #expect(settled["started_at"].text == run["started_at"].text)
                #expect(settled["next_run"] == .null)
            }
            try await Self.expectAdoptions(of: runs, on: again)
            let transcript = try project.text(".chant/logs/\(first).log").split(separator: "\n").map(String.init)
            #expect(transcript.filter { $0.hasPrefix("before ") || $0.hasPrefix("after ") } == expected)
            #expect(try await project.git("status", "--porcelain") == "")
            #expect(try await again.stop() == .code(0))
        }
    }

    private static let threeAgents = [
        "parallel:", "  agents:", "    - { name: main, max_concurrent: 3 }",
    ]

    /// Each agent was started once and adopted once, and each run has one outcome.
    private static func expectAdoptions(of runs: [JSON], on server: ServerUnderTest) async throws {
        let newest = try await server.client.json("/runs")["items"].list.count
        #expect(newest == runs.count)
        var settled = 0
        let all = try await server.client.events("/events?after=0").events { event in
            if event.event == "order.settled" { settled += 1 }
            return settled == runs.count
        }
        for run in runs {
            let own = all.filter { $0.json["run_id"].text == run["id"].text }
            let starts = own.filter { $0.event == "process.started" }
            #expect(starts.map { $0.json["adopted"].flag } == [false, true])
            #expect(Set(starts.compactMap { $0.json["pid"].number }).count == 1)
            #expect(own.filter { $0.event == "run.settled" }.count == 1)
        }
    }

    @Test(
        "R29: an agent that ends while no service runs is finished from its exit record; what was queued stays queued"
    )
    func endsMeanwhile() async throws {
        try await withTurn {
            let project = try await DemoProject(agent: .held, specs: [DemoSpec(first), DemoSpec(second)])
            let server = try await ServerUnderTest(project, flags: ["--workers", "1"])
            let run = try await server.agentAtWork(try await server.work(first))
            let queued = try await server.work(second)
            let pid = try #require(try await Self.pids(server)[first])
            try await server.crash()
            try project.release("go")
            try await eventually("the agent has ended") { !project.exists("/proc/\(pid)") }
            let again = try await ServerUnderTest(project, flags: ["--workers", "1"])
            #expect(try await Ending(again.settled(run)) == Ending("completed"))
            #expect(try await Ending(again.settled(queued)) == Ending("completed"))
            #expect(try await project.git("status", "--porcelain") == "")
            #expect(try await again.stop() == .code(0))
        }
    }

    @Test("R30: detach, the default, leaves agents to the next start, and says so")
    func detach() async throws {
        try await withTurn {
            let project = try await DemoProject(agent: .held)
            let server = try await ServerUnderTest(project, flags: ["--on-stop", "detach"])
            let run = try await server.agentAtWork(try await server.work(first))
            let pid = try #require(try await Self.pids(server)[first])
            #expect(try await server.stop(within: .seconds(10)) == .code(0), "\(server.log)")
            #expect(server.log.contains("an agent goes on"), "\(server.log)")
            #expect(project.exists("/proc/\(pid)"))
            #expect(try project.header("status") == "in_progress")
            let again = try await ServerUnderTest(project)
            try project.release("go")
            let settled = try await again.settled(run)
            #expect(Ending(settled) == Ending("completed"))
            #expect(settled["started_at"].text == run["started_at"].text)
            #expect(try await again.stop() == .code(0))
        }
    }

    @Test("R30: drain refuses new work and ends when the agents have")
    func drain() async throws {
        try await withTurn {
            let project = try await DemoProject(agent: .held, specs: [DemoSpec(first), DemoSpec(second)])
            let server = try await ServerUnderTest(project, flags: ["--on-stop", "drain"])
            _ = try await server.agentAtWork(try await server.work(first))
            server.program.send(SIGTERM)
            try await eventually("the service drains") {
                try await server.client.get("/health/ready").status == 503
            }
            let refused = try await server.client.post("/specs/\(second)/work")
            #expect(refused.status == 503 && refused.problem == "stopping", "\(refused.text)")
            try project.release("go")
            #expect(try await server.program.waitForEnd() == .code(0))
            #expect(try project.header("status") == "completed")
            #expect(try await project.git("status", "--porcelain") == "")
        }
    }

    @Test("R29: a supervisor that is killed under a running service: leftovers stopped, interrupted, and run again")
    func supervisorKilled() async throws {
        let agent = ScriptedAgent([.grandchild, .say("waiting"), .wait(for: "go")] + ScriptedAgent.diligent.steps)
        try await withService(agent) { server, project in
            let run = try await server.agentAtWork(try await server.work(first))
            let pid = try #require(try await Self.pids(server)[first])
            let grandchild = try project.text(atPath: "\(project.folder)/grandchild.\(first)").filter(\.isNumber)
            let stat = try project.text(atPath: "/proc/\(pid)/stat").split(separator: " ")
            let supervisor = try #require(Int32(stat[3]))
            #expect(kill(supervisor, SIGKILL) == 0)
            let settled = try await server.settled(run)
            #expect(Ending(settled) == Ending("interrupted", "supervisor-lost"), "\(settled)")
            // Whoever inherits it may take a moment to take its exit.
            let left = try? project.text(atPath: "/proc/\(grandchild)/stat")
            #expect(left?.contains(") Z ") != false)
            try project.release("go")
            let next = try await server.run(settled["next_run"].text ?? "") { $0["state"].text == "settled" }
            #expect(Ending(next) == Ending("completed"))
        }
    }
}
