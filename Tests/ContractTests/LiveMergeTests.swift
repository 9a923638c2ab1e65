import ChantTesting
import Testing

@testable import ChantServer

@Suite("Contract: finishing by a person's word, in the running service")
struct LiveMergeTests {
    private static let spec = "2026-01-05-001-aaa"
    private let check: AnswerCheck

    init() throws {
        check = try AnswerCheck()
    }

    @Test("merge and diff answer as the contract says, refusals included")
    func merge() async throws {
        let server = try await ServerUnderTest(try await DemoProject(server: ["merge: manual"]))
        let client = server.client
        for name in ["merge", "diff"] {
            let answer =
                name == "diff" ? try await client.get("/specs/099/diff") : try await client.post("/specs/099/merge")
            try check.expect(
                answer,
                name == "diff" ? "getSpecDiff" : "mergeSpec",
                status: 404,
                problem: "spec-not-found"
            )
        }
        try check.expect(try await client.get("/specs/001/diff"), "getSpecDiff", status: 404, problem: "run-not-found")
        let early = try await client.post("/specs/001/merge")
        try check.expect(early, "mergeSpec", status: 409, problem: "illegal-transition")
        let wrong = try await client.post("/specs/001/merge", #"{"strategy": "squash"}"#)
        try check.expect(wrong, "mergeSpec", status: 422, problem: "invalid-value")
        let run = try await server.settled(try await server.work("001"))
        #expect(run["reason"].text == "awaiting-merge")
        let id = try #require(run["id"].text)
        for type in ["application/json", "text/x-diff"] {
            try check.expect(try await client.get("/specs/001/diff", accept: type), "getSpecDiff", status: 200)
            let answer = try await client.get("/runs/\(id)/diff", accept: type)
            try check.expect(answer, "getRunDiff", status: 200)
            #expect(answer.headers["chant-diff-truncated"] == "false")
        }
        try check.expect(try await client.get("/runs/r1/diff"), "getRunDiff", status: 404, problem: "run-not-found")
        let allowed = try await client.json("/specs/001")["allowed"].list.compactMap(\.text)
        #expect(allowed.contains("merge") && allowed.contains("finalize"))
        let merged = try await client.post("/specs/001/merge", #"{"by": "ann"}"#)
        try check.expect(merged, "mergeSpec", status: 200)
        #expect(merged.headers["content-location"] == "/specs/\(Self.spec)/merge")
        #expect(merged.json["outcome"].text == "completed")
        try check.expect(try await client.get("/specs/001"), "getSpec", status: 200)
        try check.expect(try await client.get("/runs/\(id)/diff"), "getRunDiff", status: 200)
        let again = try await client.post("/specs/001/merge")
        try check.expect(again, "mergeSpec", status: 409, problem: "illegal-transition")
    }

    @Test("a conflict and its spec, and finalize, answer as the contract says")
    func conflict() async throws {
        let agent = ScriptedAgent([.write("agent's", to: "README.md"), .tick, .commit("agent's")])
        let server = try await ServerUnderTest(try await DemoProject(agent: agent, server: ["merge: manual"]))
        let client = server.client
        // In full, since the conflict spec is another 001.
        let place = "/specs/\(Self.spec)"
        _ = try await server.settled(try await server.work("001"))
        try server.project.write("mine\n", to: "README.md")
        try await server.project.git("commit", "-q", "-m", "Mine", "--", "README.md")
        let merged = try await client.post("\(place)/merge")
        try check.expect(merged, "mergeSpec", status: 200)
        #expect(merged.json["reason"].text == "merge-conflict")
        #expect(merged.json["files"].list.compactMap(\.text) == ["README.md"])
        #expect(merged.json["target_commits"].list.count == 1 && merged.json["run_commits"].list.count == 1)
        let made = try await client.post("\(place)/merge", #"{"strategy": "conflict-spec"}"#)
        try check.expect(made, "mergeSpec", status: 201)
        try check.expect(try await client.get(try #require(made.headers["location"])), "getSpec", status: 200)
        let twice = try await client.post("\(place)/merge", #"{"strategy": "conflict-spec"}"#)
        try check.expect(twice, "mergeSpec", status: 409, problem: "spec-exists")
        for (body, name) in [
            ("{}", "invalid-value"), (#"{"by": "ann", "commits": ["main"]}"#, "invalid-value"),
            (#"{"who": "ann"}"#, "unknown-key"),
        ] {
            let answer = try await client.post("\(place)/finalize", body)
            try check.expect(answer, "finalizeSpec", status: 422, problem: name)
        }
        let final = try await client.post("\(place)/finalize", #"{"by": "ann"}"#)
        try check.expect(final, "finalizeSpec", status: 200)
        #expect(final.json["status"].text == "completed")
        let again = try await client.post("\(place)/finalize", #"{"by": "ann"}"#)
        try check.expect(again, "finalizeSpec", status: 409, problem: "illegal-transition")
    }
}
