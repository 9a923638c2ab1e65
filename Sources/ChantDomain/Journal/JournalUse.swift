import Glibc
import Synchronization

/// Who uses the journal at this moment: it is closed only when nobody does, and nobody uses it afterwards.
///
/// A request that outlives its limit may still read while the service ends; the pool itself does not wait for that.
final class JournalUse: Sendable {
    private struct State {
        var users = 0
        var isClosed = false
    }

    private let state = Mutex(State())
    /// Nobody waits longer for a reader: then the process ends with it.
    private static let patience = 10_000

    /// Begins a use.
    ///
    /// - Throws: `storage` once the journal is closed.
    func enter(_ operation: String) throws(JournalError) {
        let isClosed = state.withLock { state in
            if !state.isClosed { state.users += 1 }
            return state.isClosed
        }
        if isClosed { throw .storage(operation: operation, code: EBADF, detail: "the journal is closed") }
    }

    /// Ends a use.
    func leave() { state.withLock { $0.users -= 1 } }

    /// Lets nobody in any more, and returns when those who are in have left.
    func close() {
        state.withLock { $0.isClosed = true }
        for _ in 0..<Self.patience {
            if state.withLock({ $0.users == 0 }) { return }
            usleep(1_000)
        }
    }
}
