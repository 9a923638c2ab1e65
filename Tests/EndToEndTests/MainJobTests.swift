import ChantTesting
import Testing

@Suite("The main job")
struct MainJobTests {
    @Test("R7, R8: a POST becomes a merged commit and a finished spec")
    func workIsMerged() async throws {
        try await withService { server, project in
            let base = try await project.git("rev-parse", "main")
            let answer = try await server.client.post("/specs/001/work")
            #expect(answer.status == 202)
            #expect(answer.headers["location"] == "/runs/\(answer.json["id"].text ?? "")")
            #expect(answer.json["kind"].text == "run")
            #expect(answer.json["spec_id"].text == first)
            let run = try await server.settled(answer.json)
            #expect(Ending(run) == Ending("completed"))
            #expect(run["base_commit"].text == base)
            #expect(run["exit_code"].number == 0)
            #expect(run["commits"].list.count == 1)
            #expect(try await project.git("rev-parse", "main") == run["merge_commit"].text)
            #expect(try project.text("work-\(first).txt") == "worked\n")
            #expect(try await project.git("status", "--porcelain") == "")
            try await project.checkFinishingCommit(of: run, base: base)
        }
    }

    @Test("R8: the spec's file says who did what and when, on disk and on the branch")
    func specIsFinalized() async throws {
        try await withService { server, project in
            let before = try project.specText(first)
            let run = try await server.finished(first, #"{"model": "sonnet"}"#)
            let text = try project.specText(first)
            #expect(try await project.git("show", "main:.chant/specs/\(first).md") + "\n" == text)
            #expect(try project.header("status") == "completed")
            #expect(try project.header("model") == "sonnet")
            let completedAt = try #require(try project.header("completed_at"))
            #expect(completedAt.contains(#/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ/#))
            let hash = try #require(run["commits"][0].text)
            let short = try await project.git("rev-parse", "--short", hash)
            #expect(
                text.contains("- \(short)\n") || text.contains("- '\(short)'\n") || text.contains("- \"\(short)\"\n")
            )
            #expect(text.contains("- [x] It is done"))
            // The body is the one that was written, but for the tick.
            let body = before.split(separator: "---\n").last.map { $0.replacing("- [ ]", with: "- [x]") }
            #expect(text.hasSuffix(try #require(body)))
            let spec = try await server.client.json("/specs/\(first)")
            #expect(spec["status"].text == "completed")
            #expect(spec["commits"].texts == [short])
            #expect(spec["run_id"].text == run["id"].text)
            #expect(spec["criteria"]["checked"].number == 1)
        }
    }

    @Test("nothing of the run is left behind: no worktree, no lock, no process, no ref of the finishing commit")
    func nothingIsLeft() async throws {
        try await withService { server, project in
            let run = try await server.finished()
            try await eventually("the worktree is gone") { try await project.otherWorktrees().isEmpty }
            #expect(try await server.client.json("/processes")["items"].list.isEmpty)
            try await eventually("the lock is gone") {
                !project.exists("\(project.checkout)/.chant/.locks/\(first).lock")
            }
            let refs = try await project.git("for-each-ref", "--format=%(refname)", "refs/chant/finish")
            #expect(refs == "", "\(run)")
        }
    }

    @Test("waived commits: a run without any completes when the request allows it")
    func commitsCanBeWaived() async throws {
        try await withService(ScriptedAgent([.say("nothing to do"), .tick])) { server, project in
            let run = try await server.finished(first, #"{"allow_no_commits": true}"#)
            #expect(Ending(run) == Ending("completed"))
            #expect(try project.header("status") == "completed")
            #expect(try project.header("commits") == nil)
        }
    }

    @Test("R66: the built-in demo agent works a spec that was made through the API")
    func demoAgent() async throws {
        let agents = ["parallel:", "  agents:", "    - { name: pretend, provider: demo }"]
        try await withService(configuration: agents) { server, project in
            let body = #"{"title": "Say hello", "body": "Please.\n\n## Acceptance Criteria\n\n- [ ] Said\n"}"#
            let created = try await server.client.post("/specs", body)
            #expect(created.status == 201, "\(created.text)")
            let id = try #require(created.json["id"].text)
            #expect(created.headers["location"] == "/specs/\(id)")
            let run = try await server.finished(id)
            #expect(Ending(run) == Ending("completed"), "\(run)")
            #expect(run["agent"].text == "pretend")
            let file = try await server.client.get("/specs/\(id)", accept: "text/markdown")
            #expect(file.headers["content-type"]?.hasPrefix("text/markdown") == true)
            #expect(try project.specText(id) == file.text)
            #expect(file.text.contains("# Say hello") && file.text.contains("- [x] Said"))
        }
    }

    @Test("GET /processes is true while the agent runs", arguments: [1])
    func processesAreShown(specs: Int) async throws {
        try await withService(.held) { server, project in
            let run = try await server.agentAtWork(try await server.work(first))
            let processes = try await server.client.json("/processes")
            let agent = processes["items"][0]
            #expect(processes["items"].list.count == specs)
            #expect(processes["summary"]["running"].number == specs)
            #expect(agent["run_id"].text == run["id"].text)
            #expect(agent["spec_id"].text == first)
            #expect(agent["state"].text == "running")
            #expect(agent["owner"].text == "server")
            #expect(agent["worktree"].text == run["worktree"].text)
            let pid = try #require(agent["pid"].number)
            #expect(project.exists("/proc/\(pid)"))
            #expect(try await server.status() == "in_progress")
            #expect(try project.header("status") == "in_progress")
            try project.release("go")
            #expect(try await Ending(server.settled(run)) == Ending("completed"))
            #expect(try await server.client.json("/processes")["items"].list.isEmpty)
            #expect(!project.exists("/proc/\(pid)"))
        }
    }

    @Test("R57: what a person writes into the spec's body meanwhile is kept")
    func editsMeanwhileAreMerged() async throws {
        try await withService(.held) { server, project in
            let run = try await server.agentAtWork(try await server.work(first))
            let text = try project.specText(first)
            try project.write(
                text.replacing("What to do.", with: "What to do, in detail."),
                to: ".chant/specs/\(first).md"
            )
            try project.release("go")
            #expect(try await Ending(server.settled(run)) == Ending("completed"))
            let finished = try project.specText(first)
            #expect(finished.contains("What to do, in detail."))
            #expect(finished.contains("- [x] It is done"))
            #expect(try project.header("status") == "completed")
        }
    }
}

extension DemoProject {
    /// One commit with two parents, the trailers, and the spec in it.
    fileprivate func checkFinishingCommit(of run: JSON, base: String) async throws {
        let id = run["id"].text ?? ""
        #expect(try await git("log", "-1", "--format=%s", "main") == "chant: complete \(first)")
        #expect(try await git("log", "-1", "--format=%P", "main") == "\(base) \(run["commits"][0].text ?? "")")
        #expect(try await git("log", "-1", "--format=%(trailers:key=Chant-Spec,valueonly)", "main").contains(first))
        #expect(try await git("log", "-1", "--format=%(trailers:key=Chant-Run,valueonly)", "main").contains(id))
        #expect(try await git("log", "-1", "--format=%an <%ae>", "main") == "Chant Server <server@chant.invalid>")
        #expect(try await git("log", "-1", "--format=%an", "main^2") == "Test User")
        let files = try await git("diff", "--name-only", "main^1", "main").split(separator: "\n").map(String.init)
        #expect(files.sorted() == [".chant/specs/\(first).md", "work-\(first).txt"])
    }
}
