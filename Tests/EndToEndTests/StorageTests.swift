import ChantTesting
import Foundation
import Testing

@Suite("End to end: storage", .serialized)
struct StorageTests {
    @Test("R72: a run without room waits, the answers say for what, and cancelling it works; the log says it once")
    func waits() async throws {
        let project = try await DemoProject(server: ["floors: { disk: 900000GiB, every: 50ms }"])
        let server = try await ServerUnderTest(project)
        let run = try await server.work(first)
        let id = run["id"].text ?? ""
        let shown = try await server.client.json("/runs/\(id)")
        #expect(shown["state"].text == "queued")
        #expect(shown["waiting_for"][0].text == "disk", "\(shown)")
        let storage = try await server.client.json("/status")["storage"]
        #expect(storage["shortages"][0]["what"].text == "disk")
        #expect(storage["shortages"][0]["detail"].text?.contains("server.floors.disk") == true)
        #expect(storage["disk"]["worktrees"]["free_bytes"].number ?? 0 > 0)
        try await eventually("the log says it") { server.log.contains("Starts wait: too little disk") }
        #expect(try await server.client.post("/runs/\(id)/cancel").status == 202)
        #expect(try await server.settled(run)["outcome"].text == "cancelled")
        #expect(try await server.stop() == .code(0))
        #expect(server.log.components(separatedBy: "Starts wait").count == 2)
    }

    @Test("R72: without room for the state folder new runs are 503 `disk-floor`, and nothing is started")
    func refuses() async throws {
        let project = try await DemoProject(server: ["floors: { state: 900000GiB }"])
        let server = try await ServerUnderTest(project)
        let answer = try await server.client.post("/specs/\(first)/work")
        #expect(answer.status == 503 && answer.problem == "disk-floor", "\(answer.text)")
        #expect(answer.headers["retry-after"] == "60")
        #expect(try await server.client.json("/runs")["total"].number == 0)
        #expect(try await server.status(of: first) == "pending")
        #expect(try await server.client.get("/problems/disk-floor").status == 200)
        #expect(try await server.stop() == .code(0))
    }

    @Test("R71: an old run and its log are gone from every answer, and sizes with their limits are in the status")
    func retention() async throws {
        let other = "2026-01-05-002-bbb"
        let project = try await DemoProject(
            specs: [DemoSpec(first), DemoSpec(other)],
            server: ["retention: { runs_age: 1ms, every: 50ms }"]
        )
        let server = try await ServerUnderTest(project)
        let old = try await server.finished(first)["id"].text ?? ""
        let new = try await server.finished(other)["id"].text ?? ""
        try await eventually("the old run is gone") {
            try await server.client.get("/runs/\(old)").status == 404
        }
        #expect(try await server.client.get("/runs/\(old)/log").status == 404)
        #expect(try await server.client.get("/specs/\(first)/log").problem == "run-not-found")
        #expect(try await server.client.json("/specs/\(first)")["run_id"] == .null)
        #expect(try await server.client.json("/specs")["items"][0]["run_id"] == .null)
        #expect(try await server.client.json("/specs")["items"][1]["run_id"].text == new)
        let runs = try await server.client.json("/status")["storage"]["runs"]
        #expect(runs["count"].number == 1 && runs["limits"]["bytes"].number == 5 << 30)
        #expect(try await server.stop() == .code(0))
    }
}
