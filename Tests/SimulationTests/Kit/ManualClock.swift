import Foundation
import Synchronization

/// Time that passes only when nothing else can go on, and then at once.
final class ManualClock: Sendable {
    private struct Sleeper {
        let number: Int
        let deadline: Int
        let owner: ObjectIdentifier
        let continuation: CheckedContinuation<Void, any Error>
    }

    private struct State {
        var now = 0
        var last = 0
        var sleepers: [Sleeper] = []
        var cancelled: Set<Int> = []
    }

    /// 2026-03-01, a Sunday.
    private static let beginning = 1_772_323_200.0

    private let state = Mutex(State())

    /// Milliseconds since the simulation began.
    var milliseconds: Int { state.withLock { $0.now } }

    var date: Date { Date(timeIntervalSince1970: Self.beginning + Double(milliseconds) / 1000) }

    /// Sleeps on behalf of `owner`, whose sleepers can be woken together.
    func sleep(for duration: Duration, owner: ObjectIdentifier) async throws {
        let (number, deadline) = state.withLock { state in
            state.last += 1
            // Nobody wakes up too early.
            return (state.last, state.now + max(1, Int((duration / .milliseconds(1)).rounded(.up))))
        }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let isCancelled = state.withLock { state in
                    if state.cancelled.remove(number) != nil { return true }
                    state.sleepers.append(
                        Sleeper(number: number, deadline: deadline, owner: owner, continuation: continuation)
                    )
                    return false
                }
                if isCancelled { continuation.resume(throwing: CancellationError()) }
            }
        } onCancel: {
            let sleeper = state.withLock { state -> Sleeper? in
                guard let place = state.sleepers.firstIndex(where: { $0.number == number }) else {
                    state.cancelled.insert(number)
                    return nil
                }
                return state.sleepers.remove(at: place)
            }
            sleeper?.continuation.resume(throwing: CancellationError())
        }
    }

    /// Goes to the next moment at which somebody wakes up; `false` where nobody sleeps.
    func advance() -> Bool {
        let due = state.withLock { state -> [Sleeper] in
            guard let next = state.sleepers.map(\.deadline).min() else { return [] }
            state.now = max(state.now, next)
            defer { state.sleepers.removeAll { $0.deadline <= next } }
            return state.sleepers.filter { $0.deadline <= next }
        }
        for sleeper in due { sleeper.continuation.resume() }
        return !due.isEmpty
    }

    /// Lets time jump, as on a machine that was asleep.
    func jump(_ milliseconds: Int) { state.withLock { $0.now += milliseconds } }

    /// Wakes all who sleep for `owner`, whatever the time.
    func wake(owner: ObjectIdentifier) {
        let woken = state.withLock { state -> [Sleeper] in
            defer { state.sleepers.removeAll { $0.owner == owner } }
            return state.sleepers.filter { $0.owner == owner }
        }
        for sleeper in woken { sleeper.continuation.resume() }
    }

    /// How many sleep.
    var sleepers: Int { state.withLock { $0.sleepers.count } }
}
