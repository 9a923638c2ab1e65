import ChantTesting
import Foundation
import Testing

@testable import ChantServer

@Suite("Contract: orders")
struct OrderContractTests {
    private static let spec = "2026-01-05-001-aaa"
    private let check: AnswerCheck

    init() throws {
        check = try AnswerCheck()
    }

    @Test("orders that cannot be are refused as the contract says")
    func refusals() async throws {
        let specs = [DemoSpec(Self.spec), DemoSpec("2026-01-05-002-bbb", dependsOn: ["2026-01-05-009-zzz"])]
        let group = [DemoSpec("2026-01-05-003-ccc"), DemoSpec("2026-01-05-003-ccc.1")]
        let server = try await ServerUnderTest(try await DemoProject(specs: specs + group))
        let client = server.client
        let none = try await client.post("/work", #"{"specs": ["002"]}"#)
        try check.expect(none, "startOrder", status: 409, problem: "nothing-to-do")
        let gone = try await client.post("/work", #"{"specs": ["001", "099"]}"#)
        try check.expect(gone, "startOrder", status: 404, problem: "spec-not-found")
        let several = try await client.post("/work", #"{"specs": ["2026"]}"#)
        try check.expect(several, "startOrder", status: 409, problem: "spec-ambiguous")
        for body in [
            #"{"follow": true}"#, #"{"specs": []}"#, #"{"specs": ["001"], "labels": ["a"]}"#, #"{"max_concurrent": 0}"#,
        ] {
            try check.expect(try await client.post("/work", body), "startOrder", status: 422, problem: "invalid-value")
        }
        for (spec, body) in [
            ("001", #"{"mode": "chain", "max_concurrent": 3}"#), ("003-ccc", #"{"max_concurrent": 3}"#),
            ("003-ccc", #"{"mode": "chain", "max_concurrent": 3}"#),
        ] {
            let refused = try await client.post("/specs/2026-01-05-\(spec)/work", body)
            try check.expect(refused, "startWork", status: 422, problem: "invalid-value")
        }
        try check.expect(try await client.get("/work/o1"), "getOrder", status: 404, problem: "order-not-found")
        let cancel = try await client.post("/work/o1/cancel")
        try check.expect(cancel, "cancelOrder", status: 404, problem: "order-not-found")
        try check.expect(try await client.get("/work?state=x"), "listOrders", status: 422, problem: "invalid-value")
        try check.expect(try await client.get("/work?cursor=bm8"), "listOrders", status: 400, problem: "bad-cursor")
    }

    @Test("orders answer as the contract says, and a caller can wait for a run or an order, and expect an ending")
    func orders() async throws {
        let specs = [DemoSpec(Self.spec), DemoSpec("2026-01-05-002-bbb"), DemoSpec("2026-01-05-003-ccc")]
        let server = try await ServerUnderTest(try await DemoProject(specs: specs))
        let client = server.client
        let wait = ["Prefer": "respond-async, wait=60"]
        let chain = #"{"mode": "chain", "specs": ["001", "002"], "max_specs": 2.0}"#
        let order = try await client.send("POST", "/work?expect=completed", headers: wait, body: Array(chain.utf8))
        try check.expect(order, "startOrder", status: 200)
        #expect(order.headers["preference-applied"] == "wait=60")
        #expect(order.headers["location"] == "/work/\(order.json["id"].text ?? "")")
        #expect(order.json["ended"].text == "finished")
        let location = try #require(order.headers["location"])
        try check.expect(try await client.get(location), "getOrder", status: 200)
        try check.expect(try await client.get("/work?state=settled&sort=id"), "listOrders", status: 200)
        let late = try await client.post("\(location)/cancel")
        try check.expect(late, "cancelOrder", status: 409, problem: "too-late")
        let run = try await client.send("POST", "/specs/003/work?expect=failed,no-commits", headers: wait, body: [])
        try check.expect(run, "startWork", status: 409, problem: "unexpected-outcome")
        #expect(run.json["run"]["outcome"].text == "completed")
        let id = try #require(run.json["run"]["id"].text)
        let again = try await client.send(
            "GET",
            "/runs/\(id)?expect=completed",
            headers: ["Prefer": "wait=99999999999999999999"],
            body: []
        )
        try check.expect(again, "getRun", status: 200)
        #expect(again.headers["preference-applied"] == "wait=600")
    }
}
