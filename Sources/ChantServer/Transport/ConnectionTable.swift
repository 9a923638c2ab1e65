import CMicroHTTPD
import Glibc
import Synchronization

/// The open connections, each with the time by which it must have sent what it is sending.
///
/// libmicrohttpd's own timeout is about inactivity only: a client that sends a byte now and then would hold a connection
/// for ever.
final class ConnectionTable: Sendable {
    private struct Entry {
        var fd: Int32
        var deadline: ContinuousClock.Instant?
        /// Whether no request was answered on it yet.
        var isNew = true
        /// Whether a request's first line is there, and its answer is not.
        var hasBegun = false
    }

    private let entries = Mutex<[UInt: Entry]>([:])

    var count: Int { entries.withLock { $0.count } }

    func opened(_ connection: UInt, fd: Int32, deadline: ContinuousClock.Instant) {
        entries.withLock { $0[connection] = Entry(fd: fd, deadline: deadline) }
    }

    /// The library closes the descriptor only after this has returned, so none is shut down that was given anew.
    func closed(_ connection: UInt) {
        entries.withLock { $0[connection] = nil }
    }

    func fd(of connection: UInt) -> Int32? {
        entries.withLock { $0[connection]?.fd }
    }

    /// A request's first line is there; the time that a new connection has for it runs on.
    func begun(_ connection: UInt, deadline: ContinuousClock.Instant) {
        entries.withLock { entries in
            guard let entry = entries[connection] else { return }
            if !entry.isNew { entries[connection]?.deadline = deadline }
            entries[connection]?.hasBegun = true
        }
    }

    /// Sets the time by which the next part must be there; `nil` while it is our turn.
    func expect(_ connection: UInt, by deadline: ContinuousClock.Instant?) {
        entries.withLock { $0[connection]?.deadline = deadline }
    }

    /// A request is over; the next one has to begin in time.
    func completed(_ connection: UInt, deadline: ContinuousClock.Instant) {
        entries.withLock { entries in
            guard let entry = entries[connection] else { return }
            entries[connection] = Entry(fd: entry.fd, deadline: deadline, isNew: false)
        }
    }

    /// Shuts down what is late; libmicrohttpd then sees the end and cleans up.
    ///
    /// - Parameters:
    ///   - now: the time.
    ///   - answer: what a client is told whose request has begun. The library is not sending then: it is not its turn
    ///     before the deadline is taken away, which needs the same lock. An idle connection ends without a word, since
    ///     its client could take any for the answer to what it is about to send.
    /// - Returns: how many there were.
    func sweep(_ now: ContinuousClock.Instant, saying answer: () -> [UInt8]) -> Int {
        entries.withLock { entries in
            var count = 0
            for (connection, entry) in entries {
                guard let deadline = entry.deadline, deadline <= now else { continue }
                if entry.hasBegun || (entry.isNew && cmhd_has_received(entry.fd)) {
                    let bytes = answer()
                    // What does not fit at once is not worth waiting for.
                    _ = send(entry.fd, bytes, bytes.count, Int32(MSG_DONTWAIT) | Int32(MSG_NOSIGNAL))
                }
                shutdown(entry.fd, Int32(SHUT_RDWR))
                entries[connection]?.deadline = nil
                count += 1
            }
            return count
        }
    }
}
