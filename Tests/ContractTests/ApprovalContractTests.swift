import ChantTesting
import Testing

@testable import ChantServer

@Suite("Contract: approvals, members and dependencies")
struct ApprovalContractTests {
    private static let spec = "2026-01-05-001-aaa"
    private let check: AnswerCheck

    init() throws {
        check = try AnswerCheck()
    }

    @Test("approvals, members and dependencies are answered as the contract says")
    func relations() async throws {
        let open = DemoSpec(Self.spec, header: ["approval: {required: true}"])
        let specs = [
            open, DemoSpec("2026-01-05-002-bbb", dependsOn: [Self.spec, "gone"]), DemoSpec("d"), DemoSpec("d.1"),
        ]
        let server = try await ServerUnderTest(try await DemoProject(specs: specs))
        let client = server.client
        for (body, name) in [
            ("{}", "invalid-value"), (#"{"by": "a\nb"}"#, "invalid-value"),
            (#"{"by": "ana", "force": true}"#, "unknown-key"),
        ] {
            let answer = try await client.post("/specs/001/approve", body)
            try check.expect(answer, "approveSpec", status: 422, problem: name)
        }
        let unreasoned = try await client.post("/specs/001/reject", #"{"by": "ana"}"#)
        try check.expect(unreasoned, "rejectSpec", status: 422, problem: "invalid-value")
        let approved = try await client.post("/specs/001/approve", #"{"by": "ana", "reason": "Fine."}"#)
        try check.expect(approved, "approveSpec", status: 200)
        #expect(approved.json["approval"]["by"].text == "ana")
        let again = try await client.post("/specs/001/approve", #"{"by": "ana"}"#)
        try check.expect(again, "approveSpec", status: 409, problem: "illegal-transition")
        #expect(again.json["allowed"].list.map(\.text) == ["reject"])
        let rejected = try await client.post("/specs/001/reject", #"{"by": "bob", "reason": "No."}"#)
        try check.expect(rejected, "rejectSpec", status: 200)
        let unasked = try await client.post("/specs/002/reject", #"{"by": "bob", "reason": "No."}"#)
        try check.expect(unasked, "rejectSpec", status: 409, problem: "illegal-transition")
        let members = try await client.get("/specs/d/members")
        try check.expect(members, "listMembers", status: 200)
        #expect(members.json["items"].list.map { $0["id"].text } == ["d.1"])
        #expect(members.json["progress"]["state"].text == "pending")
        let dependencies = try await client.get("/specs/002/dependencies")
        try check.expect(dependencies, "listDependencies", status: 200)
        #expect(dependencies.json["items"].list.map { $0["why"].text } == ["status", "missing"])
        let other = try await client.get("/specs/\(Self.spec)/dependencies")
        #expect(other.json["dependents"].list.map { $0["id"].text } == ["2026-01-05-002-bbb"])
        try server.project.write("---\nstatus: pending\n---\nno title\n", to: ".chant/specs/t.md")
        let untitled = try await client.post("/specs/t/work")
        try check.expect(untitled, "startWork", status: 409, problem: "lint-failed")
        #expect(untitled.json["findings"].list.map { $0["rule"].text } == ["title"])
    }
}
