import Foundation
import Glibc
import Synchronization

/// SIGTERM, SIGINT and SIGHUP (a terminal that was closed): the first asks for a stop, the second ends the program at once.
///
/// They are taken before the project is opened, so that none can arrive between the ready line and whoever listens. A
/// plain handler writes to a pipe and a thread of its own reads it: also a service that hangs can be ended.
final class StopSignals: Sendable {
    private let stream: AsyncStream<Int32>
    private let continuation: AsyncStream<Int32>.Continuation
    private let count = Mutex(0)

    /// Whether somebody has asked for a stop.
    var isRaised: Bool { count.withLock { $0 > 0 } }

    /// Takes the signals from now on; there is one such object in a program.
    ///
    /// - Parameter last: what to do before the second one ends the program.
    init(last: @escaping @Sendable () -> Void) {
        (stream, continuation) = AsyncStream.makeStream(bufferingPolicy: .bufferingOldest(1))
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { return }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        let source = ends[0]
        SignalPipe.entry.store(ends[1], ordering: .sequentiallyConsistent)
        Thread.detachNewThread { [self] in
            var number: UInt8 = 0
            while true {
                let got = read(source, &number, 1)
                if got < 0 && errno == EINTR { continue }
                guard got == 1 else { return }
                arrived(Int32(number), last)
            }
        }
        for number in [SIGTERM, SIGINT] { SignalPipe.take(number) }
        // Under `nohup` it stays ignored.
        if !SignalPipe.isIgnored(SIGHUP) { SignalPipe.take(SIGHUP) }
    }

    /// Waits for the first signal; `nil` when the task was cancelled instead.
    func first() async -> Int32? {
        for await signal in stream { return signal }
        return nil
    }

    private func arrived(_ signal: Int32, _ last: @Sendable () -> Void) {
        let isFirst = count.withLock { count in
            count += 1
            return count == 1
        }
        if isFirst {
            continuation.yield(signal)
        } else {
            // Supervisors and agents go on; the next start decides what becomes of their runs.
            last()
            _exit(0)
        }
    }
}

/// The way out of a signal's handler, where hardly anything is allowed.
private enum SignalPipe {
    /// The end to write to.
    static let entry = Atomic<Int32>(-1)

    static func isIgnored(_ number: Int32) -> Bool {
        var action = sigaction()
        sigaction(number, nil, &action)
        return unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self) == 1
    }

    static func take(_ number: Int32) {
        var action = sigaction()
        action.__sigaction_handler.sa_handler = { number in
            let code = errno
            var byte = UInt8(truncatingIfNeeded: number)
            _ = write(SignalPipe.entry.load(ordering: .relaxed), &byte, 1)
            errno = code
        }
        action.sa_flags = SA_RESTART
        sigaction(number, &action, nil)
    }
}
