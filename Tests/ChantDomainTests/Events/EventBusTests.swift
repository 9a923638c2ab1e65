import ChantTesting
import Foundation
import Synchronization
import Testing

@testable import ChantDomain

@Suite struct EventBusTests {
    @Test("I9: threads that commit at once: every subscriber sees all numbers, growing, from wherever it begins")
    func order() async throws {
        let fixture = try JournalFixture()
        let journal = fixture.journal
        let writers = 6
        let each = 60
        try await withThrowingTaskGroup(of: [Int64].self) { group in
            for start in [Int64](repeating: 0, count: 3) {
                let subscription = journal.subscribe(after: start, bufferLimit: 10_000)
                group.addTask { await Self.take(writers * each, from: subscription) }
            }
            await withTaskGroup(of: Void.self) { writing in
                for writer in 0..<writers {
                    writing.addTask {
                        for _ in 0..<each {
                            try? journal.record([.serviceStarted(ServiceFacts(version: "\(writer)"))], project: "")
                            await Task.yield()
                        }
                    }
                }
                // Joins in the middle of it.
                group.addTask {
                    await Self.take(writers * each, from: journal.subscribe(after: 0, bufferLimit: 10_000))
                }
            }
            for try await seen in group { #expect(seen == (1...Int64(writers * each)).map { $0 }) }
        }
    }

    private static func take(_ count: Int, from subscription: Subscription<RecordedEvent>) async -> [Int64] {
        var seen: [Int64] = []
        for await event in subscription {
            seen.append(event.sequence)
            if seen.count == count { break }
        }
        return seen
    }

    @Test(
        "R32: a reader that comes back gets the rest, without a gap or a double",
        arguments: [0, 1, 255, 256, 257, 600]
    )
    func resume(after: Int) async throws {
        let fixture = try JournalFixture()
        let events = [DomainEvent](repeating: .serviceStarted(ServiceFacts(version: "1")), count: 600)
        try fixture.journal.record(events, project: "demo")
        let subscription = fixture.journal.subscribe(after: Int64(after))
        try fixture.journal.record([.serviceStopping(ServiceFacts(version: "1", mode: "stop"))], project: "demo")
        let seen = await Self.take(601 - after, from: subscription)
        #expect(seen == (Int64(after + 1)...601).map { $0 })
    }

    @Test("a subscription from now on sees nothing of what was")
    func fromNowOn() async throws {
        let fixture = try JournalFixture()
        try fixture.accept("a")
        let subscription = fixture.journal.subscribe(after: nil)
        try fixture.accept("b")
        #expect(await Self.take(2, from: subscription) == [3, 4])
    }

    @Test("R32: events of a transaction that was rolled back are never seen and use up no number")
    func rolledBack() async throws {
        let fixture = try JournalFixture()
        let journal = fixture.journal
        let subscription = journal.subscribe(after: 0)
        #expect(throws: JournalError.self) {
            try journal.transaction("fail") { transaction in
                try transaction.record(.serviceStarted(ServiceFacts(version: "lost")), project: "")
                throw JournalError.queueFull(limit: 0)
            }
        }
        try journal.record([.serviceStarted(ServiceFacts(version: "kept"))], project: "")
        var iterator = subscription.makeAsyncIterator()
        let first = await iterator.next()
        #expect(first?.sequence == 1)
        #expect(first?.event == .serviceStarted(ServiceFacts(version: "kept")))
    }

    @Test("R33: a reader that is too slow gets what is buffered, then the end, and resumes after it")
    func overflow() async throws {
        let fixture = try JournalFixture()
        let journal = fixture.journal
        let subscription = journal.subscribe(after: nil, bufferLimit: 3)
        async let first = Self.take(1, from: subscription)
        try await eventually("the reader waits for live events") { journal.bus.liveCount == 1 }
        try journal.record([.serviceStarted(ServiceFacts(version: "0"))], project: "")
        #expect(await first == [1])
        for _ in 0..<10 { try journal.record([.serviceStarted(ServiceFacts(version: "1"))], project: "") }
        var last: Int64 = 0
        for await event in subscription { last = event.sequence }
        #expect(last == 4)
        guard case .overflowed = subscription.ending else {
            Issue.record("not overflowed: \(String(describing: subscription.ending))")
            return
        }
        #expect(journal.bus.subscriptionCount == 0)
        #expect(await Self.take(7, from: journal.subscribe(after: last)) == [5, 6, 7, 8, 9, 10, 11])
    }

    @Test("retention may have dropped what a reader missed: it goes on with what there is")
    func afterRetention() async throws {
        let fixture = try JournalFixture()
        let journal = fixture.journal
        for _ in 0..<5 { try journal.record([.serviceStarted(ServiceFacts(version: "1"))], project: "") }
        try fixture.execute("DELETE FROM events")
        let subscription = journal.subscribe(after: 2)
        try journal.record([.serviceStarted(ServiceFacts(version: "2"))], project: "")
        #expect(await Self.take(1, from: subscription) == [6])
    }

    @Test("a subscription that nobody holds is forgotten")
    func dropped() throws {
        let fixture = try JournalFixture()
        do {
            let subscription = fixture.journal.subscribe(after: 0)
            #expect(fixture.journal.bus.subscriptionCount == 1)
            withExtendedLifetime(subscription) {}
        }
        #expect(fixture.journal.bus.subscriptionCount == 0)
    }

    @Test("closing the journal ends who waits")
    func close() async throws {
        let fixture = try JournalFixture()
        let journal = fixture.journal
        let subscription = journal.subscribe(after: nil)
        async let seen = Self.take(.max, from: subscription)
        try journal.close()
        #expect(await seen.isEmpty)
    }
}
