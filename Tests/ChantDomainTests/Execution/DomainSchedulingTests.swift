import ChantTesting
import GRDB
import Testing

@testable import ChantDomain

@Suite("Domain: queue, cancel and stop")
struct DomainSchedulingTests {
    private static func specs(_ count: Int) -> [DemoSpec] {
        (1...count).map { DemoSpec("2026-01-05-00\($0)-aaa") }
    }

    @Test("R47: workers and agents' limits hold, the oldest starts first, the rest says what it waits for")
    func limits() async throws {
        let world = try await DomainWorld(agent: .held, specs: Self.specs(5))
        let runs = try await world.serving(workers: 3) { domain in
            var started: [RunID] = []
            for spec in Self.specs(5) { started.append(try await domain.start(spec.id).id) }
            for id in started.prefix(2) { try await domain.reached(id, "running") { $0.state == .running } }
            // `main` without max_concurrent: 2 at once.
            for id in started.dropFirst(2) {
                let run = try domain.runs.run(id)
                #expect(run.state == .queued)
                #expect(await domain.runs.waiting(for: run) == [.agent("main")])
            }
            let status = try await domain.status.status()
            #expect(status.busyWorkers == 2)
            #expect(status.queueLength == 3)
            try world.project.release("go")
            var settled: [Run] = []
            for id in started { settled.append(try await domain.settled(id)) }
            return settled
        }
        #expect(runs.allSatisfy { $0.outcome == .completed })
        let starts = runs.compactMap(\.startedAt)
        #expect(starts == starts.sorted())
        #expect(try await world.status() == "")
    }

    @Test("R47: a run whose agent is configured no more takes a place of the one that works it instead")
    func vanishedAgent() async throws {
        let world = try await DomainWorld(agent: .held, specs: Self.specs(3))
        let domain = try await world.open()
        var started: [RunID] = []
        for spec in Self.specs(3) { started.append(try await domain.start(spec.id).id) }
        domain.close()
        let ids = started
        let sql = "UPDATE runs SET agent = 'gone' WHERE id = ?"
        try world.journal { journal in
            try journal.pool.writeWithoutTransaction { try $0.execute(sql: sql, arguments: [ids[0].text]) }
        }
        try await world.serving { domain in
            for id in ids.prefix(2) { try await domain.atWork(id) }
            #expect(try domain.runs.run(ids[0]).agent == "main")
            let third = try domain.runs.run(ids[2])
            #expect(third.state == .queued)
            #expect(await domain.runs.waiting(for: third) == [.agent("main")])
            try world.project.release("go")
            for id in ids { #expect(try await domain.settled(id).outcome == .completed) }
        }
    }

    @Test("R58: a cancel that was journaled before a worker took the run out of the queue counts")
    func cancelledInTheQueue() async throws {
        let world = try await DomainWorld()
        let domain = try await world.open()
        let run = try await domain.start(Self.specs(1)[0].id)
        domain.close()
        // As a service leaves it that ends between the two.
        try world.journal { journal in _ = try journal.update(run.id, from: [.queued]) { $0.cancelRequested = true } }
        try await world.serving { domain in
            let settled = try await domain.settled(run.id)
            #expect(settled.outcome == .cancelled)
            #expect(settled.reason == .runCancelled)
            #expect(settled.commits.isEmpty)
        }
    }

    @Test("R47: one worker for two agents; the second run waits for it")
    func workers() async throws {
        let world = try await DomainWorld(agent: .held, specs: Self.specs(2))
        try await world.serving(workers: 1) { domain in
            let first = try await domain.start(Self.specs(2)[0].id)
            let second = try await domain.start(Self.specs(2)[1].id)
            try await domain.reached(first.id, "running") { $0.state == .running }
            #expect(await domain.runs.waiting(for: second) == [.worker])
            // R17: the second caller learns of the live run and its process.
            await #expect {
                _ = try await domain.start(first.specID)
            } throws: { error in
                guard case RunError.refused(.alreadyRunning(let run, let pid)) = error else { return false }
                return run.id == first.id && pid != nil
            }
            // R41: a queued run is settled from where it waits, and never touched its file.
            #expect(try await domain.runs.cancel(second.id).outcome == .cancelled)
            #expect(try world.spec(second.specID).status == .pending)
            try world.project.release("go")
            #expect(try await domain.settled(first.id).outcome == .completed)
        }
    }

    @Test("R41: a cancel while the agent runs stops it, with the spec pending again and the work kept")
    func cancelRunning() async throws {
        let world = try await DomainWorld(agent: .diligent(then: .grandchild, .say("ready"), .hang))
        let run = try await world.work { domain, run in
            try await domain.reached(run.id, "running") { $0.state == .running }
            try await eventually("the agent worked") {
                world.project.exists("\(world.project.folder)/grandchild.\(run.specID)")
            }
            _ = try await domain.runs.cancel(run.id)
            _ = try? await domain.runs.cancel(run.id)
        }
        #expect(run.outcome == .cancelled)
        #expect(run.reason == .runCancelled)
        #expect(run.nextRun == nil)
        #expect(try world.spec().status == .pending)
        let worktree = try #require(run.worktree)
        #expect(!world.project.exists(worktree))
        #expect(try await world.project.git("log", "-1", "--format=%s", run.branch) == "chant(\(run.specID)): work")
    }

    @Test("R58: a cancel at any moment ends the run as cancelled or completed, never in between", arguments: 0..<8)
    func cancelAnywhere(step: Int) async throws {
        let world = try await DomainWorld()
        let before = try await world.project.git("rev-parse", "main")
        let run = try await world.work { domain, run in
            try await domain.reached(run.id, "far enough") { found in
                let place = found.stage.flatMap { Stage.allCases.firstIndex(of: $0) } ?? -1
                return place >= step - 3 || found.state == .settled
            }
            do {
                _ = try await domain.runs.cancel(run.id)
            } catch {
                guard case RunError.tooLate = error else { throw error }
            }
        }
        let tip = try await world.project.git("rev-parse", "main")
        switch run.outcome {
        case .completed:
            #expect(tip == run.mergeCommit)
            #expect(try world.spec().status == .completed)
        case .cancelled:
            #expect(tip == before)
            #expect(try world.spec().status == .pending)
        default: Issue.record("\(String(describing: run.outcome))")
        }
        #expect(try await world.refs("refs/chant/finish") == [])
        #expect(!world.project.exists("\(world.project.checkout)/.chant/.locks/\(run.specID).lock"))
    }

    @Test("a settled spec can be started again at once: no lock of the run before is in the way")
    func startsAgain() async throws {
        let world = try await DomainWorld(agent: ScriptedAgent([.exit(1)]))
        try await world.serving { domain in
            for _ in 1...5 {
                let run = try await domain.start(DomainWorld.spec)
                #expect(try await domain.settled(run.id).reason == .agentExit)
            }
        }
    }

    @Test("R30, R45: stopping the service interrupts the run, and the next one follows at the next start")
    func stopService() async throws {
        let world = try await DomainWorld(agent: .held)
        let id = try await world.serving { domain in
            let run = try await domain.start(DomainWorld.spec)
            return try await domain.reached(run.id, "running") { $0.state == .running }.id
        }
        #expect(try world.spec().status == .pending)
        let (old, order) = try world.journal { journal in
            let run = try #require(try journal.run(id))
            return (run, try #require(try journal.order(run.orderID)))
        }
        #expect(old.outcome == .interrupted)
        #expect(old.reason == .serviceStopped)
        #expect(order.settledAt == nil)
        try world.project.release("go")
        let next = try await world.serving { domain in
            try await domain.settled(try #require(old.nextRun))
        }
        #expect(next.outcome == .completed)
        #expect(next.retryOf == id)
        #expect(next.attempt == 1)
        #expect(next.orderID == old.orderID)
    }
}
