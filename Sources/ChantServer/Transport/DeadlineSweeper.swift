import Foundation
import Glibc
import Logging
import Synchronization

/// The open connections, each with the time by which it must have sent what it is sending.
///
/// libmicrohttpd's own timeout is about inactivity only: a client that sends a byte now and then would hold a connection
/// for ever.
final class ConnectionTable: Sendable {
    private struct Entry {
        var fd: Int32
        var deadline: ContinuousClock.Instant?
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

    /// Sets the time by which the next part must be there; `nil` while it is our turn.
    func expect(_ connection: UInt, by deadline: ContinuousClock.Instant?) {
        entries.withLock { $0[connection]?.deadline = deadline }
    }

    /// Shuts down what is late; libmicrohttpd then sees the end and cleans up.
    func sweep(_ now: ContinuousClock.Instant) -> Int {
        entries.withLock { entries in
            var count = 0
            for (connection, entry) in entries {
                guard let deadline = entry.deadline, deadline <= now else { continue }
                shutdown(entry.fd, Int32(SHUT_RDWR))
                entries[connection]?.deadline = nil
                count += 1
            }
            return count
        }
    }
}

/// A thread of its own that keeps the transport's deadlines, whatever the other threads are doing.
final class DeadlineSweeper: @unchecked Sendable {
    private let core: TransportCore
    // @unchecked: `isEnded` is only touched with this condition locked.
    private let condition = NSCondition()
    private var isEnded = false

    init(core: TransportCore) {
        self.core = core
    }

    func start() {
        let thread = Thread { self.run() }
        thread.name = "deadline sweeper"
        thread.start()
    }

    func end() {
        condition.withLock {
            isEnded = true
            condition.signal()
        }
    }

    private func run() {
        let interval =
            Double(core.limits.sweep.components.seconds)
            + Double(core.limits.sweep.components.attoseconds) / 1e18
        condition.lock()
        while !isEnded {
            if condition.wait(until: Date(timeIntervalSinceNow: interval)) { continue }
            condition.unlock()
            sweep()
            condition.lock()
        }
        condition.unlock()
    }

    private func sweep() {
        let now = ContinuousClock.now
        let late = core.connections.sweep(now)
        if late > 0 { core.logger.debug("connections were too slow", metadata: ["count": "\(late)"]) }
        for exchange in core.exchanges.all { exchange.sweep(now) }
    }
}
