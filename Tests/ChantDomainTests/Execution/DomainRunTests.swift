import ChantTesting
import Testing

@testable import ChantDomain

@Suite("Domain: runs that complete")
struct DomainRunTests {
    private let id = DomainWorld.spec

    @Test("R7, R8: a run ends with one commit on the target, a completed spec and a clean checkout")
    func completes() async throws {
        let world = try await DomainWorld()
        let before = try await world.project.git("rev-parse", "main")
        let run = try await world.work()
        #expect(run.outcome == .completed)
        #expect(run.reason == nil)
        #expect(run.warnings.isEmpty)
        let merge = try #require(run.mergeCommit)
        #expect(try await world.project.git("rev-parse", "main") == merge)
        #expect(try await world.project.git("rev-parse", "main^1") == before)
        #expect(try await world.project.git("rev-parse", "main^2") == run.commits.last)
        let message = try await world.project.git("log", "-1", "--format=%B", "main")
        #expect(message.hasPrefix("chant: complete \(id)\n"))
        #expect(message.contains("Chant-Spec: \(id)\nChant-Run: \(run.id)"))
        let authors = try await world.project.git("log", "-1", "--format=%an <%ae> %cn", "main")
        #expect(authors == "Chant Server <server@chant.invalid> Chant Server")
        #expect(try await world.status() == "")
        #expect(try world.project.text("work-\(id).txt") == "worked\n")
        let spec = try world.spec()
        #expect(spec.status == .completed)
        #expect(spec.model == "main")
        #expect(spec.completedAt?.hasSuffix("Z") == true)
        let short = try #require(spec.commits.first)
        #expect(spec.commits.count == 1)
        #expect(run.commits.first?.hasPrefix(short) == true)
        #expect(try await world.project.git("show", "main:.chant/specs/\(id).md") + "\n" == world.project.specText(id))
    }

    @Test("a completed run leaves no branch, ref, worktree or lock, and says where its time went")
    func leavesNothing() async throws {
        let world = try await DomainWorld()
        let run = try await world.work()
        #expect(try await world.refs("refs/chant") == [])
        #expect(try await world.refs("refs/heads") == ["refs/heads/main"])
        let worktree = try #require(run.worktree)
        #expect(!world.project.exists(worktree))
        #expect(!world.project.exists("\(world.project.checkout)/.chant/.locks/\(id).lock"))
        let timings = run.timings
        for time in [timings.queuedMs, timings.prepareMs, timings.gitMs, timings.spawnMs, timings.settleMs] {
            #expect(time != nil)
        }
        #expect(run.timings.gitMs ?? 0 > 0)
    }

    @Test("R32: the events of a run in order, the spec's changes with both statuses")
    func events() async throws {
        let world = try await DomainWorld()
        let events = try await world.serving { domain in
            let run = try await domain.start(self.id)
            _ = try await domain.settled(run.id)
            return try await domain.events()
        }
        let changes = events.compactMap { event in
            if case .specChanged(let change) = event { "\(change.from ?? "-") \(change.to ?? "-")" } else { nil }
        }
        #expect(changes == ["pending in_progress", "in_progress completed"])
        let stages = events.compactMap { event in
            if case .runStage(let facts) = event { facts.stage } else { nil }
        }
        #expect(stages == [.validate, .prepare, .invokeAgent, .collectCommits, .finalize])
        let types = events.map(\.type).filter { $0 != "run.stage" && $0 != "spec.changed" }
        #expect(
            types == [
                "service.started", "order.created", "run.queued", "run.started", "process.started", "process.exited",
                "run.settled", "order.settled",
            ]
        )
    }

    @Test("R9: the last member completes its driver in the same commit")
    func completesDriver() async throws {
        let driver = "2026-01-05-001-drv"
        let world = try await DomainWorld(specs: [
            DemoSpec(driver), DemoSpec("\(driver).1", status: "completed"), DemoSpec("\(driver).2"),
        ])
        let run = try await world.work("\(driver).2")
        #expect(run.outcome == .completed)
        let spec = try world.spec(driver)
        #expect(spec.status == .completed)
        #expect(spec.model == "auto-completed")
        #expect(spec.commits.isEmpty)
        let files = try await world.project.git("diff", "--name-only", "main^1", "main", "--", ".chant")
        #expect(files == ".chant/specs/\(driver).2.md\n.chant/specs/\(driver).md")
        #expect(try await world.status() == "")
    }

    @Test("F3: a .chant that git ignores gets its spec completed and nothing of it committed")
    func ignoredChant() async throws {
        let world = try await DomainWorld()
        try world.project.write(".chant/\n", to: ".gitignore")
        try await world.project.git("rm", "-r", "-q", "--cached", ".chant")
        try await world.project.git("add", ".gitignore")
        try await world.project.git("commit", "-q", "-m", "Ignore .chant")
        let run = try await world.work()
        #expect(run.outcome == .completed)
        #expect(try world.spec().status == .completed)
        #expect(try await world.project.git("ls-files", ".chant") == "")
        #expect(try await world.project.git("show", "main:work-\(id).txt") == "worked")
        #expect(try await world.status() == "")
    }

    @Test("R58: without commits and with an ignored spec there is no finishing commit", arguments: [true, false])
    func waivedCommits(isIgnored: Bool) async throws {
        let world = try await DomainWorld(agent: ScriptedAgent([.say("nothing to do"), .tick]))
        if isIgnored {
            try world.project.write(".chant/\n", to: ".gitignore")
            try await world.project.git("rm", "-r", "-q", "--cached", ".chant")
            try await world.project.git("add", ".gitignore")
            try await world.project.git("commit", "-q", "-m", "Ignore .chant")
        }
        let before = try await world.project.git("rev-parse", "main")
        let run = try await world.work(id, RunOptions(allowNoCommits: true))
        #expect(run.outcome == .completed)
        #expect((run.mergeCommit == nil) == isIgnored)
        #expect((try await world.project.git("rev-parse", "main") == before) == isIgnored)
        let spec = try world.spec()
        #expect(spec.status == .completed)
        #expect(spec.commits.isEmpty)
        #expect(try await world.status() == "")
    }

    @Test("R49: `from: branch` goes on from the kept branch, and its commits count")
    func fromBranch() async throws {
        let world = try await DomainWorld(agent: .diligent(then: .exit(3)))
        let first = try await world.work()
        #expect(first.reason == .agentExit)
        #expect(try world.spec().status == .failed)
        try world.project.script(.diligent)
        let second = try await world.work(id, RunOptions(from: .branch))
        #expect(second.outcome == .completed)
        #expect(second.commits.count == 2)
        #expect(try world.project.text("work-\(id).txt") == "worked\nworked\n")
    }

    @Test("R49, R53: a fresh start keeps the old tip; what nobody holds is kept as leftovers")
    func keepsOldWork() async throws {
        let world = try await DomainWorld(
            agent: .diligent(then: .append("draft", to: "draft.txt"), .exit(1)),
            server: ["keep_failed: 0s"]
        )
        let first = try await world.work()
        #expect(try await world.refs("refs/chant/left") == ["refs/chant/left/\(first.id)"])
        let draft = try await world.project.git("show", "refs/chant/left/\(first.id):draft.txt")
        #expect(draft == "draft")
        try world.project.script(.diligent)
        let second = try await world.work()
        #expect(second.outcome == .completed)
        #expect(second.commits.count == 1)
        #expect(try await world.refs("refs/chant/kept") == ["refs/chant/kept/\(id)/\(second.id)"])
    }

    @Test("a spec in a folder below specs is finished where it lies, without a second file")
    func specInFolder() async throws {
        let world = try await DomainWorld()
        let specs = ".chant/specs"
        _ = try await world.project.run("mkdir", ["\(specs)/later"])
        try await world.project.git("mv", "\(specs)/\(id).md", "\(specs)/later/\(id).md")
        try await world.project.git("commit", "-q", "-m", "Move")
        let run = try await world.work()
        #expect(run.outcome == .completed, "\(run.problem?.detail ?? "")")
        #expect(try world.project.text("\(specs)/later/\(id).md").contains("status: completed"))
        #expect(try await world.project.git("ls-files", specs) == "\(specs)/later/\(id).md")
        #expect(try await world.status() == "")
    }
}
