import ChantTesting
import Testing

@Suite("Refusals at the door")
struct RefusalTests {
    @Test("R17: a second POST while a run is live is 409 with the first run")
    func alreadyRunning() async throws {
        try await withService(.held) { server, project in
            let run = try await server.agentAtWork(try await server.work(first))
            let refused = try await server.client.post("/specs/\(first)/work")
            #expect(refused.status == 409)
            #expect(refused.problem == "already-running")
            #expect(refused.json["run_id"].text == run["id"].text)
            #expect(refused.json["pid"].number != nil)
            try project.release("go")
            #expect(try await Ending(server.settled(run)) == Ending("completed"))
            let late = try await server.client.post("/specs/\(first)/work")
            #expect(late.status == 409)
            #expect(late.problem == "not-startable")
            #expect(late.json["spec_status"].text == "completed")
        }
    }

    @Test("unknown and ambiguous ids are 404 and 409 with candidates; a partial id that is unique is resolved")
    func partialIDs() async throws {
        try await withService(specs: [DemoSpec(first), DemoSpec(second)]) { server, _ in
            let unknown = try await server.client.post("/specs/nothing-like-it/work")
            #expect(unknown.status == 404)
            #expect(unknown.problem == "spec-not-found")
            let ambiguous = try await server.client.get("/specs/2026-01-05")
            #expect(ambiguous.status == 409)
            #expect(ambiguous.problem == "spec-ambiguous")
            #expect(ambiguous.json["candidates"].texts.sorted() == [first, second])
            let partial = try await server.client.get("/specs/bbb")
            #expect(partial.status == 200)
            #expect(partial.json["id"].text == second)
            #expect(partial.headers["content-location"] == "/specs/\(second)")
        }
    }

    @Test("R10, R11: a blocked spec is 409 not-ready with its blockers, and starts when the request skips that")
    func notReady() async throws {
        let specs = [DemoSpec(first), DemoSpec(second, dependsOn: [first])]
        try await withService(specs: specs) { server, _ in
            let refused = try await server.client.post("/specs/\(second)/work")
            #expect(refused.status == 409)
            #expect(refused.problem == "not-ready")
            #expect(refused.json["blockers"][0]["id"].text == first)
            #expect(refused.json["blockers"][0]["why"].text == "status")
            #expect(try await server.status(of: second) == "pending")
            let run = try await server.finished(second, #"{"skip": ["dependencies"]}"#)
            #expect(Ending(run) == Ending("completed"))
        }
    }

    @Test("a spec whose dependency was completed by the service starts")
    func dependencyIsCompleted() async throws {
        let specs = [DemoSpec(first), DemoSpec(second, dependsOn: [first])]
        try await withService(specs: specs) { server, _ in
            for spec in [first, second] {
                let run = try await server.finished(spec)
                #expect(Ending(run) == Ending("completed"))
            }
        }
    }

    @Test("an open approval is 409 needs-approval, a rejected one approval-rejected; skip leaves the open one out")
    func approval() async throws {
        let open = DemoSpec(first, header: ["approval:", "  required: true", "  status: pending"])
        let rejected = DemoSpec(
            second,
            header: ["approval:", "  required: true", "  status: rejected", "  by: Ada"]
        )
        try await withService(specs: [open, rejected]) { server, _ in
            let refused = try await server.client.post("/specs/\(first)/work")
            #expect(refused.status == 409)
            #expect(refused.problem == "needs-approval")
            let other = try await server.client.post("/specs/\(second)/work")
            #expect(other.status == 409)
            #expect(other.problem == "approval-rejected")
            #expect(other.json["by"].text == "Ada")
            #expect(try await Ending(server.finished(first, #"{"skip": ["approval"]}"#)) == Ending("completed"))
        }
    }

    @Test("R3: an unreadable file is listed, and working it is 409 with the line")
    func unreadable() async throws {
        let broken = "---\nstatus: [never closed\n---\n\n# Broken\n"
        try await withService { server, project in
            try project.write(broken, to: ".chant/specs/broken.md")
            let list = try await server.client.json("/specs")
            let item = try #require(list["items"].list.first { $0["id"].text == "broken" })
            #expect(item["unreadable"]["detail"].text?.isEmpty == false)
            let refused = try await server.client.post("/specs/broken/work")
            #expect(refused.status == 409)
            #expect(refused.problem == "spec-unreadable")
            #expect(try project.specText("broken") == broken)
        }
    }

    @Test(
        "what cannot be meant is 422 by name",
        arguments: [
            (#"{"nonsense": 1}"#, "unknown-key"),
            (#"{"mode": "loop"}"#, "invalid-value"),
            (#"{"follow": true}"#, "invalid-value"),
            (#"{"agent": "nobody"}"#, "invalid-value"),
            (#"{"criteria": "perhaps"}"#, "invalid-value"),
            (#"{"timeout_seconds": -1}"#, "invalid-value"),
        ]
    )
    func nonsense(body: String, problem: String) async throws {
        try await withService { server, project in
            let refused = try await server.client.post("/specs/\(first)/work", body)
            #expect(refused.status == 422, "\(refused.text)")
            #expect(refused.problem == problem)
            #expect(!refused.json["errors"].list.isEmpty)
            #expect(try project.header("status") == "pending")
        }
    }

    @Test("a body that is no JSON is 400")
    func malformed() async throws {
        try await withService { server, _ in
            let refused = try await server.client.post("/specs/\(first)/work", "{")
            #expect(refused.status == 400)
            #expect(refused.problem == "malformed-request")
        }
    }

    @Test("a missing prompt and a missing agent's program are 409, and the spec's file is untouched")
    func missingThings() async throws {
        let agents = [
            "parallel:", "  agents:", "    - { name: mine, provider: command, command: [\"/nonexistent/agent\"] }",
            "    - { name: other, provider: kirocli, command: kiro }",
        ]
        try await withService(configuration: agents) { server, project in
            let before = try project.specText(first)
            let prompt = try await server.client.post("/specs/\(first)/work", #"{"prompt": "no-such-prompt"}"#)
            #expect(prompt.status == 409)
            #expect(prompt.problem == "prompt-missing")
            let agent = try await server.client.post("/specs/\(first)/work", #"{"agent": "mine"}"#)
            #expect(agent.status == 409)
            #expect(agent.problem == "agent-missing")
            let provider = try await server.client.post("/specs/\(first)/work", #"{"agent": "other"}"#)
            #expect(provider.status == 409)
            #expect(provider.problem == "provider-unsupported")
            #expect(provider.json["supported"].texts.sorted() == ["claude", "command", "demo"])
            #expect(try project.specText(first) == before)
        }
    }

    @Test("R35: a lock of another live program is 409 locked-by-other with its pid")
    func lockedByOther() async throws {
        try await withService { server, project in
            let other = try ChildProgram(
                "sleep",
                ["600"],
                environment: project.environment,
                folder: project.folder,
                output: "/dev/null",
                error: "/dev/null"
            )
            defer { other.send(9) }
            try project.write("\(other.pid)", to: ".chant/.locks/\(first).lock")
            let refused = try await server.client.post("/specs/\(first)/work")
            #expect(refused.status == 409)
            #expect(refused.problem == "locked-by-other")
            #expect(refused.json["pid"].number == Int(other.pid))
        }
    }
}
