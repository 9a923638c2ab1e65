import ChantTesting
import Foundation
import Testing

@testable import ChantServer

@Suite("Contract: the running service")
struct LiveContractTests {
    private static let spec = "2026-01-05-001-aaa"
    private let check: AnswerCheck

    init() throws {
        check = try AnswerCheck()
    }

    @Test("the main job's answers are those of the contract, from the start to the end of the log")
    func mainJob() async throws {
        let server = try await ServerUnderTest(try await DemoProject(agent: .held))
        let client = server.client
        let started = try await client.post("/specs/001/work", #"{"criteria": "tick"}"#)
        try check.expect(started, "startWork", status: 202)
        let run = try #require(started.json["id"].text)
        #expect(started.headers["location"] == "/runs/\(run)")
        #expect(started.headers["content-location"] == "/specs/\(Self.spec)/work")
        _ = try await server.agentAtWork(started.json)
        try check.expect(
            try await client.post("/specs/\(Self.spec)/work"),
            "startWork",
            status: 409,
            problem: "already-running"
        )
        try check.expect(try await client.get("/processes"), "listProcesses", status: 200)
        try check.expect(try await client.get("/runs/\(run)/log?tail=1"), "getRunLog", status: 200)
        let copy = try await client.get("/specs/001?copy=worktree")
        try check.expect(copy, "getSpec", status: 200)
        for type in ["application/json", "text/markdown"] {
            try check.expect(try await client.get("/specs/001/prompt", accept: type), "getSpecPrompt", status: 200)
        }
        #expect(copy.json["status"].text == "in_progress")
        try server.project.release("go")
        let settled = try await server.settled(started.json)
        #expect(settled["outcome"].text == "completed")
        try check.expect(try await client.get("/runs/\(run)"), "getRun", status: 200)
        try check.expect(try await client.get("/specs/001"), "getSpec", status: 200)
        try check.expect(try await client.get("/specs/001/runs?state=settled"), "listSpecRuns", status: 200)
        try check.expect(try await client.post("/runs/\(run)/cancel"), "cancelRun", status: 409, problem: "too-late")
        try await checkLogs(client, run)
    }

    private func checkLogs(_ client: HTTPClient, _ run: String) async throws {
        for target in ["log", "log?view=raw", "log?run=all", "log?follow", "log?since=2026-01-05T00:00:00Z"] {
            try check.expect(try await client.get("/specs/001/\(target)"), "getSpecLog", status: 200)
        }
        let plain = try await client.get("/runs/\(run)/log")
        #expect(plain.headers["chant-log-offset"] == String(plain.body.count))
        let stream = try await client.events("/specs/001/log")
        let events = try await stream.events()
        #expect(events.map(\.event).last == "end")
        #expect(events.dropLast().map { $0.data + "\n" }.joined() == plain.text)
        let over = try await client.send(
            "GET",
            "/specs/001/log",
            headers: ["Accept": "text/event-stream", "Last-Event-ID": stream.lastID ?? ""]
        )
        try check.expect(over, "getSpecLog", status: 204)
        let resumed = try await client.events("/runs/\(run)/log", after: events[0].id)
        #expect(try await resumed.events() == Array(events.dropFirst()))
        let size = plain.body.count
        for (query, name, status) in [
            ("after=yesterday", "bad-event-id", 400), ("offset=\(size + 1)", "invalid-value", 422),
            ("since=2026-02-30T00:00:00Z", "invalid-value", 422), ("since=2026-02-03", "invalid-value", 422),
            ("tail=1&offset=1", "invalid-value", 422), ("view=events", "invalid-value", 422),
            ("follow=maybe", "invalid-value", 422), ("range=1", "unknown-key", 422),
        ] {
            let answer = try await client.get("/runs/\(run)/log?\(query)")
            try check.expect(answer, "getRunLog", status: status, problem: name)
        }
    }

    @Test("R35: agents of the original program are listed, and not stopped by us")
    func foreignAgents() async throws {
        let project = try await DemoProject()
        let server = try await ServerUnderTest(project)
        try FileManager.default.createDirectory(
            atPath: project.checkout + "/.chant/pids",
            withIntermediateDirectories: true
        )
        try project.write("\(getpid())", to: ".chant/pids/\(Self.spec).pid")
        let list = try await server.client.get("/processes")
        try check.expect(list, "listProcesses", status: 200)
        #expect(list.json["items"].list.map { $0["owner"].text } == ["chant"])
        let stop = try await server.client.post("/processes/\(getpid())/stop")
        try check.expect(stop, "stopProcess", status: 409, problem: "not-ours")
    }

    @Test("specs are made, listed and shown as the contract says")
    func specs() async throws {
        let server = try await ServerUnderTest(try await DemoProject())
        let client = server.client
        let made = try await client.post("/specs", #"{"title": "Say hello", "labels": ["a"], "depends_on": []}"#)
        try check.expect(made, "createSpec", status: 201)
        let text = "---\r\ntype: task # a comment\r\n---\r\n\r\n# As it is\r\n"
        let file = try await client.send(
            "POST",
            "/specs",
            headers: ["Content-Type": "text/markdown"],
            body: Array(text.utf8)
        )
        try check.expect(file, "createSpec", status: 201)
        let place = try #require(file.headers["location"])
        let markdown = try await client.get(place, accept: "text/markdown")
        try check.expect(markdown, "getSpec", status: 200)
        #expect(markdown.text == text)
        try server.project.write("---\nstatus: odd\n---\n", to: ".chant/specs/broken.md")
        try check.expect(try await client.get("/specs/broken"), "getSpec", status: 200)
        try check.expect(try await client.get("/specs?limit=2"), "listSpecs", status: 200)
        for (body, name) in [
            (#"{"title": ""}"#, "invalid-value"), ("{}", "invalid-value"),
            (#"{"title": "x", "titel": 1}"#, "unknown-key"),
            (#"{"title": "x", "type": "epic"}"#, "invalid-value"), (#"{"title": 5}"#, "invalid-value"),
            ("[]", "invalid-value"),
        ] {
            try check.expect(try await client.post("/specs", body), "createSpec", status: 422, problem: name)
        }
        try check.expect(try await client.post("/specs", "{"), "createSpec", status: 400, problem: "malformed-request")
        let csv = try await client.send("POST", "/specs", headers: ["Content-Type": "text/csv"], body: [65])
        try check.expect(csv, "createSpec", status: 415, problem: "unsupported-media-type")
    }

    @Test("what is unknown, ambiguous or of a later version is refused as the contract says")
    func refusals() async throws {
        let specs = [
            DemoSpec(Self.spec), DemoSpec("2026-01-05-002-bbb", dependsOn: [Self.spec]), DemoSpec("d"), DemoSpec("d.1"),
        ]
        let server = try await ServerUnderTest(try await DemoProject(specs: specs))
        let client = server.client
        let long = String(repeating: "a", count: 201)
        for (id, status, name) in [
            ("099", 404, "spec-not-found"), ("2026", 409, "spec-ambiguous"), (long, 422, "invalid-id"),
        ] {
            try check.expect(try await client.get("/specs/\(id)"), "getSpec", status: status, problem: name)
            try check.expect(try await client.get("/specs/\(id)/runs"), "listSpecRuns", status: status, problem: name)
            try check.expect(try await client.get("/specs/\(id)/log"), "getSpecLog", status: status, problem: name)
            try check.expect(try await client.post("/specs/\(id)/work"), "startWork", status: status, problem: name)
        }
        for body in [
            #"{"mode": "loop"}"#, #"{"follow": true}"#, #"{"max_specs": 1}"#, #"{"skip": ["lint"]}"#,
            #"{"agent": "nobody"}"#, #"{"timeout_seconds": 0}"#,
        ] {
            let answer = try await client.post("/specs/001/work", body)
            try check.expect(answer, "startWork", status: 422, problem: "invalid-value")
        }
        let unknown = try await client.post("/specs/001/work", #"{"by": "x"}"#)
        try check.expect(unknown, "startWork", status: 422, problem: "unknown-key")
        let copy = try await client.get("/specs/001?copy=worktree", accept: "text/markdown")
        try check.expect(copy, "getSpec", status: 404, problem: "run-not-found")
        let later = try await client.post("/specs/001/work?expect=done")
        try check.expect(later, "startWork", status: 422, problem: "invalid-value")
        try check.expect(try await client.post("/specs/002/work"), "startWork", status: 409, problem: "not-ready")
        try check.expect(try await client.get("/specs/001/log"), "getSpecLog", status: 404, problem: "run-not-found")
        try check.expect(try await client.get("/runs/r1"), "getRun", status: 404, problem: "run-not-found")
        try check.expect(try await client.get("/runs/r1/log"), "getRunLog", status: 404, problem: "run-not-found")
        try check.expect(try await client.post("/runs/r1/cancel"), "cancelRun", status: 404, problem: "run-not-found")
        let stop = try await client.post("/processes/4711/stop")
        try check.expect(stop, "stopProcess", status: 404, problem: "process-not-found")
        let wrong = try await client.post("/processes/4711/stop", #"{"run_id": "x"}"#)
        try check.expect(wrong, "stopProcess", status: 422, problem: "invalid-value")
        for query in [
            "status=done", "type=epic", "ready=maybe", "sort=title", "q=", "created_after=soon", "limit=0",
            "created_after=2026-02-30", "updated_after=2026-02-29T00:00:00Z",
        ] {
            let answer = try await client.get("/specs?\(query)")
            try check.expect(answer, "listSpecs", status: 422, problem: "invalid-value")
        }
        try check.expect(try await client.get("/specs?statuses=x"), "listSpecs", status: 422, problem: "unknown-key")
        for (target, name) in [("/specs", "listSpecs"), ("/runs", "listRuns"), ("/processes", "listProcesses")] {
            let answer = try await client.get("\(target)?cursor=bm8")
            try check.expect(answer, name, status: 400, problem: "bad-cursor")
        }
        try check.expect(try await client.get("/events?after=x"), "streamEvents", status: 400, problem: "bad-event-id")
    }

    @Test("everything else answers as the contract says")
    func rest() async throws {
        let server = try await ServerUnderTest(try await DemoProject())
        let client = server.client
        for (target, name) in [
            ("/specs", "listSpecs"), ("/runs?outcome=failed&outcome=refused&limit=500", "listRuns"),
            ("/runs?spec=001", "listRuns"), ("/work", "listOrders"), ("/runs?spec=gone", "listRuns"),
            ("/processes", "listProcesses"),
            ("/status", "getStatus"), ("/config", "getConfiguration"), ("/health/live", "getLiveness"),
            ("/health/ready", "getReadiness"),
            ("/version", "getVersion"), ("/openapi.yaml", "getContract"), ("/problems/not-ready", "getProblem"),
        ] {
            try check.expect(try await client.get(target), name, status: 200)
        }
        let isSame = try await client.get("/openapi.yaml").body == check.contract.bytes
        #expect(isSame)
        let page = try await client.get("/problems/agent-exit", accept: "text/html")
        try check.expect(page, "getProblem", status: 200)
        #expect(page.headers["content-type"]?.hasPrefix("text/html") == true)
        let none = try await client.get("/problems/weather")
        try check.expect(none, "getProblem", status: 404, problem: "route-not-found")
        for later in ["/metrics", "/mcp", "/specs/001/lint", "/"] {
            #expect(try await client.get(later).problem == "route-not-found", "\(later)")
        }
    }

    @Test("R32: events come with their numbers, resume behind one, and reset where the journal cannot go on")
    func events() async throws {
        let server = try await ServerUnderTest(try await DemoProject())
        let run = try await server.work("001")
        _ = try await server.settled(run)
        let stream = try await server.client.events("/events?after=0")
        let all = try await stream.events { $0.event == "order.settled" }
        #expect(all.map(\.id) == (1...all.count).map { String($0) })
        for event in all {
            let data = try JSONValue(parsing: Array(event.data.utf8))
            #expect(try SchemaCheck(check.contract).check(data, against: "Event") == [], "\(event)")
            #expect(data["type"]?.stringValue == event.event)
        }
        let rest = try await server.client.events("/events", after: "3")
        #expect(try await rest.events { $0.event == "order.settled" } == Array(all.dropFirst(3)))
        let beyond = try await server.client.events("/events", after: "999999")
        let reset = try #require(try await beyond.next())
        #expect(reset.event == "reset")
        #expect(reset.json["oldest"].number == 1)
        #expect(try await beyond.events { $0.event == "order.settled" } == all)
    }
}
