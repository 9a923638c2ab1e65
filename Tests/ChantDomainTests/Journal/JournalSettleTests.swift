import Foundation
import Testing

@testable import ChantDomain

@Suite struct JournalSettleTests {
    @Test("R18: a run is settled once; a second time it is stale and keeps its outcome")
    func once() throws {
        let fixture = try JournalFixture()
        let run = try fixture.accept()
        let settled = try fixture.journal.settle(run.id) { run in
            run.outcome = .failed
            run.reason = .noCommits
        }
        #expect(settled.state == .settled)
        #expect(settled.finishedAt != nil)
        #expect {
            try fixture.journal.settle(run.id) { $0.outcome = .completed }
        } throws: { error in
            if case JournalError.stale(let found) = error { found == settled } else { false }
        }
        #expect(try fixture.journal.run(run.id) == settled)
    }

    @Test("the order ends with its only run", arguments: RunOutcome.allCases)
    func order(outcome: RunOutcome) throws {
        let fixture = try JournalFixture()
        let run = try fixture.accept()
        try fixture.journal.settle(run.id) { run in
            run.outcome = outcome
            run.reason = outcome == .completed ? nil : .internalError
        }
        let ended = [.completed: "finished", .cancelled: "cancelled"][outcome] ?? "failed"
        let order = try #require(try fixture.journal.order(run.orderID))
        #expect(order.ended == ended)
        #expect(order.settledAt != nil)
        #expect(try fixture.eventTypes() == ["order.created", "run.queued", "run.settled", "order.settled"])
        let last = try #require(try fixture.journal.events(after: 3, limit: 1).first)
        guard case .orderSettled(let facts) = last.event else {
            Issue.record("no order.settled: \(last)")
            return
        }
        #expect(facts.ended == ended)
        #expect(facts.summary == OrderSummary(of: [outcome]))
    }

    @Test("R41: a run that was cancelled meanwhile is not followed by another; whoever settles it looks again")
    func cancelledMeanwhile() throws {
        let fixture = try JournalFixture()
        let run = try fixture.accept()
        var next = JournalFixture.run().run
        next.orderID = run.orderID
        next.retryOf = run.id
        try fixture.journal.update(run.id, from: [.queued]) { $0.cancelRequested = true }
        #expect {
            try fixture.journal.settle(
                run.id,
                { run in
                    run.outcome = .interrupted
                    run.reason = .serviceStopped
                },
                next: next
            )
        } throws: { error in
            if case JournalError.stale(let found) = error { found.state.isLive && found.cancelRequested } else { false }
        }
        #expect(try fixture.journal.run(next.id) == nil)
    }

    @Test("R45: the next run takes the place in one transaction, and the order stays open")
    func next() throws {
        let fixture = try JournalFixture()
        let run = try fixture.accept()
        var next = JournalFixture.run().run
        next.orderID = run.orderID
        next.retryOf = run.id
        try fixture.journal.settle(
            run.id,
            { run in
                run.outcome = .interrupted
                run.reason = .serviceStopped
            },
            next: next
        )
        #expect(try fixture.journal.run(run.id)?.nextRun == next.id)
        #expect(try fixture.journal.liveRuns().map(\.id) == [next.id])
        #expect(try fixture.journal.order(run.orderID)?.ended == nil)
        #expect(try fixture.eventTypes() == ["order.created", "run.queued", "run.settled", "run.queued"])
    }

    @Test("R18: what makes no sense is refused and rolled back")
    func refused() throws {
        let fixture = try JournalFixture()
        let run = try fixture.accept()
        let stranger = JournalFixture.run("other").run
        let attempts: [(next: Run?, change: (inout Run) -> Void)] = [
            (nil, { _ in }),
            (nil, { $0.outcome = .failed }),
            (
                nil,
                { run in
                    run.outcome = .completed
                    run.reason = .agentExit
                }
            ),
            (stranger, { $0.outcome = .completed }),
        ]
        for attempt in attempts {
            #expect(throws: JournalError.self) {
                try fixture.journal.settle(run.id, attempt.change, next: attempt.next)
            }
        }
        #expect(try fixture.journal.run(run.id) == run)
        #expect(try fixture.eventTypes() == ["order.created", "run.queued"])
    }

    @Test("R26: a process row that is still open is closed with its run")
    func process() throws {
        let fixture = try JournalFixture()
        let run = try fixture.accept()
        try fixture.journal.update(run.id, from: [.queued]) { $0.state = .preparing }
        let identity = ProcessRow.Identity(pid: 4711, startTicks: 99, bootID: "boot", pidNamespace: "pid:[1]")
        let started = Date(timeIntervalSince1970: 1_700_000_002)
        let row = ProcessRow(run: run, agent: identity, supervisor: identity, startedAt: started)
        try fixture.journal.registerProcess(run: run.id, row)
        #expect(try fixture.journal.processes() == [row])
        try fixture.journal.settle(run.id) { run in
            run.outcome = .failed
            run.reason = .agentKilled
            run.signal = 9
        }
        #expect(try fixture.journal.processes().isEmpty)
        #expect(try fixture.journal.process(of: run.id)?.signal == 9)
        #expect(
            try fixture.eventTypes(after: 2)
                == ["run.started", "process.started", "process.exited", "run.settled", "order.settled"]
        )
    }

    @Test("R26: an exit is journaled once")
    func exit() throws {
        let fixture = try JournalFixture()
        let run = try fixture.accept()
        let identity = ProcessRow.Identity(pid: 1, startTicks: 1, bootID: "b", pidNamespace: "n")
        let row = ProcessRow(run: run, agent: identity, supervisor: identity, startedAt: Date(timeIntervalSince1970: 1))
        try fixture.journal.registerProcess(run: run.id, row)
        try fixture.journal.processExited(run: run.id, exitCode: 3, signal: nil)
        try fixture.journal.processExited(run: run.id, exitCode: 4, signal: nil)
        #expect(try fixture.journal.process(of: run.id)?.exitCode == 3)
        #expect(try fixture.eventTypes(after: 2) == ["process.started", "process.exited"])
    }

    @Test("R46: run.started and run.stage are written with the change, and carry it")
    func stages() throws {
        let fixture = try JournalFixture()
        let run = try fixture.accept()
        let change = SpecChange(specID: run.specID, change: .status, from: "pending", to: "in_progress", revision: "r")
        try fixture.journal.update(
            run.id,
            from: [.queued],
            { run in
                run.state = .preparing
                run.stage = .prepare
            },
            events: [.specChanged(change)]
        )
        try fixture.journal.update(run.id, from: [.preparing]) { $0.headCommit = "x" }
        #expect(try fixture.eventTypes(after: 2) == ["run.started", "run.stage", "spec.changed"])
        let stage = try #require(try fixture.journal.events(after: 3, limit: 1).first)
        guard case .runStage(let facts) = stage.event else {
            Issue.record("no run.stage: \(stage)")
            return
        }
        #expect(facts.stage == .prepare)
        #expect(facts.state == .preparing)
        #expect(stage.project == "demo")
    }

    @Test("runs are listed newest first, narrowed, and counted in all")
    func queries() throws {
        let fixture = try JournalFixture()
        let runs = try (0..<5).map { try fixture.accept("spec\($0)", at: 1_700_000_000 + Double($0)) }
        try fixture.journal.settle(runs[1].id) { $0.outcome = .completed }
        let page = try fixture.journal.runs(RunQuery(limit: 2))
        #expect(page.items.map(\.specID) == ["spec4", "spec3"])
        #expect(page.total == 5)
        #expect(try fixture.journal.runs(RunQuery(specID: "spec2")).items.map(\.id) == [runs[2].id])
        #expect(try fixture.journal.runs(RunQuery(orderID: runs[3].orderID)).items.map(\.id) == [runs[3].id])
        #expect(try fixture.journal.runs(RunQuery(states: [.settled])).items.map(\.id) == [runs[1].id])
        #expect(try fixture.journal.runs(RunQuery(outcomes: [.completed, .failed])).total == 1)
        #expect(try fixture.journal.runs(RunQuery(outcomes: [])).total == 0)
        #expect(try fixture.journal.runs(RunQuery(projectPath: "/nowhere")).total == 0)
    }
}
