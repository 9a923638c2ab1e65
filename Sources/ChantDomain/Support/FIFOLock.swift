import Synchronization

/// An exclusive section with a named holder: first come, first served.
///
/// An actor is no mutex across a suspension, so a section that awaits needs this. With several `places` it lets that many
/// holders in at once.
final class FIFOLock: Sendable {
    fileprivate struct Waiter {
        let number: UInt64
        let name: String
        let continuation: CheckedContinuation<Bool, Never>
    }

    fileprivate struct State {
        var free: Int
        var holders: [(number: UInt64, name: String)] = []
        var waiters: [Waiter] = []
        var next: UInt64 = 0
        /// Numbers whose task was cancelled before it could wait.
        var cancelled: Set<UInt64> = []
    }

    /// Proof of a place in the section; given back exactly once.
    struct Held: Sendable {
        fileprivate let number: UInt64
    }

    private let state: Mutex<State>

    /// A free lock.
    init(places: Int = 1) {
        state = Mutex(State(free: places))
    }

    /// Who is inside, the longest first.
    var holders: [String] { state.withLock { $0.holders.map(\.name) } }
    /// How many wait.
    var waiting: Int { state.withLock { $0.waiters.count } }

    /// Waits for a place.
    ///
    /// - Parameter name: who waits, for people who look.
    /// - Returns: the place, to be released.
    /// - Throws: `CancellationError` when the task was cancelled before it had a place; then it holds none.
    func acquire(as name: String) async throws(CancellationError) -> Held {
        let number = state.withLock { state -> UInt64 in
            state.next += 1
            return state.next
        }
        let admitted = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let waiter = Waiter(number: number, name: name, continuation: continuation)
                if let answer = state.withLock({ $0.enter(waiter) }) { continuation.resume(returning: answer) }
            }
        } onCancel: {
            state.withLock { $0.cancel(number) }?.resume(returning: false)
        }
        state.withLock { _ = $0.cancelled.remove(number) }
        guard admitted else { throw CancellationError() }
        return Held(number: number)
    }

    /// Leaves the section; the one who waited longest comes next.
    func release(_ held: Held) {
        let next = state.withLock { state -> CheckedContinuation<Bool, Never>? in
            guard let place = state.holders.firstIndex(where: { $0.number == held.number }) else { return nil }
            state.holders.remove(at: place)
            guard !state.waiters.isEmpty else {
                state.free += 1
                return nil
            }
            let waiter = state.waiters.removeFirst()
            state.holders.append((waiter.number, waiter.name))
            return waiter.continuation
        }
        next?.resume(returning: true)
    }
}

extension FIFOLock.State {
    /// Enters at once (`true`), refuses a cancelled one (`false`), or makes it wait (`nil`).
    fileprivate mutating func enter(_ waiter: FIFOLock.Waiter) -> Bool? {
        if cancelled.contains(waiter.number) { return false }
        guard free > 0 else {
            waiters.append(waiter)
            return nil
        }
        free -= 1
        holders.append((waiter.number, waiter.name))
        return true
    }

    /// Takes a waiter out of the line; one that holds a place keeps it.
    fileprivate mutating func cancel(_ number: UInt64) -> CheckedContinuation<Bool, Never>? {
        if let place = waiters.firstIndex(where: { $0.number == number }) {
            return waiters.remove(at: place).continuation
        }
        if !holders.contains(where: { $0.number == number }) { cancelled.insert(number) }
        return nil
    }
}
