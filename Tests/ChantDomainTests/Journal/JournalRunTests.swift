import Foundation
import Testing

@testable import ChantDomain

@Suite struct JournalRunTests {
    @Test("R17: of eight racing starts of one spec one wins, and the others learn of it")
    func oneWinner() async throws {
        let fixture = try JournalFixture()
        let journal = fixture.journal
        let results = await withTaskGroup(of: RunID?.self) { group in
            for _ in 0..<8 {
                group.addTask {
                    let (run, order) = JournalFixture.run()
                    do throws(JournalError) {
                        try journal.accept(run, order: order)
                        return run.id
                    } catch .alreadyRunning(let live) {
                        #expect(live.state == .queued)
                        return nil
                    } catch {
                        Issue.record(error)
                        return nil
                    }
                }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        let winners = results.compactMap { $0 }
        #expect(winners.count == 1)
        #expect(try journal.liveRuns().map(\.id) == winners)
        #expect(try fixture.eventTypes() == ["order.created", "run.queued"])
    }

    @Test("R17: the constraint itself refuses a second live run, not only the look before it")
    func constraint() throws {
        let fixture = try JournalFixture()
        try fixture.accept()
        let twin =
            "CREATE TABLE twin AS SELECT * FROM runs; UPDATE twin SET id = 'twin'; INSERT INTO runs SELECT * FROM twin"
        #expect {
            try fixture.execute(twin)
        } throws: { error in
            if case JournalError.storage(_, 2067, _) = error { true } else { false }
        }
        try fixture.execute("UPDATE runs SET state = 'settled'; " + twin)
    }

    @Test("R17: it holds per spec and project, and ends when the run is settled")
    func perSpec() throws {
        let fixture = try JournalFixture()
        let first = try fixture.accept("a")
        try fixture.accept("b")
        let (elsewhere, order) = JournalFixture.run("a", project: "/other/.chant")
        try fixture.journal.accept(elsewhere, order: order)
        try fixture.journal.settle(first.id) { $0.outcome = .completed }
        let again = try fixture.accept("a")
        #expect(try fixture.journal.liveRuns(project: JournalFixture.projectPath).map(\.specID) == ["b", "a"])
        #expect(try fixture.journal.liveRuns().map(\.id).contains(elsewhere.id))
        let spec = try #require(SpecID("a"))
        #expect(try fixture.journal.liveRun(of: spec, project: JournalFixture.projectPath)?.id == again.id)
        #expect(try fixture.journal.latestRun(of: spec, project: JournalFixture.projectPath)?.id == again.id)
        #expect(try fixture.journal.latestRuns(project: JournalFixture.projectPath).mapValues(\.id)["a"] == again.id)
    }

    @Test("R47: a full queue refuses, and says how long it may be")
    func queueFull() throws {
        let fixture = try JournalFixture()
        let (first, firstOrder) = JournalFixture.run("a")
        try fixture.journal.accept(first, order: firstOrder, queueLimit: 1)
        let (second, secondOrder) = JournalFixture.run("b")
        #expect {
            try fixture.journal.accept(second, order: secondOrder, queueLimit: 1)
        } throws: { error in
            if case JournalError.queueFull(limit: 1) = error { true } else { false }
        }
        try fixture.journal.update(first.id, from: [.queued]) { $0.state = .preparing }
        try fixture.journal.accept(second, order: secondOrder, queueLimit: 1)
    }

    @Test("a run comes back as it was written, every field of it")
    func roundTrip() throws {
        let fixture = try JournalFixture()
        let accepted = try fixture.accept()
        #expect(try fixture.journal.run(accepted.id) == accepted)
        let date = Date(timeIntervalSince1970: 1_700_000_001.001)
        let updated = try fixture.journal.update(accepted.id, from: [.queued]) { run in
            run.state = .preparing
            run.stage = .prepare
            run.model = nil
            run.worktree = "/worktrees/key/name"
            run.baseCommit = String(repeating: "a", count: 40)
            run.headCommit = String(repeating: "b", count: 40)
            run.commits = ["1e83309", "812e667"]
            run.exitCode = 143
            run.signal = 9
            run.startedAt = date
            run.timings.gitMs = 12
            run.interruptions = 2
            run.attempt = 3
            run.warnings = [RunWarning(.untrackedFiles, "left behind", paths: ["a b", "ü"])]
        }
        #expect(try fixture.journal.run(accepted.id) == updated)
        #expect(updated.startedAt == date)
        #expect(updated.commits == ["1e83309", "812e667"])
        let problem = RunProblem(.mergeConflict, "conflict", ["files": .texts(["x"]), "code": .number(1)])
        let next = JournalFixture.run().run
        var following = next
        following.orderID = accepted.orderID
        following.retryOf = accepted.id
        let settled = try fixture.journal.settle(
            accepted.id,
            { run in
                run.outcome = .needsAttention
                run.reason = .mergeConflict
                run.problem = problem
                run.cancelRequested = true
            },
            next: following
        )
        #expect(try fixture.journal.run(accepted.id) == settled)
        #expect(settled.problem == problem)
        #expect(settled.nextRun == following.id)
        #expect(try fixture.journal.run(following.id) == following)
    }

    @Test("R46: times stay the same however often a run is written")
    func timesAreStable() throws {
        let fixture = try JournalFixture()
        let run = try fixture.accept(at: 1_700_000_000.0019)
        let first = try fixture.journal.update(run.id, from: [.queued]) { $0.attempt = 2 }
        for attempt in 3..<50 { try fixture.journal.update(run.id, from: [.queued]) { $0.attempt = attempt } }
        #expect(try fixture.journal.run(run.id)?.queuedAt == first.queuedAt)
    }

    @Test("R46: an update from another state than expected is stale and changes nothing")
    func stale() throws {
        let fixture = try JournalFixture()
        let run = try fixture.accept()
        try fixture.journal.update(run.id, from: [.queued]) { $0.state = .preparing }
        #expect {
            try fixture.journal.update(run.id, from: [.queued]) { $0.cancelRequested = true }
        } throws: { error in
            if case JournalError.stale(let found) = error { found.state == .preparing } else { false }
        }
        #expect(try fixture.journal.run(run.id)?.cancelRequested == false)
        #expect {
            try fixture.journal.update(RunID(at: Date()), from: [.queued]) { _ in }
        } throws: { error in
            if case JournalError.noSuchRun = error { true } else { false }
        }
    }

    @Test("R46: states go forwards only, and only settling settles", arguments: RunState.allCases, RunState.allCases)
    func states(from: RunState, to: RunState) throws {
        let fixture = try JournalFixture()
        let run = try fixture.accept()
        let way: [RunState] = [.queued, .preparing, .running, .settling]
        for state in way.prefix(through: way.firstIndex(of: from) ?? way.count - 1).dropFirst() {
            try fixture.journal.update(run.id, from: Set(way)) { $0.state = state }
        }
        if from == .settled { try fixture.journal.settle(run.id) { $0.outcome = .completed } }
        let isAllowed = from == to || from.canBecome(to) && to != .settled
        let changed = try? fixture.journal.update(run.id, from: [from]) { $0.state = to }
        #expect((changed != nil) == isAllowed)
        #expect(try fixture.journal.run(run.id)?.state == (isAllowed ? to : from))
    }

    /// Changes that only settling makes, or nobody.
    static let forbidden: [@Sendable (inout Run) -> Void] = [
        { $0.outcome = .completed },
        { $0.reason = .agentExit },
        { $0.nextRun = RunID(at: Date()) },
        { $0.problem = RunProblem(.agentExit, "too early") },
        { $0.specID = "other" },
        { $0.orderID = OrderID(at: Date()) },
        { $0.projectPath = "/other" },
        { $0.queuedAt = Date(timeIntervalSince1970: 0) },
    ]

    @Test("R18: an update gives no outcome and no other identity", arguments: forbidden.indices)
    func forbiddenChanges(index: Int) throws {
        let fixture = try JournalFixture()
        let run = try fixture.accept()
        #expect {
            try fixture.journal.update(run.id, from: [.queued], Self.forbidden[index])
        } throws: { error in
            if case JournalError.illegalChange = error { true } else { false }
        }
        #expect(try fixture.journal.run(run.id) == run)
    }
}

extension Array where Element == RunState {
    fileprivate func prefix(through index: Int) -> ArraySlice<RunState> { self[0...index] }
}
