import Foundation
import Glibc
import Synchronization

/// What a reader of a live log hears.
public enum LogSignal: Sendable, Equatable {
    /// The log may have grown.
    case changed
    /// The run is settled: what the log has now is all.
    case ended
}

/// Wakes readers when a run's output grows, without slowing the run (R33).
///
/// The kernel tells of growth; where it is silent or refuses, sizes are looked at once a second. Signals carry nothing
/// and run together: a reader that is slow finds one, whatever happened meanwhile.
public final class LogBroadcaster: Sendable {
    private let state: Mutex<BroadcastState>
    private let watch: FolderWatch

    /// A broadcaster with a thread of its own, which sleeps while nobody reads.
    public convenience init() { self.init(watch: FolderWatch()) }

    init(watch: FolderWatch) {
        self.watch = watch
        state = Mutex(BroadcastState(watch: watch))
        guard !Surroundings.isSimulated else { return }
        Thread.detachNewThread { [weak self] in
            var pause: Int32 = -1
            while true {
                let changed = watch.wait(milliseconds: pause)
                guard let next = self?.look(at: changed) else { return }
                pause = next
                // A fast writer wakes its readers two hundred times a second, and not for every line.
                if !changed.isEmpty { usleep(5000) }
            }
        }
    }

    deinit {
        watch.wake()
    }

    /// Signals for a reader of a run's log; the first comes with the first change from now on.
    ///
    /// Whoever subscribes asks the journal afterwards whether the run is settled: `ended` comes once, to those who
    /// listen then.
    public func subscribe(_ run: RunID) -> Subscription<LogSignal> {
        let subscription = state.withLock { state in
            state.lastKey += 1
            let key = state.lastKey
            let buffer = SubscriptionBuffer<LogSignal>(
                limit: 1,
                rule: .keepNewest,
                onEnd: { [weak self] in self?.remove(key, of: run) }
            )
            state.runs[run, default: BroadcastState.Watched()].readers[key] = buffer
            state.watchIfRead(run)
            return Subscription(buffer)
        }
        watch.wake()
        return subscription
    }

    /// Holds readers of a run's log back at its present end: an agent is about to start that is not registered yet (R26).
    func hold(_ folder: RunFolder) {
        let end = folder.outputFigures.bytes
        state.withLock { $0.ends[folder.run] = end }
    }

    /// Up to where the log of a run may be read; `nil` where nobody is held back.
    func readableEnd(of run: RunID) -> Int? { state.withLock { $0.ends[run] } }

    /// Says where a live run's log lies, which from now on may be read to its end; readers may have subscribed before.
    func begin(_ folder: RunFolder) {
        state.withLock { state in
            state.ends[folder.run] = nil
            state.runs[folder.run, default: BroadcastState.Watched()].folder = folder
            state.runs[folder.run]?.size = folder.outputFigures.bytes
            state.watchIfRead(folder.run)
            state.runs[folder.run]?.signalChange()
        }
        watch.wake()
    }

    /// Tells the readers of a run that its log is complete: the run is settled in the journal.
    func end(_ run: RunID) {
        let readers = state.withLock { $0.end(run) }
        for reader in readers { reader.end(.finished) }
    }

    /// Ends all subscriptions: the service stops.
    public func stop() {
        let readers = state.withLock { state in state.runs.values.flatMap(\.readers.values) }
        for reader in readers { reader.end(.finished) }
    }

    /// How many readers listen to a run.
    func readerCount(of run: RunID) -> Int { state.withLock { $0.runs[run]?.readers.count ?? 0 } }

    private func remove(_ key: Int, of run: RunID) {
        state.withLock { $0.remove(key, of: run) }
    }

    /// Signals what has changed, and says how long to wait until sizes are looked at again.
    private func look(at changed: Set<Int32>) -> Int32 {
        state.withLock { $0.look(at: changed, now: .now) }
    }
}

/// The live runs with their readers.
private struct BroadcastState {
    struct Watched {
        var folder: RunFolder?
        var watch: Int32?
        var size = 0
        var readers: [Int: SubscriptionBuffer<LogSignal>] = [:]

        func signalChange() {
            for reader in readers.values { reader.offer(.changed) }
        }
    }

    private static let sweepInterval = Duration.seconds(1)

    let watch: FolderWatch
    var runs: [RunID: Watched] = [:]
    /// Where readers of a run are held back.
    var ends: [RunID: Int] = [:]
    var lastKey = 0
    private var lastSweep = ContinuousClock.now

    init(watch: FolderWatch) {
        self.watch = watch
    }

    /// Watches a run's folder as soon as there are both a reader and a folder.
    mutating func watchIfRead(_ run: RunID) {
        guard let watched = runs[run], watched.watch == nil, !watched.readers.isEmpty, let folder = watched.folder
        else {
            return
        }
        let added = watch.add(folder.path)
        runs[run]?.watch = added
        // Who else reads may not have been told of what has grown since: the next look does.
        if watched.readers.count == 1 { runs[run]?.size = folder.outputFigures.bytes }
    }

    mutating func remove(_ key: Int, of run: RunID) {
        guard let watched = runs[run] else { return }
        runs[run]?.readers[key] = nil
        guard watched.readers.keys.allSatisfy({ $0 == key }) else { return }
        watched.watch.map(watch.remove)
        runs[run]?.watch = nil
        if watched.folder == nil { runs[run] = nil }
    }

    mutating func end(_ run: RunID) -> [SubscriptionBuffer<LogSignal>] {
        ends[run] = nil
        guard let watched = runs.removeValue(forKey: run) else { return [] }
        watched.watch.map(watch.remove)
        // Before anybody else can offer something: the run is not known any more.
        for reader in watched.readers.values { reader.offer(.ended) }
        return Array(watched.readers.values)
    }

    mutating func look(at changed: Set<Int32>, now: ContinuousClock.Instant) -> Int32 {
        let isSweep = now - lastSweep >= Self.sweepInterval
        if isSweep { lastSweep = now }
        var hasReaders = false
        for (run, watched) in runs where !watched.readers.isEmpty {
            hasReaders = true
            let isTold = watched.watch.map(changed.contains) ?? false
            guard isTold || isSweep, let folder = watched.folder else { continue }
            if watched.watch == nil {
                let added = watch.add(folder.path)
                runs[run]?.watch = added
            }
            let size = folder.outputFigures.bytes
            guard size != watched.size else { continue }
            runs[run]?.size = size
            watched.signalChange()
        }
        return hasReaders ? 1000 : -1
    }
}
