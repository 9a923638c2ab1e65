import Synchronization

/// A stream from publishers that never wait to one reader that may be slow (R33).
///
/// The buffer is bounded. When it is full, the overflow rule of the subscription holds: `end` delivers what is buffered,
/// in order and without a gap, and then ends as `overflowed`, so that the reader can come back with the last thing that
/// it got; `keepNewest` drops the oldest, for signals of which only the last matters.
///
/// Dropping the subscription and its iterators cancels it: publishers never keep a reader alive. One reader at a time.
public final class Subscription<Element: Sendable>: AsyncSequence, Sendable {
    /// Why a subscription gives nothing more.
    public enum Ending: Sendable {
        /// The publisher has nothing more to say.
        case finished
        /// The reader was slower than the buffer allows; it resumes after the last element that it got.
        case overflowed
        /// The reader no longer wanted it.
        case cancelled
        /// What came before the live elements could not be read.
        case failed(any Error)
    }

    let buffer: SubscriptionBuffer<Element>

    init(_ buffer: SubscriptionBuffer<Element>) {
        self.buffer = buffer
    }

    deinit {
        buffer.end(.cancelled)
    }

    /// Why it ended; `nil` while it may still give something.
    public var ending: Ending? { buffer.ending }

    /// Ends it from the reader's side; whoever waits in `next` gets `nil`.
    public func cancel() {
        buffer.end(.cancelled)
    }

    /// Starts to read.
    public func makeAsyncIterator() -> Iterator {
        Iterator(subscription: self)
    }

    /// Takes elements one by one.
    public struct Iterator: AsyncIteratorProtocol {
        let subscription: Subscription

        /// The next element; `nil` when the subscription or the reader's task has ended.
        public mutating func next() async -> Element? {
            await subscription.buffer.next()
        }

        /// The next element; `nil` when the subscription or the reader's task has ended.
        public mutating func next(isolation actor: isolated (any Actor)?) async -> Element? {
            await subscription.buffer.next()
        }
    }
}

/// The publisher's side of a subscription.
final class SubscriptionBuffer<Element: Sendable>: Sendable {
    /// What happens to an element that finds the buffer full.
    enum OverflowRule: Sendable {
        case end
        case keepNewest
    }

    /// What the reader finds before the live elements.
    enum Refill: Sendable {
        /// Elements to deliver; more may follow.
        case page([Element])
        /// From now on the publisher offers elements.
        case live
    }

    private typealias Effects = (waiter: CheckedContinuation<Void, Never>?, onEnd: (@Sendable () -> Void)?)

    private let limit: Int
    private let rule: OverflowRule
    private let refill: @Sendable () throws -> Refill
    private let state: Mutex<SubscriptionState<Element>>

    /// A buffer for at most `limit` elements.
    ///
    /// - Parameters:
    ///   - limit: how many elements may wait for the reader.
    ///   - rule: what happens to one more.
    ///   - refill: asked by the reader, never twice at once, until it says `live`; `nil` for a subscription that is live at once.
    ///   - onEnd: called once, outside of any lock, when the subscription has ended for whatever reason.
    init(
        limit: Int,
        rule: OverflowRule = .end,
        refill: (@Sendable () throws -> Refill)? = nil,
        onEnd: (@Sendable () -> Void)? = nil
    ) {
        self.limit = max(1, limit)
        self.rule = rule
        self.refill = refill ?? { .live }
        state = Mutex(SubscriptionState(isLive: refill == nil, onEnd: onEnd))
    }

    var ending: Subscription<Element>.Ending? { state.withLock { $0.ending } }

    /// Hands an element to the reader; never waits.
    func offer(_ element: Element) {
        let (waiter, onEnd) = state.withLock { state -> Effects in
            guard state.ending == nil else { return (nil, nil) }
            if state.elements.count - state.head >= limit {
                switch rule {
                case .keepNewest: state.head += 1
                case .end: return (state.takeWaiter(), state.finish(.overflowed))
                }
            }
            state.elements.append(element)
            return (state.takeWaiter(), nil)
        }
        onEnd?()
        waiter?.resume()
    }

    /// Ends the subscription; what is buffered is still delivered, unless the reader itself gave up.
    func end(_ ending: Subscription<Element>.Ending) {
        let (waiter, onEnd) = state.withLock { state -> Effects in
            if case .cancelled = ending {
                state.elements = []
                state.head = 0
            }
            return (state.takeWaiter(), state.finish(ending))
        }
        onEnd?()
        waiter?.resume()
    }

    func next() async -> Element? {
        while !Task.isCancelled {
            switch state.withLock({ $0.step() }) {
            case .deliver(let element): return element
            case .finish: return nil
            case .refill: takeRefill()
            case .wait: await untilSomethingHappens()
            }
        }
        return nil
    }

    private func takeRefill() {
        do {
            switch try refill() {
            case .page(let elements): state.withLock { $0.elements.append(contentsOf: elements) }
            case .live: state.withLock { $0.isLive = true }
            }
        } catch {
            end(.failed(error))
        }
    }

    private func untilSomethingHappens() async {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isIdle = state.withLock { state in
                    // Between the look at the state and this lock, an element, the end or a cancellation may have come.
                    guard state.head == state.elements.count, state.ending == nil, !Task.isCancelled else {
                        return false
                    }
                    state.waiter = continuation
                    return true
                }
                if !isIdle { continuation.resume() }
            }
        } onCancel: {
            state.withLock { $0.takeWaiter() }?.resume()
        }
    }
}

/// What a buffer holds, and what its reader does next.
private struct SubscriptionState<Element: Sendable> {
    enum Step {
        case deliver(Element)
        case finish
        case refill
        case wait
    }

    var elements: [Element] = []
    var head = 0
    var ending: Subscription<Element>.Ending?
    var waiter: CheckedContinuation<Void, Never>?
    var isLive: Bool
    var onEnd: (@Sendable () -> Void)?

    init(isLive: Bool, onEnd: (@Sendable () -> Void)?) {
        self.isLive = isLive
        self.onEnd = onEnd
    }

    mutating func takeWaiter() -> CheckedContinuation<Void, Never>? {
        defer { waiter = nil }
        return waiter
    }

    mutating func finish(_ ending: Subscription<Element>.Ending) -> (@Sendable () -> Void)? {
        guard self.ending == nil else { return nil }
        self.ending = ending
        defer { onEnd = nil }
        return onEnd
    }

    mutating func step() -> Step {
        if head < elements.count {
            defer { advance() }
            return .deliver(elements[head])
        }
        if ending != nil { return .finish }
        return isLive ? .wait : .refill
    }

    /// Moves the head; gives the room of delivered elements back now and then.
    private mutating func advance() {
        head += 1
        if head == elements.count {
            elements.removeAll(keepingCapacity: true)
            head = 0
        } else if head >= 64, head * 2 >= elements.count {
            elements.removeFirst(head)
            head = 0
        }
    }
}
