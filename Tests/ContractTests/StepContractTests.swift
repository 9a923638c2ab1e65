import ChantTesting
import Foundation
import Testing

@testable import ChantServer

@Suite("Contract: view=events")
struct StepContractTests {
    /// Works, and then writes what the real program wrote when it was recorded.
    private static var project: DemoProject {
        get async throws {
            let tests = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            let recording = tests.appendingPathComponent("ChantDomainTests/Fixtures/claude/success.jsonl").path
            return try await DemoProject(
                agent: ScriptedAgent(ScriptedAgent.diligent.steps + [.shell("cat '\(recording)'")]),
                configuration: [
                    "parallel:",
                    "  agents: [{ name: main, provider: claude, command: [../agent.sh, --allowedTools, Bash] }]",
                ]
            )
        }
    }

    @Test("R31, R32: each line is a LogStep, each id a LogPosition, and a reader that comes back gets the rest")
    func steps() async throws {
        let check = try AnswerCheck()
        let server = try await ServerUnderTest(try await Self.project)
        let run = try await server.settled(try await server.client.post("/specs/001/work").json)
        #expect(run["outcome"].text == "completed", "\(run["problem"])")
        let target = "/runs/\(run["id"].text ?? "")/log?view=events"
        let plain = try await server.client.get(target)
        try check.expect(plain, "getRunLog", status: 200)
        #expect(plain.headers["content-type"] == "application/x-ndjson")
        let lines = plain.text.split(separator: "\n").map(String.init)
        let schemas = SchemaCheck(check.contract)
        for line in lines {
            let step = try JSONValue(parsing: Array(line.utf8))
            #expect(try schemas.check(step, against: "LogStep") == [], "\(line)")
        }
        let events = try await server.client.events(target, after: nil).events().filter { $0.event == "log" }
        #expect(events.map(\.data) == lines)
        for event in events {
            let id = JSONValue.string(event.id ?? "")
            #expect(try schemas.check(id, against: "LogPosition") == [], "\(event.id ?? "")")
        }
        let resumed = try await server.client.events(target, after: events.first?.id).events()
        #expect(resumed.filter { $0.event == "log" } == Array(events.dropFirst()))
        #expect(lines.count > 3)
    }
}
