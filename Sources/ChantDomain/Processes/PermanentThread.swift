import Foundation
import Synchronization

/// A thread that never exits and does what blocks, one piece of work after another.
///
/// Children are started from such a thread alone, since what a parent's end means to its child is tied to the thread
/// that started it, and Swift's pool ends its threads when it likes.
final class PermanentThread: Sendable {
    /// Starts supervisors.
    static let spawning = PermanentThread()
    /// Looks through `/proc`, where reading what belongs to a stuck process can block.
    static let looking = PermanentThread()
    /// Copies files.
    static let copying = PermanentThread()

    private let work = Mutex<[@Sendable () -> Void]>([])
    private let available = DispatchSemaphore(value: 0)

    private init() {
        Thread.detachNewThread { [self] in
            while true {
                available.wait()
                let next = work.withLock { $0.removeFirst() }
                next()
            }
        }
    }

    /// Does `body` on this thread.
    func run<Result: Sendable>(_ body: @escaping @Sendable () -> Result) async -> Result {
        await withCheckedContinuation { continuation in
            work.withLock { $0.append { continuation.resume(returning: body()) } }
            available.signal()
        }
    }
}
