import Foundation
import GRDB
import Testing

@testable import ChantDomain

@Suite("Journal: what may be dropped")
struct JournalRetentionTests {
    private static let path = JournalFixture.projectPath

    private func expendable(_ fixture: JournalFixture) throws -> [String] {
        try fixture.journal.expendableRuns(project: Self.path, after: nil, limit: 100).map(\.specID)
    }

    /// Accepts a run and ends it; each later than the one before.
    @discardableResult
    private func settled(
        _ fixture: JournalFixture,
        _ spec: String,
        at seconds: TimeInterval,
        _ outcome: RunOutcome = .completed,
        next: Run? = nil
    ) throws -> Run {
        let run = try fixture.accept(spec, at: seconds)
        return try fixture.journal.settle(
            run.id,
            { run in
                run.outcome = outcome
                run.reason = outcome == .completed ? nil : .internalError
                if outcome != .refused { run.baseCommit = String(repeating: "a", count: 40) }
            },
            next: next
        )
    }

    @Test("R71: live runs, what they look back at, paused ones and the newest of all are never dropped")
    func expendable() throws {
        let fixture = try JournalFixture()
        try settled(fixture, "done", at: 1)
        try settled(fixture, "again", at: 2, .failed)
        try settled(fixture, "paused", at: 3, .paused)
        try settled(fixture, "resumed", at: 4, .paused)
        try settled(fixture, "resumed", at: 5)
        try fixture.accept("again", at: 6)
        let interrupted = try fixture.accept("open", at: 7)
        var next = JournalFixture.run("open", at: 8).run
        next.orderID = interrupted.orderID
        next.retryOf = interrupted.id
        try fixture.journal.settle(
            interrupted.id,
            { run in
                run.outcome = .interrupted
                run.reason = .serviceStopped
            },
            next: next
        )
        let unsure = try settled(fixture, "unsure", at: 9)
        try settled(fixture, "newest", at: 10)
        try fixture.journal.pool.write { db in
            try db.execute(
                sql: "INSERT INTO processes VALUES (?, 'unsure', 'demo', '{}', '{}', 0, 0, NULL, NULL, NULL)",
                arguments: [unsure.id.text]
            )
        }
        #expect(try expendable(fixture) == ["done", "resumed", "resumed"])
        let page = try fixture.journal.expendableRuns(project: Self.path, after: nil, limit: 2)
        #expect(page.map(\.isLatest) == [true, false])
        let rest = try fixture.journal.expendableRuns(project: Self.path, after: page.last?.id, limit: 2)
        #expect(rest.map(\.isLatest) == [true])
        #expect(try fixture.journal.expendableRuns(project: "/other/.chant", after: nil, limit: 9).isEmpty)
    }

    @Test("R71, R49: a later run that never began does not count: the branch is still that of the one before")
    func neverBegun() throws {
        let fixture = try JournalFixture()
        try settled(fixture, "kept", at: 1, .failed)
        try settled(fixture, "kept", at: 2, .refused)
        try settled(fixture, "paused", at: 3, .paused)
        try settled(fixture, "paused", at: 4, .refused)
        try settled(fixture, "newest", at: 5)
        let runs = try fixture.journal.expendableRuns(project: Self.path, after: nil, limit: 9)
        #expect(runs.map(\.specID) == ["kept", "kept", "paused"])
        #expect(runs.map(\.outcome) == [.failed, .refused, .refused])
        #expect(runs.first?.isLatest == true)
    }

    @Test("R71: dropping takes process, finishing record and order along; what has come to be needed stays")
    func drop() throws {
        let fixture = try JournalFixture()
        let first = try settled(fixture, "a", at: 1)
        let second = try settled(fixture, "b", at: 2)
        try settled(fixture, "c", at: 3)
        // Between the look and the dropping, somebody starts it again.
        try fixture.accept("b", at: 4)
        #expect(try fixture.journal.drop([first.id, second.id]) == [first.id])
        #expect(try fixture.journal.drop([]) == [])
        #expect(try fixture.journal.run(first.id) == nil)
        #expect(try fixture.journal.order(first.orderID) == nil)
        #expect(try fixture.journal.order(second.orderID) != nil)
        #expect(try fixture.journal.figures().runs == 3)
    }

    @Test("R71: lists forget a run that was dropped, and learn of the next one")
    func lists() throws {
        let fixture = try JournalFixture()
        let first = try settled(fixture, "a", at: 1)
        try settled(fixture, "b", at: 2)
        var latest = LatestRuns()
        #expect(try fixture.journal.catchUp(&latest, project: Self.path))
        #expect(latest.bySpec["a"]?.id == first.id)
        #expect(try fixture.journal.drop([first.id]) == [first.id])
        #expect(try fixture.journal.catchUp(&latest, project: Self.path))
        #expect(latest.bySpec["a"] == nil && latest.bySpec["b"] != nil)
        #expect(try !fixture.journal.catchUp(&latest, project: Self.path))
        let again = try fixture.accept("a", at: 3)
        #expect(try fixture.journal.catchUp(&latest, project: Self.path))
        #expect(latest.bySpec["a"]?.id == again.id)
    }

    @Test("R71: events go oldest first, in parts, by number and by age, and the newest never")
    func events() throws {
        let fixture = try JournalFixture()
        let journal = fixture.journal
        try journal.record((1...10).map { _ in .serviceStarted(ServiceFacts(version: "1")) }, project: "")
        #expect(try journal.dropEvents(before: .distantPast, keeping: 100) == 0)
        #expect(try journal.dropEvents(before: .distantPast, keeping: 4, limit: 5) == 5)
        #expect(try journal.dropEvents(before: .distantPast, keeping: 4, limit: 5) == 1)
        #expect(try journal.dropEvents(before: .distantPast, keeping: 4, limit: 5) == 0)
        #expect(try #require(try journal.eventBounds()).oldest == 7)
        #expect(try journal.figures().events == 4)
        #expect(try journal.dropEvents(before: .distantFuture, keeping: 100) == 3)
        #expect(try #require(try journal.eventBounds()) == (10, 10))
        try journal.record([.serviceStarted(ServiceFacts(version: "1"))], project: "")
        #expect(try journal.events(after: 0, limit: 9).map(\.sequence) == [10, 11], "numbers go on")
    }

    @Test("R32: an event that a subscriber has not read is not dropped, so that nobody sees a gap")
    func subscribers() async throws {
        let fixture = try JournalFixture()
        let journal = fixture.journal
        try journal.record((1...5).map { _ in .serviceStarted(ServiceFacts(version: "1")) }, project: "")
        let subscription = journal.subscribe(after: 2)
        #expect(try journal.dropEvents(before: .distantFuture, keeping: 1) == 2)
        var seen: [Int64] = []
        for try await event in subscription {
            seen.append(event.sequence)
            if event.sequence == 5 { break }
        }
        #expect(seen == [3, 4, 5])
        #expect(try journal.dropEvents(before: .distantFuture, keeping: 1) == 2)
    }

    @Test("R32, R71: events are counted, and not the numbers that a repair leaves out")
    func jump() throws {
        let folder = try ScratchFolder()
        let event = DomainEvent.serviceStarted(ServiceFacts(version: "1"))
        let before = try Journal.open(stateFolder: folder.path)
        try before.record((1...10).map { _ in event }, project: "")
        try before.close()
        for seconds in [1.0, 2.0] {
            var run = JournalFixture.run("spec-\(seconds)", at: seconds).run
            run.state = .settled
            run.outcome = .completed
            run.finishedAt = run.queuedAt
            try RunFolder(stateFolder: folder.path, run: run.id).create(for: run)
            let repaired = try Journal.open(stateFolder: folder.path)
            #expect(repaired.repair?.isBehind == true)
            try repaired.record((1...3).map { _ in event }, project: "")
            try repaired.close()
        }
        let journal = try Journal.open(stateFolder: folder.path)
        #expect(try journal.figures().events == 16)
        #expect(try journal.dropEvents(before: .distantPast, keeping: 16) == 0)
        #expect(try journal.dropEvents(before: .distantPast, keeping: 12) == 4)
        #expect(try journal.figures().events == 12)
        #expect(try journal.eventBounds()?.oldest == 5)
        #expect(try journal.dropEvents(before: .distantPast, keeping: 2) == 10)
        #expect(try journal.figures().events == 2)
        #expect(try journal.dropEvents(before: .distantPast, keeping: 2) == 0)
    }
}
