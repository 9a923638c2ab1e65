import ChantTesting
import Foundation
import Testing

@testable import ChantServer

@Suite("Contract: control")
struct ControlContractTests {
    private static let spec = "2026-01-05-001-aaa"
    private let check: AnswerCheck

    init() throws {
        check = try AnswerCheck()
    }

    @Test("the answers about cancel, reset, pause, takeover and resume are those of the contract")
    func control() async throws {
        let server = try await ServerUnderTest(try await DemoProject(agent: .held))
        let client = server.client
        func post(_ action: String, _ body: String = "") async throws -> HTTPClient.Answer {
            try await client.post("/specs/\(Self.spec)/\(action)", body)
        }
        try check.expect(try await post("pause"), "pauseSpec", status: 409, problem: "illegal-transition")
        _ = try await server.agentAtWork(try await post("work").json)
        try check.expect(try await post("reset"), "resetSpec", status: 409, problem: "already-running")
        try check.expect(try await post("resume"), "resumeSpec", status: 409, problem: "illegal-transition")
        try check.expect(try await post("takeover"), "takeOverSpec", status: 200)
        let resumed = try await post("resume")
        try check.expect(resumed, "resumeSpec", status: 202)
        _ = try await server.agentAtWork(resumed.json)
        try check.expect(try await post("pause"), "pauseSpec", status: 200)
        try check.expect(try await post("cancel"), "cancelSpec", status: 200)
        try check.expect(try await post("reset", #"{"force": true, "by": "ann"}"#), "resetSpec", status: 200)
        for body in [
            #"{"force": 1}"#, #"{"by": "ann"}"#, #"{"force": true, "by": ""}"#, #"{"force": true, "by": " "}"#,
        ] {
            try check.expect(try await post("reset", body), "resetSpec", status: 422, problem: "invalid-value")
        }
        #expect(try await server.stop() == .code(0))
    }

    @Test("R6: what lies in the archive is over, and a refusal says so")
    func archived() async throws {
        let project = try await DemoProject()
        let folder = ".chant/archive/2025-12-01"
        try FileManager.default.createDirectory(
            atPath: "\(project.checkout)/\(folder)",
            withIntermediateDirectories: true
        )
        try project.write(DemoSpec("2025-12-01-001-old").text, to: "\(folder)/2025-12-01-001-old.md")
        let server = try await ServerUnderTest(project)
        for (action, operation, problem) in [
            ("cancel", "cancelSpec", "illegal-transition"), ("reset", "resetSpec", "illegal-transition"),
            ("merge", "mergeSpec", "illegal-transition"), ("work", "startWork", "not-startable"),
        ] {
            let answer = try await server.client.post("/specs/2025-12-01-001-old/\(action)")
            try check.expect(answer, operation, status: 409, problem: problem)
            #expect(answer.json["allowed"].list.isEmpty)
            #expect(answer.json["detail"].text?.contains("archived") == true)
        }
        #expect(try await server.stop() == .code(0))
    }
}
