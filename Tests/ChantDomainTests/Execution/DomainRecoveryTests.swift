import ChantTesting
import Foundation
import Testing

@testable import ChantDomain

@Suite("Domain: recovery")
struct DomainRecoveryTests {
    private let id = DomainWorld.spec

    /// A run that a service left when its process was killed, in a state of the test's choice.
    private func left(_ world: DomainWorld, _ change: (inout Run) -> Void) throws -> Run {
        let path = "\(world.project.checkout)/.chant"
        let run = Fixture.run(spec: id, projectPath: path)
        return try world.journal { journal in
            try journal.accept(run, order: Fixture.order(of: run))
            try journal.update(run.id, from: [.queued]) { $0.state = .preparing }
            return try journal.update(run.id, from: [.preparing]) { run in
                run.state = .running
                change(&run)
            }
        }
    }

    @Test("R29, R45: what an earlier service left is interrupted, the spec pending, and the next run queued")
    func interrupted() async throws {
        let world = try await DomainWorld(specs: [DemoSpec(id, status: "in_progress")])
        let old = try left(world) { _ in }
        let domain = try await world.open()
        defer { domain.close() }
        #expect(try await domain.recover() == 1)
        let run = try domain.runs.run(old.id)
        #expect(run.outcome == .interrupted)
        #expect(run.reason == .serviceStopped)
        #expect(try world.spec().status == .pending)
        let next = try domain.runs.run(try #require(run.nextRun))
        #expect(next.state == .queued)
        #expect(next.retryOf == old.id)
        #expect(next.interruptions == 1)
    }

    @Test("R45: the fourth interruption in an order is a failure")
    func tooOften() async throws {
        let world = try await DomainWorld(specs: [DemoSpec(id, status: "in_progress")])
        let old = try left(world) { $0.interruptions = 3 }
        let domain = try await world.open()
        defer { domain.close() }
        try await domain.recover()
        let run = try domain.runs.run(old.id)
        #expect(run.outcome == .failed)
        #expect(run.reason == .interruptedTooOften)
        #expect(run.nextRun == nil)
        #expect(try world.spec().status == .failed)
    }

    @Test("R58: a cancel that was journaled is not forgotten")
    func cancelled() async throws {
        let world = try await DomainWorld(specs: [DemoSpec(id, status: "in_progress")])
        let old = try left(world) { $0.cancelRequested = true }
        let domain = try await world.open()
        defer { domain.close() }
        try await domain.recover()
        let run = try domain.runs.run(old.id)
        #expect(run.outcome == .cancelled)
        #expect(run.nextRun == nil)
        #expect(try world.spec().status == .pending)
    }

    @Test("R58: a finishing commit that reached the target completes the run and its spec")
    func completed() async throws {
        let world = try await DomainWorld(specs: [DemoSpec(id, status: "in_progress")])
        let before = try await world.project.git("rev-parse", "main")
        try await world.project.git("commit", "-q", "--allow-empty", "-m", "chant: complete \(id)")
        let commit = try await world.project.git("rev-parse", "main")
        let old = try left(world) { $0.commits = [commit] }
        try world.journal { journal in
            try journal.recordFinishing(
                run: old.id,
                FinishingRecord(target: "main", old: before, tip: before, commit: commit)
            )
        }
        let folder = RunFolder(stateFolder: world.project.state, run: old.id)
        try folder.create(for: old)
        let placed = Array(try world.project.specText(id).utf8)
        try LocalFileSystem().replace(placed, at: folder.specBeforeFile, mode: 0o600)
        let domain = try await world.open()
        defer { domain.close() }
        try await domain.recover()
        let run = try domain.runs.run(old.id)
        #expect(run.outcome == .completed)
        #expect(run.mergeCommit == commit)
        let spec = try world.spec()
        #expect(spec.status == .completed)
        #expect(spec.commits.map { commit.hasPrefix($0) } == [true])
    }

    /// A commit that is on no branch, as the finishing commit of a run that was left.
    private func unreached(_ world: DomainWorld) async throws -> (run: Run, object: String, commit: String) {
        let tip = try await world.project.git("rev-parse", "main")
        let commit = try await world.project.git("commit-tree", "-p", tip, "-m", "chant: complete", "\(tip)^{tree}")
        let old = try left(world) { _ in }
        try world.journal { journal in
            try journal.recordFinishing(
                run: old.id,
                FinishingRecord(target: "main", old: tip, tip: tip, commit: commit)
            )
        }
        try await world.project.git("update-ref", "refs/chant/finish/\(old.id)", commit)
        return (old, "\(world.project.checkout)/.git/objects/\(commit.prefix(2))/\(commit.dropFirst(2))", commit)
    }

    @Test("R58: where git cannot say whether a finishing commit arrived, the run does not start again")
    func undecided() async throws {
        let world = try await DomainWorld(specs: [DemoSpec(id, status: "in_progress")])
        let (old, object, commit) = try await unreached(world)
        _ = try await world.project.run("sh", ["-c", "chmod 644 '\(object)'; echo broken >'\(object)'"])
        let domain = try await world.open()
        defer { domain.close() }
        try await domain.recover()
        let run = try domain.runs.run(old.id)
        #expect(run.outcome == .failed)
        #expect(run.reason == .internalError)
        #expect(run.nextRun == nil)
        #expect(run.problem?.members["commit"] == .text(commit))
        #expect(try world.spec().status == .failed)
        #expect(world.project.exists("\(world.project.checkout)/.git/refs/chant/finish/\(old.id)"))
    }

    @Test("R58: a finishing commit that was lost with the power did not arrive")
    func lost() async throws {
        let world = try await DomainWorld(specs: [DemoSpec(id, status: "in_progress")])
        let (old, object, _) = try await unreached(world)
        _ = try await world.project.run("rm", ["-f", object])
        let domain = try await world.open()
        defer { domain.close() }
        try await domain.recover()
        let run = try domain.runs.run(old.id)
        #expect(run.outcome == .interrupted)
        #expect(run.nextRun != nil)
        #expect(try world.spec().status == .pending)
    }

    @Test("F3: index entries of a finishing commit that did not reach the target are put back")
    func indexPutBack() async throws {
        let world = try await DomainWorld(specs: [DemoSpec(id, status: "in_progress")])
        let path = ".chant/specs/\(id).md"
        let tip = try await world.project.git("rev-parse", "main")
        let earlier = try await world.project.git("rev-parse", "main:\(path)")
        let text = try world.project.specText(id)
        try world.project.write(text.replacing("in_progress", with: "completed"), to: path)
        try await world.project.git("add", path)
        let tree = try await world.project.git("write-tree")
        let commit = try await world.project.git("commit-tree", "-p", tip, "-m", "M", tree)
        try world.project.write(text, to: path)
        let old = try left(world) { _ in }
        try await world.project.git("update-ref", "refs/chant/finish/\(old.id)", commit)
        try world.journal { journal in
            try journal.recordFinishing(
                run: old.id,
                FinishingRecord(
                    target: "main",
                    old: tip,
                    tip: tip,
                    commit: commit,
                    indexEntries: [.init(path: path, mode: "100644", blob: earlier)]
                )
            )
        }
        let domain = try await world.open()
        defer { domain.close() }
        try await domain.recover()
        #expect(try domain.runs.run(old.id).outcome == .interrupted)
        #expect(try await world.project.git("diff", "--cached", "--name-only") == "")
        #expect(try await world.refs("refs/chant/finish") == [])
    }

    @Test(
        "R18: an agent whose worktree nobody knows any more is stopped through its supervisor, and its run starts again"
    )
    func liveAgent() async throws {
        let world = try await DomainWorld(agent: .held, specs: [DemoSpec(id, status: "in_progress")])
        let old = try left(world) { _ in }
        let folder = RunFolder(stateFolder: world.project.state, run: old.id)
        try folder.create(for: old)
        let supervisor = Spawner(supervisorProgram: [try BuiltProducts.chantServer(), "supervise"])
        let agent = try await supervisor.start(
            AgentLaunch(
                runID: old.id,
                runFolder: folder.path,
                program: "/bin/sleep",
                arguments: ["3600"],
                environment: ["PATH": "/usr/bin:/bin", "CHANT_RUN_ID": old.id.text],
                workingFolder: "/",
                limits: SupervisorLimits(
                    wall: .seconds(60),
                    idle: .seconds(60),
                    stopGrace: .seconds(1),
                    logBytes: 1 << 20
                ),
                separateErrorFile: false
            ),
            deadline: .seconds(20)
        )
        let domain = try await world.open()
        defer { domain.close() }
        try await domain.recover()
        #expect(agent.agent.liveness == .gone)
        #expect(agent.supervisor.liveness == .gone)
        #expect(try domain.runs.run(old.id).reason == .serviceStopped)
    }

    @Test("R43: a completed run of before is not touched, nor an in_progress spec without a run")
    func foreign() async throws {
        let world = try await DomainWorld(specs: [DemoSpec(id, status: "in_progress")])
        let domain = try await world.open()
        defer { domain.close() }
        #expect(try await domain.recover() == 0)
        #expect(try world.spec().status == .inProgress)
        let listing = try await domain.specs.get(try specID(id))
        guard case .readable(let view) = listing else {
            Issue.record("unreadable")
            return
        }
        #expect(view.stale)
    }

    @Test("the branch of a completed run that a killed service left goes at the start; one that moved on stays")
    func finishedBranch() async throws {
        let world = try await DomainWorld()
        let done = try await world.work()
        let head = try #require(done.headCommit)
        try await world.project.git("branch", done.branch, head)
        try await world.serving { _ in }
        #expect(try await world.refs("refs/heads/\(done.branch)") == [])
        try await world.project.git("branch", done.branch, "main")
        try await world.serving { _ in }
        #expect(try await world.refs("refs/heads/\(done.branch)") == ["refs/heads/\(done.branch)"])
    }
}
