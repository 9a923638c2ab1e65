import Synchronization

/// Tells subscribers what was committed, in the order of the journal (R32, I9).
///
/// A subscription has one cursor. It reads the journal in pages until it knows all that was published, and at that
/// moment, under the bus's lock, it goes live. What it has read already is skipped when it is published, so there is
/// neither a gap nor a double:
///
///     reader                                      writer
///     reads … 41, 42                              commits 42
///     goes live at 42 (published: 41)             publishes 42: skipped, the cursor is 42
///                                                 commits and publishes 43: delivered
public final class EventBus: Sendable {
    /// Reads at most `limit` journaled events after a sequence number, in order.
    typealias Replay = @Sendable (_ after: Int64, _ limit: Int) throws -> [RecordedEvent]

    private static let pageSize = 256

    private let replay: Replay
    private let state: Mutex<BusState>

    /// A bus over a journal whose newest event is `published`.
    init(published: Int64, replay: @escaping Replay) {
        self.replay = replay
        state = Mutex(BusState(published: published))
    }

    /// The number of the newest event that was published.
    public var newest: Int64 { state.withLock { $0.published } }

    /// The number up to which every subscriber has read; events up to it may be dropped.
    var slowest: Int64 {
        state.withLock { state in min(state.published, state.subscribers.values.map(\.cursor).min() ?? .max) }
    }

    /// How many subscriptions are open.
    var subscriptionCount: Int { state.withLock { $0.subscribers.count } }

    /// How many of them have read all that was, and hear what happens.
    var liveCount: Int { state.withLock { $0.subscribers.values.count(where: \.isLive) } }

    /// Events after a number, first from the journal, then live.
    ///
    /// A number that is newer than the newest event belongs to another journal: the caller asks `Journal.eventBounds`
    /// before and starts afresh.
    ///
    /// - Parameters:
    ///   - after: the last event that the reader knows; 0 for everything; `nil` for what happens from now on.
    ///   - bufferLimit: how many live events may wait for the reader before the subscription ends as `overflowed`.
    /// - Returns: a subscription that ends when the reader is too slow, when it is dropped, or with the service.
    public func subscribe(after: Int64?, bufferLimit: Int = 1024) -> Subscription<RecordedEvent> {
        state.withLock { state in
            state.lastKey += 1
            let key = state.lastKey
            let buffer = SubscriptionBuffer<RecordedEvent>(
                limit: bufferLimit,
                refill: { [weak self] in try self?.refill(key) ?? .live },
                onEnd: { [weak self] in self?.remove(key) }
            )
            state.subscribers[key] = BusState.Subscriber(cursor: after ?? state.published, buffer: buffer)
            return Subscription(buffer)
        }
    }

    /// Hands committed events to everybody; called in the order of their numbers, never twice at once.
    func publish(_ events: [RecordedEvent]) {
        guard let last = events.last else { return }
        let deliveries = state.withLock { state in
            state.published = max(state.published, last.sequence)
            return state.subscribers.keys.compactMap { state.deliver(events, to: $0) }
        }
        // Outside of the lock: a buffer that overflows ends its subscription, which comes back here to be removed.
        for (buffer, news) in deliveries {
            for event in news { buffer.offer(event) }
        }
    }

    /// Ends every subscription, now and later: the service stops.
    public func finish() {
        let buffers = state.withLock { state in
            state.isFinished = true
            return state.subscribers.values.filter(\.isLive).map(\.buffer)
        }
        for buffer in buffers { buffer.end(.finished) }
    }

    private func remove(_ key: Int) {
        state.withLock { $0.subscribers[key] = nil }
    }

    /// The next page for a subscription that is not live yet, or its step into the live ones.
    private func refill(_ key: Int) throws -> SubscriptionBuffer<RecordedEvent>.Refill {
        let (step, published) = state.withLock { ($0.goLive(key), $0.published) }
        switch step {
        case .live: return .live
        case .finish(let buffer):
            buffer.end(.finished)
            return .live
        case .read(let cursor):
            let page = try replay(cursor, Self.pageSize)
            // An empty page means that what was published before the reading has been dropped by retention.
            let reached = page.last?.sequence ?? published
            state.withLock { $0.advance(key, to: reached) }
            return .page(page)
        }
    }
}

/// Who listens, and up to where.
private struct BusState {
    struct Subscriber {
        var cursor: Int64
        var isLive = false
        let buffer: SubscriptionBuffer<RecordedEvent>
    }

    var published: Int64
    var lastKey = 0
    var subscribers: [Int: Subscriber] = [:]
    var isFinished = false

    init(published: Int64) {
        self.published = published
    }

    enum Step {
        case live
        case read(after: Int64)
        case finish(SubscriptionBuffer<RecordedEvent>)
    }

    mutating func goLive(_ key: Int) -> Step {
        guard let subscriber = subscribers[key] else { return .live }
        guard subscriber.cursor >= published else { return .read(after: subscriber.cursor) }
        if isFinished { return .finish(subscriber.buffer) }
        subscribers[key]?.isLive = true
        return .live
    }

    mutating func advance(_ key: Int, to sequence: Int64) {
        guard let subscriber = subscribers[key] else { return }
        subscribers[key]?.cursor = max(subscriber.cursor, sequence)
    }

    mutating func deliver(
        _ events: [RecordedEvent],
        to key: Int
    ) -> (buffer: SubscriptionBuffer<RecordedEvent>, news: [RecordedEvent])? {
        guard let subscriber = subscribers[key], subscriber.isLive else { return nil }
        let news = events.filter { $0.sequence > subscriber.cursor }
        guard let last = news.last else { return nil }
        subscribers[key]?.cursor = last.sequence
        return (subscriber.buffer, news)
    }
}
