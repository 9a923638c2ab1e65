import Glibc

/// One process as `/proc/<pid>/stat` shows it.
///
/// Glibc only: supervisors use it.
struct ProcessEntry: Hashable, Sendable {
    let pid: Int32
    let state: UInt8
    let parent: Int32
    let group: Int32
    let threads: Int
    let startTicks: UInt64
    /// Its own time on a processor, and that of its children that it waited for, in clock ticks.
    let ownTicks: UInt64
    let waitedTicks: UInt64
    let residentPages: UInt64

    /// Whether it is a zombie, or dead: a leader whose other threads still run shows as a zombie and is none.
    var hasEnded: Bool { (state == UInt8(ascii: "Z") && threads <= 1) || state == UInt8(ascii: "X") }

    /// What tells it from a later process with the same pid.
    struct Key: Hashable, Sendable {
        let pid: Int32
        let startTicks: UInt64
    }

    /// Its key.
    var key: Key { Key(pid: pid, startTicks: startTicks) }

    /// The process with this pid; `nil` where there is none.
    static func read(_ pid: Int32) -> ProcessEntry? {
        SmallFile.read("/proc/\(pid)/stat").flatMap { ProcessEntry(pid: pid, stat: $0) }
    }

    /// The process with this pid that may have written a file at that moment: a number is given to another process later,
    /// which began after the file was written.
    ///
    /// - Returns: `nil` where there is none, or the number is a thread's.
    static func writer(_ pid: Int32, at written: timespec) -> ProcessEntry? {
        guard let entry = read(pid), !entry.hasEnded, isProcess(pid), let began = entry.began,
            began <= Double(written.tv_sec) + Double(written.tv_nsec) / 1e9 + fileTimeTolerance
        else { return nil }
        return entry
    }

    /// Clocks and file times are compared; neither is finer than that here.
    private static let fileTimeTolerance: Double = 2

    /// When it was started, in seconds since 1970 as the clock says now.
    var began: Double? {
        var now = timespec()
        var up = timespec()
        guard clock_gettime(CLOCK_REALTIME, &now) == 0, clock_gettime(CLOCK_BOOTTIME, &up) == 0 else { return nil }
        let boot = Double(now.tv_sec - up.tv_sec) + Double(now.tv_nsec - up.tv_nsec) / 1e9
        return boot + Double(startTicks) / Double(ProcessTable.ticksPerSecond)
    }

    /// `/proc` answers for the numbers of threads, too, though it does not list them.
    private static func isProcess(_ pid: Int32) -> Bool {
        guard let status = SmallFile.read("/proc/\(pid)/status") else { return false }
        return status.split(separator: UInt8(ascii: "\n")).contains { $0.elementsEqual("Tgid:\t\(pid)".utf8) }
    }

    /// Reads a line of `/proc/<pid>/stat`; the name in its second field may hold blanks and parentheses.
    init?(pid: Int32, stat: [UInt8]) {
        guard let name = stat.lastIndex(of: UInt8(ascii: ")")) else { return nil }
        let fields = stat[(name + 1)...].split(separator: UInt8(ascii: " "))
        // fields[0] is field 3 of proc(5), the state.
        guard fields.count >= 22, let state = fields[0].first else { return nil }
        func number(_ field: Int) -> UInt64 { UInt64(String(decoding: fields[field - 3], as: UTF8.self)) ?? 0 }
        self.pid = pid
        self.state = state
        parent = Int32(truncatingIfNeeded: number(4))
        group = Int32(truncatingIfNeeded: number(5))
        ownTicks = number(14) + number(15)
        waitedTicks = number(16) + number(17)
        threads = Int(number(20))
        startTicks = number(22)
        residentPages = number(24)
    }
}

/// Small files of `/proc` and of run folders, read whole without Foundation.
enum SmallFile {
    /// The file's bytes, at most `limit`; `nil` where it cannot be read.
    static func read(_ path: String, limit: Int = 4096) -> [UInt8]? {
        let file = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        guard file >= 0 else { return nil }
        defer { close(file) }
        return read(file, limit: limit)
    }

    /// What is still to be read from a descriptor, at most `limit` bytes.
    static func read(_ file: Int32, limit: Int) -> [UInt8]? {
        var bytes: [UInt8] = []
        while bytes.count < limit {
            let wanted = min(limit - bytes.count, 4096)
            var failed = false
            let piece = [UInt8](unsafeUninitializedCapacity: wanted) { buffer, count in
                let result = retrying { Glibc.read(file, buffer.baseAddress, wanted) }
                failed = result < 0
                count = max(0, result)
            }
            guard !failed else { return nil }
            guard !piece.isEmpty else { break }
            bytes += piece
        }
        return bytes
    }

    /// What a symbolic link holds.
    static func link(_ path: String) -> String? {
        var length = -1
        let bytes = [UInt8](unsafeUninitializedCapacity: 4096) { buffer, count in
            length = buffer.withMemoryRebound(to: CChar.self) { text in
                text.baseAddress.map { readlink(path, $0, text.count) } ?? -1
            }
            count = max(0, length)
        }
        return length < 0 ? nil : String(decoding: bytes, as: UTF8.self)
    }

    /// Writes all bytes, or says that it could not.
    static func write(_ bytes: [UInt8], to file: Int32) -> Bool {
        var written = 0
        while written < bytes.count {
            let result = bytes[written...].withUnsafeBytes { rest in
                retrying { Glibc.write(file, rest.baseAddress, rest.count) }
            }
            guard result > 0 else { return false }
            written += result
        }
        return true
    }

    /// A folder's entries whose names are numbers, as in `/proc`.
    static func numbers(in folder: String) -> [Int32] {
        guard let stream = opendir(folder) else { return [] }
        defer { closedir(stream) }
        var numbers: [Int32] = []
        while let entry = readdir(stream) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if let number = Int32(name) { numbers.append(number) }
        }
        return numbers
    }

    private static func retrying(_ call: () -> Int) -> Int {
        while true {
            let result = call()
            guard result < 0, errno == EINTR else { return result }
        }
    }
}
