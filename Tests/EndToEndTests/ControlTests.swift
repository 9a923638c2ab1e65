import ChantTesting
import Testing

/// What a person does to a spec and its run, over HTTP.
@Suite("Control of specs")
struct ControlTests {
    /// Does not end when it is asked, so that there is time to kill the service meanwhile.
    private static let stubborn = ScriptedAgent([
        .ignoreTerm, .append("one", to: "one.txt"), .commit("one"), .say("waiting"), .wait(for: "go"),
        .append("two", to: "two.txt"), .tick, .commit("two"),
    ])

    @Test(
        "R18, R71: kill -9 between a pause and the end of its run: the run ends paused, and resume completes the spec"
    )
    func killedWhilePausing() async throws {
        try await withTurn {
            let project = try await DemoProject(agent: Self.stubborn, server: ["limits: { stop_grace: 3s }"])
            let server = try await ServerUnderTest(project)
            let run = try await server.agentAtWork(try await server.work(first))
            let log = "\(project.state)/runs/\(run["id"].text ?? "")/out.log"
            try await eventually("it waits") { ((try? project.text(atPath: log)) ?? "").contains("waiting") }
            let client = server.client
            async let answer = try? client.post("/specs/\(first)/pause")
            try await eventually("it is being stopped") {
                try await server.client.json("/processes")["items"].list.first?["state"].text == "stopping"
            }
            try await server.crash()
            _ = await answer
            let again = try await ServerUnderTest(project)
            let paused = try await again.settled(run)
            #expect(Ending(paused) == Ending("paused", "pause"), "\(paused)")
            #expect(try project.header("status") == "paused")
            #expect(project.exists(paused["worktree"].text ?? "-"))
            try project.release("go")
            let resumed = try await again.client.post("/specs/\(first)/resume", #"{"note": "go on"}"#)
            #expect(resumed.status == 202, "\(resumed.text)")
            #expect(resumed.json["resumed_from"].text == paused["id"].text)
            let done = try await again.settled(resumed.json)
            #expect(Ending(done) == Ending("completed"), "\(done)")
            #expect(done["worktree"].text == paused["worktree"].text)
            #expect(done["base_commit"].text == paused["base_commit"].text)
            #expect(try await project.git("status", "--porcelain") == "")
            #expect(try await again.stop() == .code(0))
        }
    }

    @Test("R6: an action that the status does not allow is refused with what it does allow")
    func refused() async throws {
        try await withService { server, _ in
            for action in ["pause", "takeover", "resume", "reset"] {
                let answer = try await server.client.post("/specs/\(first)/\(action)")
                #expect(answer.status == 409 && answer.problem == "illegal-transition", "\(answer.text)")
                #expect(answer.json["spec_status"].text == "pending")
                #expect(answer.json["allowed"].list.compactMap(\.text) == ["in_progress", "cancelled"])
            }
            #expect(try await server.client.post("/specs/\(first)/cancel").json["status"].text == "cancelled")
            let again = try await server.client.post("/specs/\(first)/cancel")
            #expect(again.status == 409 && again.json["allowed"].list.compactMap(\.text) == ["pending"])
            let forced = try await server.client.post("/specs/\(first)/reset", #"{"force": true, "by": "ann"}"#)
            #expect(forced.status == 200 && forced.json["status"].text == "pending", "\(forced.text)")
            #expect(try await server.client.post("/specs/\(first)/pause", #"{"now": 1}"#).status == 422)
        }
    }
}
