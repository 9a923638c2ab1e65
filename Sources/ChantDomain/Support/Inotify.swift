import Glibc

/// What the kernel tells of changes in folders, and a pair of sockets that wakes who waits for it.
///
/// Where the kernel refuses, `add` gives nothing and `wait` only waits.
final class Inotify: Sendable {
    /// One change.
    struct Event: Sendable {
        /// The watch that it comes from; -1 for the queue itself.
        let watch: Int32
        /// The kernel's `IN_…` bits.
        let mask: UInt32
        /// The name in the folder, as bytes; empty for the folder itself.
        let name: [UInt8]

        /// Whether one of these bits is set.
        func isAny(_ bits: Int32...) -> Bool { bits.contains { mask & UInt32(bitPattern: $0) != 0 } }
    }

    /// Why `wait` returned.
    enum Wake: Sendable {
        case news
        case woken
        case timeout
    }

    private let descriptor: Int32
    private let wakeReader: Int32
    private let wakeWriter: Int32
    /// Lower in tests only: behaves like a kernel whose limit of watches is reached.
    private let watchLimit: Int32

    init(watchLimit: Int32 = .max) {
        self.watchLimit = watchLimit
        // In a simulation all files are looked at at every question: no thread and no kernel decides when.
        descriptor = Surroundings.isSimulated ? -1 : inotify_init1(Int32(IN_NONBLOCK) | Int32(IN_CLOEXEC))
        var ends: [Int32] = [-1, -1]
        let kind = Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue)
        if socketpair(AF_UNIX, kind, 0, &ends) != 0 { ends = [-1, -1] }
        wakeReader = ends[0]
        wakeWriter = ends[1]
    }

    deinit {
        for descriptor in [descriptor, wakeReader, wakeWriter] where descriptor >= 0 { close(descriptor) }
    }

    /// Watches a folder; `nil` where that cannot be done, for example because it is not there or watches have run out.
    ///
    /// The same folder under another name keeps its watch.
    func add(_ folder: String, _ mask: Int32) -> Int32? {
        guard descriptor >= 0 else { return nil }
        let watch = inotify_add_watch(descriptor, folder, UInt32(bitPattern: mask))
        guard watch >= 0 else { return nil }
        guard watch <= watchLimit else {
            remove(watch)
            errno = ENOSPC
            return nil
        }
        return watch
    }

    /// Watches a folder no more.
    func remove(_ watch: Int32) {
        inotify_rm_watch(descriptor, watch)
    }

    /// Makes `wait` return.
    func wake() {
        var byte: UInt8 = 1
        write(wakeWriter, &byte, 1)
    }

    /// Waits for a change, a wake-up or the time limit; a negative limit is none.
    func wait(milliseconds: Int32) -> Wake {
        var descriptors = [
            pollfd(fd: wakeReader, events: Int16(POLLIN), revents: 0),
            pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0),
        ]
        guard poll(&descriptors, nfds_t(descriptors.count), milliseconds) > 0 else { return .timeout }
        var buffer = [UInt8](repeating: 0, count: 64)
        while read(wakeReader, &buffer, buffer.count) > 0 {}
        return descriptors[1].revents != 0 ? .news : .woken
    }

    /// What has happened since the last question, in order, at most some thousand events; never waits.
    func events() -> [Event] {
        guard descriptor >= 0 else { return [] }
        // Most questions find nothing: those cost one small call and no buffer.
        var pending: Int32 = 0
        guard ioctl(descriptor, UInt(FIONREAD), &pending) == 0, pending > 0 else { return [] }
        var buffer = [UInt8](repeating: 0, count: max(16_384, min(Int(pending), 1 << 20)))
        let count = read(descriptor, &buffer, buffer.count)
        var events: [Event] = []
        if count > 0 { Self.parse(buffer[..<count], into: &events) }
        return events
    }

    /// An event is four 32-bit numbers (watch, mask, cookie, length of the name) and the name, padded with NUL.
    private static func parse(_ bytes: ArraySlice<UInt8>, into events: inout [Event]) {
        var rest = bytes
        while rest.count >= 16 {
            let header = rest.prefix(16).withUnsafeBytes { raw in
                (
                    watch: raw.loadUnaligned(as: Int32.self),
                    mask: raw.loadUnaligned(fromByteOffset: 4, as: UInt32.self),
                    length: raw.loadUnaligned(fromByteOffset: 12, as: UInt32.self)
                )
            }
            let name = rest.dropFirst(16).prefix(Int(header.length)).prefix { $0 != 0 }
            events.append(Event(watch: header.watch, mask: header.mask, name: Array(name)))
            rest = rest.dropFirst(16 + Int(header.length))
        }
    }
}
