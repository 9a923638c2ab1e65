import ChantTesting
import Testing

@Suite("Worktrees and prompts of the built service")
struct WorktreeTests {
    @Test("R29: a service that is killed amid a set-up leaves nothing of it; the spec is worked by the next")
    func killedAmidSetUp() async throws {
        try await withTurn {
            let keys = ["worktree: { setup: [./prepare.sh] }", "limits: { stop_grace: 300ms }"]
            let project = try await DemoProject(server: keys)
            // The first time it hangs, the second time it works.
            let script = """
                #!/bin/sh
                if [ ! -e '\(project.folder)/pid' ]; then
                  echo $$ > '\(project.folder)/pid'; echo hanging; sleep 3600
                fi
                echo prepared
                """
            try project.write(script + "\n", to: "prepare.sh")
            _ = try await project.run("chmod", ["755", "prepare.sh"])
            let first = try await ServerUnderTest(project)
            let run = try await first.work("001")
            let id = run["id"].text ?? ""
            try await eventually("the set-up's words, while it runs") {
                try await first.client.get("/runs/\(id)/log?follow=0").text.contains("hanging")
            }
            try await first.crash()
            let pid = try #require(Int(try project.text(atPath: "\(project.folder)/pid").filter(\.isNumber)))
            let second = try await ServerUnderTest(project)
            let lost = try await second.settled(run)
            #expect(lost["outcome"].text == "interrupted")
            try await eventually("the end of the first set-up") {
                !project.exists("/proc/\(pid)")
                    || (try? project.text(atPath: "/proc/\(pid)/stat").contains(") Z ")) ?? true
            }
            let next = try await second.run(lost["next_run"].text ?? "") { $0["state"].text == "settled" }
            #expect(next["outcome"].text == "completed", "\(next)")
            #expect(try await second.client.get("/specs/001/log").text.contains("prepared"))
            #expect(try await second.stop() == .code(0))
        }
    }

    @Test("R26: a set-up command is among the processes while it runs, and is stopped like an agent")
    func listedSetUp() async throws {
        let keys = ["worktree: { setup: [sh, -c, \"echo $$; exec sleep 3600\"] }", "limits: { stop_grace: 300ms }"]
        try await withService(server: keys) { server, _ in
            let run = try await server.work("001")
            var found = JSON.null
            try await eventually("the set-up's process") {
                found = try await server.client.json("/processes")["items"].list.first ?? .null
                return found != .null
            }
            #expect(found["role"].text == "setup")
            #expect(found["run_id"].text == run["id"].text)
            #expect(found["state"].text == "running")
            #expect(found["worktree"].text != nil && found["adopted"].flag == false)
            let pid = try #require(found["pid"].number)
            try await eventually("the set-up's output") {
                try await server.client.get("/runs/\(run["id"].text ?? "")/log").text.contains("\n\(pid)\n")
            }
            #expect(try await server.client.post("/processes/\(pid)/stop", "{}").status == 202)
            #expect(Ending(try await server.settled(run)) == Ending("cancelled", "run-cancelled"))
            #expect(try await server.client.json("/processes")["total"].number == 0)
        }
    }

    @Test("setup-failed and the note are on the wire as the contract says")
    func onTheWire() async throws {
        try await withService(server: ["worktree: { setup: [sh, -c, \"echo broken >&2; exit 7\"] }"]) { server, _ in
            let run = try await server.finished(first, #"{"note": "Try harder."}"#)
            #expect(Ending(run) == Ending("failed", "setup-failed"))
            #expect(run["note"].text == "Try harder.")
            #expect(run["problem"]["code"].number == 7)
            #expect(run["problem"]["stderr"].text == "broken\n")
            #expect(try await server.client.get("/problems/setup-failed").status == 200)
        }
    }

    @Test("GET /specs/{id}/prompt: as JSON, as markdown, with another prompt and a note; refusals")
    func prompt() async throws {
        try await withService(specs: [DemoSpec(first), DemoSpec(second)]) { server, project in
            let client = server.client
            let json = try await client.json("/specs/001/prompt")
            #expect(json["prompt"].text == "standard" && json["source"].text == "built-in")
            let message = json["message"].text ?? ""
            #expect(message.contains("# Do the work") && message.contains("`chant/\(first)`"))
            let markdown = try await client.get("/specs/001/prompt", accept: "text/markdown")
            #expect(markdown.text == message)
            #expect(markdown.headers["content-location"] == "/specs/\(first)/prompt")
            let other = try await client.json("/specs/001/prompt?prompt=verify&note=Look%20twice")
            #expect(other["prompt"].text == "verify")
            #expect(other["message"].text?.hasSuffix("Look twice\n") == true)
            #expect(try await client.get("/specs/001/prompt?prompt=gone").problem == "prompt-missing")
            #expect(try await client.get("/specs/001/prompt?prompt=..%2Fconfig").problem == "prompt-missing")
            #expect(try await client.get("/specs/001/prompt?x=1").problem == "unknown-key")
            #expect(try await client.get("/specs/009/prompt").problem == "spec-not-found")
            #expect(try await client.get("/specs/001/prompt", accept: "image/png").status == 406)
            try project.write("---\nstatus: odd\n---\n", to: ".chant/specs/broken.md")
            try await eventually("the broken file") {
                try await client.get("/specs/broken/prompt").problem == "spec-unreadable"
            }
            for note in [#"" ""#, "5", "\"\(String(repeating: "x", count: 65_537))\""] {
                let answer = try await client.post("/specs/001/work", "{\"note\": \(note)}")
                #expect(answer.problem == "invalid-value", "\(note.prefix(20))")
            }
        }
    }
}
