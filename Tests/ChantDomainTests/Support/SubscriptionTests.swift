import ChantTesting
import Synchronization
import Testing

@testable import ChantDomain

@Suite struct SubscriptionTests {
    @Test("elements come in order, also to who waited before")
    func order() async {
        let buffer = SubscriptionBuffer<Int>(limit: 1000)
        let subscription = Subscription(buffer)
        async let sum = Self.all(subscription)
        for element in 0..<500 { buffer.offer(element) }
        buffer.end(.finished)
        #expect(await sum == Array(0..<500))
    }

    private static func all(_ subscription: Subscription<Int>) async -> [Int] {
        var all: [Int] = []
        for await element in subscription { all.append(element) }
        return all
    }

    @Test("R33: on overflow what is buffered still comes, without a gap")
    func overflow() async {
        let buffer = SubscriptionBuffer<Int>(limit: 2)
        let subscription = Subscription(buffer)
        for element in 0..<5 { buffer.offer(element) }
        #expect(await Self.all(subscription) == [0, 1])
        guard case .overflowed = subscription.ending else {
            Issue.record("ended as \(String(describing: subscription.ending))")
            return
        }
    }

    @Test("signals run together: the newest stays")
    func keepNewest() async {
        let buffer = SubscriptionBuffer<Int>(limit: 1, rule: .keepNewest)
        let subscription = Subscription(buffer)
        for element in 0..<5 { buffer.offer(element) }
        buffer.end(.finished)
        #expect(await Self.all(subscription) == [4])
    }

    @Test("a reader's cancelled task does not wait for ever")
    func cancelledTask() async throws {
        let subscription = Subscription(SubscriptionBuffer<Int>(limit: 1))
        let read = await withTaskGroup(of: [Int].self) { group in
            group.addTask { await Self.all(subscription) }
            await Task.yield()
            group.cancelAll()
            return await group.next()
        }
        #expect(read == [])
    }

    @Test("its end is told once, whether it was cancelled, dropped or finished")
    func onEnd() {
        let ends = Mutex(0)
        do {
            let buffer = SubscriptionBuffer<Int>(limit: 1, onEnd: { ends.withLock { $0 += 1 } })
            let subscription = Subscription(buffer)
            subscription.cancel()
            buffer.end(.finished)
            withExtendedLifetime(subscription) {}
        }
        #expect(ends.withLock { $0 } == 1)
        do { _ = Subscription(SubscriptionBuffer<Int>(limit: 1, onEnd: { ends.withLock { $0 += 1 } })) }
        #expect(ends.withLock { $0 } == 2)
    }

    @Test("what comes before the live elements is read page by page; a failure ends it with its reason")
    func refill() async {
        struct Failure: Error {}
        let pages = Mutex<[[Int]]>([[1, 2], [], [3]])
        let buffer = SubscriptionBuffer<Int>(
            limit: 10,
            refill: {
                guard let page = pages.withLock({ $0.isEmpty ? nil : $0.removeFirst() }) else { throw Failure() }
                return .page(page)
            }
        )
        let subscription = Subscription(buffer)
        #expect(await Self.all(subscription) == [1, 2, 3])
        guard case .failed(let error) = subscription.ending else {
            Issue.record("ended as \(String(describing: subscription.ending))")
            return
        }
        #expect(error is Failure)
    }
}
