import Glibc
import Synchronization

/// Writes whole lines to a descriptor, and never waits long for whoever reads there.
///
/// The log goes to a pipe as often as to a file. When its reader has stopped, a plain `write` would stop the service with
/// it: then lines are left out instead, and counted, and the count is the first thing that the reader gets afterwards.
final class LineWriter: Sendable {
    private struct State {
        /// Nobody took anything at the last attempt, so the next one does not wait.
        var isStalled = false
        /// A part of a line was written, and its rest never will be.
        var isInsideLine = false
        var dropped = 0
    }

    /// What a pipe that is ready for writing takes without waiting.
    private static let piece = 4096

    private let descriptor: Int32
    private let patience: Duration
    private let notice: @Sendable (_ dropped: Int) -> [UInt8]
    private let state = Mutex(State())

    /// - Parameters:
    ///   - descriptor: where to write.
    ///   - patience: how long a line may wait for a reader that has just stopped.
    ///   - notice: the line that tells how many were left out.
    init(
        descriptor: Int32,
        patience: Duration = .milliseconds(200),
        notice: @escaping @Sendable (_ dropped: Int) -> [UInt8]
    ) {
        self.descriptor = descriptor
        self.patience = patience
        self.notice = notice
    }

    /// Writes a line, which ends with its line break, in one piece or not at all.
    func write(_ line: [UInt8]) {
        state.withLock { state in
            if state.dropped > 0, send(notice(state.dropped), &state) { state.dropped = 0 }
            if state.dropped > 0 || !send(line, &state) { state.dropped += 1 }
        }
    }

    private func send(_ line: [UInt8], _ state: inout State) -> Bool {
        let line = state.isInsideLine ? [UInt8(ascii: "\n")] + line : line
        let end = ContinuousClock.now + (state.isStalled ? .zero : patience)
        var rest = line[...]
        while !rest.isEmpty {
            guard isReady(until: end), let count = put(rest.prefix(Self.piece)) else {
                state.isStalled = true
                if rest.count < line.count { state.isInsideLine = true }
                return false
            }
            rest = rest.dropFirst(count)
        }
        state.isStalled = false
        state.isInsideLine = false
        return true
    }

    private func isReady(until end: ContinuousClock.Instant) -> Bool {
        var request = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        while true {
            let left = max(.zero, end - ContinuousClock.now)
            let count = poll(&request, 1, Int32(left / .milliseconds(1)))
            if count < 0 && errno == EINTR { continue }
            return count > 0 && request.revents & Int16(POLLOUT) != 0
        }
    }

    /// How much was taken; `nil` when nothing was.
    private func put(_ bytes: ArraySlice<UInt8>) -> Int? {
        while true {
            let count = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0 && errno == EINTR { continue }
            return count > 0 ? count : nil
        }
    }
}
