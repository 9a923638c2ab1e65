import Glibc
import Synchronization

/// Tells which run folders had their output changed, through inotify; a pair of sockets wakes who waits.
///
/// Where the kernel refuses, `add` gives nothing and `wait` only waits: sizes are looked at then.
final class FolderWatch: Sendable {
    private static let fileNames = ["out.log", "err.log"]

    private let inotify: Int32
    private let wakeReader: Int32
    private let wakeWriter: Int32

    init() {
        inotify = inotify_init1(Int32(IN_NONBLOCK) | Int32(IN_CLOEXEC))
        var ends: [Int32] = [-1, -1]
        let kind = Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue)
        if socketpair(AF_UNIX, kind, 0, &ends) != 0 { ends = [-1, -1] }
        wakeReader = ends[0]
        wakeWriter = ends[1]
    }

    deinit {
        for descriptor in [inotify, wakeReader, wakeWriter] where descriptor >= 0 { close(descriptor) }
    }

    /// Watches a folder; `nil` where that cannot be done, for example because it is not there yet.
    func add(_ folder: String) -> Int32? {
        guard inotify >= 0 else { return nil }
        let watch = inotify_add_watch(inotify, folder, UInt32(IN_MODIFY | IN_CREATE | IN_MOVED_TO | IN_DELETE))
        return watch >= 0 ? watch : nil
    }

    /// Watches a folder no more.
    func remove(_ watch: Int32) {
        inotify_rm_watch(inotify, watch)
    }

    /// Makes `wait` return.
    func wake() {
        var byte: UInt8 = 1
        write(wakeWriter, &byte, 1)
    }

    /// Waits for a change, a wake-up or the time limit; a negative limit is none.
    ///
    /// - Returns: the watches of the folders whose output changed.
    func wait(milliseconds: Int32) -> Set<Int32> {
        var descriptors = [
            pollfd(fd: wakeReader, events: Int16(POLLIN), revents: 0),
            pollfd(fd: inotify, events: Int16(POLLIN), revents: 0),
        ]
        guard poll(&descriptors, nfds_t(descriptors.count), milliseconds) > 0 else { return [] }
        var buffer = [UInt8](repeating: 0, count: 64)
        while read(wakeReader, &buffer, buffer.count) > 0 {}
        return changedWatches()
    }

    private func changedWatches() -> Set<Int32> {
        var changed: Set<Int32> = []
        var buffer = [UInt8](repeating: 0, count: 16_384)
        while inotify >= 0 {
            let count = read(inotify, &buffer, buffer.count)
            guard count > 0 else { break }
            Self.collect(buffer[..<count], into: &changed)
        }
        return changed
    }

    /// An event is four 32-bit numbers (watch, mask, cookie, length of the name) and the name, padded with NUL.
    private static func collect(_ bytes: ArraySlice<UInt8>, into changed: inout Set<Int32>) {
        var rest = bytes
        while rest.count >= 16 {
            let header = rest.prefix(16).withUnsafeBytes { raw in
                (
                    watch: raw.loadUnaligned(as: Int32.self),
                    length: raw.loadUnaligned(fromByteOffset: 12, as: UInt32.self)
                )
            }
            let name = rest.dropFirst(16).prefix(Int(header.length)).prefix { $0 != 0 }
            if fileNames.contains(String(decoding: name, as: UTF8.self)) { changed.insert(header.watch) }
            rest = rest.dropFirst(16 + Int(header.length))
        }
    }
}
