import Foundation
import Synchronization

/// Says when there may be something to take from the store: the kernel has news, what was left for later is due, or it is
/// time to look at all files.
///
/// The thread waits a moment after the first news, so that a whole checkout is one batch.
final class SpecWakes: Sendable {
    private static let batchMicroseconds: UInt32 = 20_000

    let moments: AsyncStream<Void>
    private let moment: AsyncStream<Void>.Continuation
    private let inotify: Inotify
    private let pause: Atomic<Int32>
    private let isStarted = Atomic(false)
    private let isStopped = Atomic(false)

    init(inotify: Inotify, pause: Duration) {
        self.inotify = inotify
        self.pause = Atomic(Self.milliseconds(pause))
        (moments, moment) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    /// Begins to wait, on a thread of its own; once.
    func start() {
        guard !isStarted.exchange(true, ordering: .sequentiallyConsistent) else { return }
        moment.yield()
        guard !Surroundings.isSimulated else { return }
        Thread.detachNewThread { [self] in
            while !isStopped.load(ordering: .sequentiallyConsistent) {
                switch inotify.wait(milliseconds: pause.load(ordering: .relaxed)) {
                case .woken: continue
                case .news: usleep(Self.batchMicroseconds)
                case .timeout: break
                }
                moment.yield()
            }
        }
    }

    /// There is something to take now, whatever the kernel says.
    func now() { moment.yield() }

    /// How long to wait at most from now on.
    func wait(atMost duration: Duration) {
        let new = Self.milliseconds(duration)
        guard pause.exchange(new, ordering: .relaxed) > new else { return }
        inotify.wake()
    }

    /// Ends the thread and the moments.
    func stop() {
        isStopped.store(true, ordering: .sequentiallyConsistent)
        inotify.wake()
        moment.finish()
    }

    private static func milliseconds(_ duration: Duration) -> Int32 {
        let (seconds, attoseconds) = duration.components
        return Int32(clamping: max(1, seconds * 1000 + attoseconds / 1_000_000_000_000_000))
    }
}
