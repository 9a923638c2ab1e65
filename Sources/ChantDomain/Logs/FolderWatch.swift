import Glibc

/// Tells which run folders had their output changed.
///
/// Where the kernel refuses, `add` gives nothing and `wait` only waits: sizes are looked at then.
final class FolderWatch: Sendable {
    private static let fileNames = ["out.log", "err.log"].map { Array($0.utf8) }

    private let inotify: Inotify

    init(inotify: Inotify = Inotify()) { self.inotify = inotify }

    /// Watches a folder; `nil` where that cannot be done, for example because it is not there yet.
    func add(_ folder: String) -> Int32? {
        inotify.add(folder, Int32(IN_MODIFY | IN_CREATE | IN_MOVED_TO | IN_DELETE))
    }

    /// Watches a folder no more.
    func remove(_ watch: Int32) { inotify.remove(watch) }

    /// Makes `wait` return.
    func wake() { inotify.wake() }

    /// Waits for a change, a wake-up or the time limit; a negative limit is none.
    ///
    /// - Returns: the watches of the folders whose output changed.
    func wait(milliseconds: Int32) -> Set<Int32> {
        guard inotify.wait(milliseconds: milliseconds) != .timeout else { return [] }
        var changed: Set<Int32> = []
        while case let events = inotify.events(), !events.isEmpty {
            for event in events where Self.fileNames.contains(event.name) { changed.insert(event.watch) }
        }
        return changed
    }
}
