import ChantTesting
import Logging
import Synchronization
import Testing

@testable import ChantDomain

@Suite("News of specs")
struct SpecNewsTests {
    @Test("R16: many edits are a few looks, the last of them after the last edit", arguments: [(1, 200), (1500, 1)])
    func coalesces(atOnce: Int, times: Int) async throws {
        let fixture = try JournalFixture()
        let journal = fixture.journal
        // The newest event at each look.
        let looks = Mutex<[Int64]>([])
        let news = SpecNews(journal: journal, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }) {
            looks.withLock { $0.append(journal.newestPublished) }
        }
        let listening = Task { await news.run() }
        try await eventually("it listens", within: .seconds(60)) {
            journal.bus.liveCount == 1 && looks.withLock { $0.count } == 1
        }
        let edit = DomainEvent.specChanged(SpecChange(specID: "a", change: .edited, by: "test", revision: nil))
        let begun = ContinuousClock.now
        for _ in 0..<times {
            try journal.record(Array(repeating: edit, count: atOnce), project: "demo")
            await Task.yield()
        }
        let last = journal.newestPublished
        try await eventually("the last edit is seen", within: .seconds(60)) { looks.withLock { $0.last } == last }
        let pauses = Int((ContinuousClock.now - begun) / SpecNews.pause)
        #expect(looks.withLock { $0.count } <= pauses + 3)
        listening.cancel()
        await listening.value
        #expect(journal.bus.subscriptionCount == 0)
    }

    @Test("what says nothing of specs wakes nobody, and the end of the journal ends it")
    func others() async throws {
        let fixture = try JournalFixture()
        let journal = fixture.journal
        let looks = Atomic<Int>(0)
        let news = SpecNews(journal: journal, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }) {
            looks.add(1, ordering: .relaxed)
        }
        async let run: Void = news.run()
        try await eventually("it listens", within: .seconds(60)) { journal.bus.liveCount == 1 }
        try journal.record([.serviceStarted(ServiceFacts(version: "1"))], project: "")
        journal.bus.finish()
        await run
        #expect(looks.load(ordering: .relaxed) == 1)
    }
}
