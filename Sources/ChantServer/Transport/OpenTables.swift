import Synchronization

/// The exchanges under way, and a way to wait until there is none.
final class ExchangeTable: Sendable {
    private let exchanges = Mutex<[ObjectIdentifier: Exchange]>([:])
    private let emptiness = Emptiness()

    var all: [Exchange] { exchanges.withLock { Array($0.values) } }

    func add(_ exchange: Exchange) {
        exchanges.withLock { $0[ObjectIdentifier(exchange)] = exchange }
    }

    func remove(_ exchange: Exchange) {
        let isEmpty = exchanges.withLock { exchanges in
            exchanges[ObjectIdentifier(exchange)] = nil
            return exchanges.isEmpty
        }
        if isEmpty { emptiness.tell() }
    }

    /// Waits until there is none, at most for `limit`; whether there is none.
    func waitUntilEmpty(atMost limit: Duration) async -> Bool {
        await emptiness.wait(atMost: limit) { exchanges.withLock { $0.isEmpty } }
    }
}

/// The places for streams, of which each open stream takes one.
final class StreamPlaces: Sendable {
    private struct State {
        var limit: Int
        var taken = 0
        var live = 0
    }

    private let state: Mutex<State>
    private let emptiness = Emptiness()

    init(_ limit: Int) {
        state = Mutex(State(limit: limit))
    }

    /// How many there are.
    var limit: Int { state.withLock { $0.limit } }

    /// How many streams are open.
    var count: Int { state.withLock { $0.taken } }

    /// How many of them have a socket of their own.
    var liveCount: Int { state.withLock { $0.live } }

    /// There are no more than so many.
    func restrict(to limit: Int) {
        state.withLock { $0.limit = min($0.limit, limit) }
    }

    /// Takes a place; `false` if there is none.
    func take() -> Bool {
        state.withLock { state in
            guard state.taken < state.limit else { return false }
            state.taken += 1
            return true
        }
    }

    /// A stream that has a place has a socket of its own from now on.
    func goLive() {
        state.withLock { $0.live += 1 }
    }

    /// Gives a place back.
    func leave(isLive: Bool = false) {
        let isEmpty = state.withLock { state in
            state.taken -= 1
            if isLive { state.live -= 1 }
            return state.taken == 0
        }
        if isEmpty { emptiness.tell() }
    }

    /// Waits until there is none, at most for `limit`; whether there is none.
    func waitUntilEmpty(atMost limit: Duration) async -> Bool {
        await emptiness.wait(atMost: limit) { count == 0 }
    }
}

/// Who waits until something is empty.
private final class Emptiness: Sendable {
    private let waiters = Mutex<[AsyncStream<Void>.Continuation]>([])

    /// It is empty: those who wait look again.
    func tell() {
        let waiters = waiters.withLock { waiters in
            defer { waiters = [] }
            return waiters
        }
        for waiter in waiters { waiter.finish() }
    }

    func wait(atMost limit: Duration, until isEmpty: () -> Bool) async -> Bool {
        let end = ContinuousClock.now + limit
        // Again and again: what was empty for a moment may have been filled since.
        while !isEmpty() {
            let left = end - ContinuousClock.now
            guard left > .zero, !Task.isCancelled else { return false }
            await next(atMost: left, unless: isEmpty)
        }
        return true
    }

    /// Waits until somebody tells.
    private func next(atMost limit: Duration, unless isEmpty: () -> Bool) async {
        let (stream, continuation) = AsyncStream<Void>.makeStream()
        // Before the look, so that whoever empties it meanwhile finds the waiter.
        waiters.withLock { $0.append(continuation) }
        guard !isEmpty() else { return }
        await withTaskGroup(of: Void.self) { group in
            group.addTask { for await _ in stream {} }
            group.addTask { try? await Task.sleep(for: limit) }
            await group.next()
            group.cancelAll()
        }
    }
}
