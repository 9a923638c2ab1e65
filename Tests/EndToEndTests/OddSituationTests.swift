import ChantTesting
import Testing

@Suite("Odd situations")
struct OddSituationTests {
    typealias Row = OddSituation.Row

    @Test("each ends as the table says", arguments: OddSituation.all)
    func row(_ row: Row) async throws {
        try await withService(ScriptedAgent(row.agent), specs: [row.spec, DemoSpec(second)]) { server, project in
            let run = try await server.agentAtWork(try await server.work(first, row.options))
            try await row.meanwhile(project)
            try project.release("go")
            let settled = try await server.settled(run)
            #expect(Ending(settled) == row.ending, "\(settled)")
            #expect(settled["warnings"].list.map { $0["code"].text }.sorted { $0 ?? "" < $1 ?? "" } == row.warnings)
            #expect(try project.header("status") == row.status)
            let approval = row.spec.header.first.map { String($0.dropFirst("approval: ".count)) }
            #expect(try project.header("approval") == approval)
            try await Self.checkTarget(project, row)
            // Nothing that the agent committed is lost, and nobody else's spec was touched.
            for commit in settled["commits"].texts {
                #expect(!(try await project.git("for-each-ref", "--contains", commit)).isEmpty)
            }
            #expect(try project.header("status", of: second) == "pending")
            #expect(try await server.client.json("/processes")["items"].list.isEmpty)
            #expect(try await project.git("status", "--porcelain", ".chant/config.md") == "")
        }
    }

    private static func checkTarget(_ project: DemoProject, _ row: Row) async throws {
        let target = try await project.git("for-each-ref", "--format=%(refname)", "refs/heads/main")
        guard !target.isEmpty else { return }
        let finished = try await project.git("log", "--format=%s", "main").contains("chant: complete \(first)")
        #expect(finished == row.isMerged)
        guard row.isMerged else { return }
        #expect(try await project.git("show", "main:work-\(first).txt") == "worked")
        #expect(try await project.git("show", "main:\(OddSituation.specFile)").contains("status: completed"))
    }

    @Test("R51: commits of the target that the agent merged in are not the run's")
    func mergedIn() async throws {
        let agent = ScriptedAgent(OddSituation.after(.shell("git merge -q --no-edit main")))
        try await withService(agent) { server, project in
            let run = try await server.agentAtWork(try await server.work(first))
            try project.write("theirs\n", to: "theirs.txt")
            try await project.git("add", "theirs.txt")
            try await project.git("commit", "-q", "-m", "Theirs", "theirs.txt")
            try project.release("go")
            let settled = try await server.settled(run)
            #expect(Ending(settled) == Ending("completed"), "\(settled)")
            let subjects = try await project.git("log", "--no-walk", "--format=%s", settled["commits"][0].text ?? "")
            #expect(settled["commits"].list.count == 1 && subjects == "chant(\(first)): work")
        }
    }

    @Test("R35: a spec that is cancelled in its file while its run waits is never started")
    func cancelledWhileQueued() async throws {
        try await withService(.held, specs: [DemoSpec(first), DemoSpec(second)], flags: ["--workers", "1"]) {
            server,
            project in
            let running = try await server.agentAtWork(try await server.work(first))
            let waiting = try await server.work(second)
            try project.write(DemoSpec(second, status: "cancelled").text, to: ".chant/specs/\(second).md")
            let settled = try await server.settled(waiting)
            #expect(Ending(settled) == Ending("cancelled", "spec-cancelled"))
            #expect(settled["started_at"] == .null)
            #expect(try project.specText(second) == DemoSpec(second, status: "cancelled").text)
            try project.release("go")
            #expect(try await Ending(server.settled(running)) == Ending("completed"))
        }
    }

    @Test("R35: a spec that is cancelled in its file while no service runs does not start again")
    func cancelledWhileAway() async throws {
        try await withTurn {
            let project = try await DemoProject(agent: .held, specs: [DemoSpec(first)])
            let server = try await ServerUnderTest(project)
            let run = try await server.agentAtWork(try await server.work(first))
            try await server.crash()
            let text = try project.specText(first).replacing("status: in_progress", with: "status: cancelled")
            try project.write(text, to: OddSituation.specFile)
            let next = try await ServerUnderTest(project)
            try project.release("go")
            let settled = try await next.settled(run)
            #expect(Ending(settled) == Ending("cancelled", "spec-cancelled"), "\(settled)")
            #expect(settled["next_run"] == .null)
            #expect(try project.header("status") == "cancelled")
            #expect(try await next.stop() == .code(0))
        }
    }
}
