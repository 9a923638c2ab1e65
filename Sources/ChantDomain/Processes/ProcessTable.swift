import CLinux
import Glibc

/// Finds a run's processes and signals them without ever hitting a stranger.
///
/// Glibc and CLinux only: supervisors use it.
enum ProcessTable {
    /// The unit of times in `/proc`.
    static let ticksPerSecond = Int64(sysconf(Int32(_SC_CLK_TCK)))

    /// Every process below `ancestor`, zombies included.
    ///
    /// What is born or ends while it looks may be missed: callers look again.
    static func descendants(of ancestor: Int32) -> [ProcessEntry] {
        var found: [ProcessEntry] = []
        var seen: Set<Int32> = [ancestor]
        var open = [ancestor]
        while let parent = open.popLast() {
            for pid in children(of: parent) where seen.insert(pid).inserted {
                guard let entry = ProcessEntry.read(pid) else { continue }
                found.append(entry)
                open.append(pid)
            }
        }
        return found
    }

    /// The processes of our user whose environment holds this run's mark, except this process itself (R28).
    ///
    /// It also finds what is no descendant any more, because the supervisor above it died.
    static func marked(_ run: String) -> [ProcessEntry] { carrying("CHANT_RUN_ID=\(run)") }

    /// The processes of our user whose environment holds exactly this `NAME=value`, except this process itself.
    static func carrying(_ mark: String) -> [ProcessEntry] {
        let own = getpid()
        let bytes = Array(mark.utf8)
        return SmallFile.numbers(in: "/proc").compactMap { pid in
            guard pid != own, isOurs(pid), environment(of: pid, holds: bytes) else { return nil }
            return ProcessEntry.read(pid).flatMap { $0.hasEnded ? nil : $0 }
        }
    }

    /// Signals the process that `entry` shows, and no later one with the same pid.
    ///
    /// - Returns: whether it was still there.
    @discardableResult
    static func signal(_ entry: ProcessEntry, _ signal: Int32) -> Bool {
        let pidfd = clinux_pidfd_open(entry.pid)
        guard pidfd >= 0 else { return false }
        defer { close(pidfd) }
        guard let now = ProcessEntry.read(entry.pid), now.startTicks == entry.startTicks else { return false }
        return clinux_pidfd_signal(pidfd, signal) == 0
    }

    private static func children(of pid: Int32) -> [Int32] {
        let tasks = SmallFile.numbers(in: "/proc/\(pid)/task")
        let lists = tasks.map { SmallFile.read("/proc/\(pid)/task/\($0)/children", limit: 1 << 20) }
        guard lists.contains(where: { $0 == nil }) else {
            return lists.flatMap { list in
                (list ?? []).split(separator: UInt8(ascii: " ")).compactMap {
                    Int32(String(decoding: $0, as: UTF8.self))
                }
            }
        }
        // A kernel without these lists, or a thread that has just ended: ask every process for its parent.
        return SmallFile.numbers(in: "/proc").filter { ProcessEntry.read($0)?.parent == pid }
    }

    private static func isOurs(_ pid: Int32) -> Bool {
        var status = Glibc.stat()
        return lstat("/proc/\(pid)", &status) == 0 && status.st_uid == geteuid()
    }

    private static func environment(of pid: Int32, holds mark: [UInt8]) -> Bool {
        guard let environment = SmallFile.read("/proc/\(pid)/environ", limit: 8 << 20) else { return false }
        return environment.split(separator: 0).contains { $0.elementsEqual(mark) }
    }
}
