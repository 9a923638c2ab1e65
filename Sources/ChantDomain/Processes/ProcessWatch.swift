import CLinux
import Foundation
import Synchronization

/// Waits for any number of processes and pipes on one thread, so that no thread of Swift's pool ever blocks.
final class ProcessWatch: Sendable {
    /// The one of this process: its thread starts with the first wait, and never exits.
    static let shared = ProcessWatch()

    private struct Wait {
        let file: Int32
        let deadline: ContinuousClock.Instant?
        let resume: @Sendable (Bool) -> Void
    }

    private struct State {
        var last: UInt64 = 0
        var waits: [UInt64: Wait] = [:]
        /// Cancelled before their wait had begun.
        var cancelled: Set<UInt64> = []
    }

    private let state = Mutex(State())
    private let wakeUp: Int32
    private let woken: Int32

    private init() {
        var ends: (Int32, Int32) = (-1, -1)
        let piped = withUnsafeMutablePointer(to: &ends) { pair in
            pair.withMemoryRebound(to: Int32.self, capacity: 2) { clinux_pipe($0) }
        }
        precondition(piped == 0, "no descriptor is left for the watch of processes")
        (woken, wakeUp) = ends
        for end in [woken, wakeUp] { _ = fcntl(end, F_SETFL, O_NONBLOCK) }
        Thread.detachNewThread { [self] in
            while true { look() }
        }
    }

    /// Waits until `file` has something to read or has ended: for a pidfd, until the process has ended.
    ///
    /// - Parameters:
    ///   - file: stays open until this returns.
    ///   - deadline: when to give up.
    ///   - cancellable: whether a cancelled task gives up, too.
    /// - Returns: whether it became readable.
    func becomesReadable(_ file: Int32, before deadline: ContinuousClock.Instant?, cancellable: Bool) async -> Bool {
        let id = state.withLock { state in
            state.last += 1
            return state.last
        }
        defer { _ = state.withLock { $0.cancelled.remove(id) } }
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                add(Wait(file: file, deadline: deadline) { continuation.resume(returning: $0) }, as: id)
            }
        } onCancel: {
            if cancellable { cancel(id) }
        }
    }

    /// Takes over the pidfd of a child of ours, and reaps the child when it has ended (R28: no zombies).
    func reapWhenEnded(_ pidfd: Int32) {
        let id = state.withLock { state in
            state.last += 1
            return state.last
        }
        let reap = Wait(file: pidfd, deadline: nil) { _ in
            var ended = clinux_ended()
            _ = clinux_pidfd_reap(pidfd, &ended)
            close(pidfd)
        }
        add(reap, as: id)
    }

    private func add(_ wait: Wait, as id: UInt64) {
        let isCancelled = state.withLock { state in
            guard state.cancelled.remove(id) == nil else { return true }
            state.waits[id] = wait
            return false
        }
        guard !isCancelled else { return wait.resume(false) }
        wake()
    }

    private func cancel(_ id: UInt64) {
        let wait = state.withLock { state in
            let wait = state.waits.removeValue(forKey: id)
            if wait == nil { state.cancelled.insert(id) }
            return wait
        }
        wait?.resume(false)
    }

    private func wake() {
        var byte: UInt8 = 0
        _ = write(wakeUp, &byte, 1)
    }

    /// One round of the thread: waits for the first thing that happens, and resumes whoever waited for it.
    private func look() {
        let waits = state.withLock { state in state.waits.map { (id: $0.key, wait: $0.value) } }
        var files = [pollfd(fd: woken, events: Int16(POLLIN), revents: 0)]
        files += waits.map { pollfd(fd: $0.wait.file, events: Int16(POLLIN), revents: 0) }
        _ = poll(&files, nfds_t(files.count), timeout(until: waits.compactMap(\.wait.deadline).min()))
        if files[0].revents != 0 { _ = SmallFile.read(woken, limit: 4096) }
        let now = ContinuousClock.now
        for (index, entry) in waits.enumerated() {
            let isReadable = files[index + 1].revents != 0
            guard isReadable || entry.wait.deadline.map({ $0 <= now }) == true else { continue }
            state.withLock { $0.waits.removeValue(forKey: entry.id) }?.resume(isReadable)
        }
    }

    private func timeout(until deadline: ContinuousClock.Instant?) -> Int32 {
        guard let deadline else { return -1 }
        let left = (deadline - ContinuousClock.now) / .milliseconds(1)
        return Int32(max(0, min(left.rounded(.up), 1_000_000_000)))
    }
}
