/// How much memory programs can still have: the machine's, or what the service's cgroup leaves of it (R72).
public enum AvailableMemory {
    /// Bytes; `nil` where the kernel does not tell.
    public static func bytes() -> Int? { bytes { SmallFile.read($0, limit: 1 << 16) } }

    /// The same from files that `read` gives.
    static func bytes(_ read: @escaping (String) -> [UInt8]?) -> Int? {
        let text = { (path: String) in read(path).map { String(decoding: $0, as: UTF8.self) } }
        let machine = text("/proc/meminfo").flatMap { value("MemAvailable:", in: $0) }.map { $0 << 10 }
        let groups = text("/proc/self/cgroup").map { remaining($0, text) } ?? []
        return (groups + (machine.map { [$0] } ?? [])).min()
    }

    /// What each limit of the service's groups, up to the topmost, leaves.
    private static func remaining(_ membership: String, _ text: (String) -> String?) -> [Int] {
        membership.split(separator: "\n").flatMap { line -> [Int] in
            // <hierarchy>:<controllers>:<path>
            let fields = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
            guard fields.count == 3 else { return [] }
            let version: Version
            if fields[1].isEmpty {
                version = .two
            } else if fields[1].split(separator: ",").contains("memory") {
                version = .one
            } else {
                return []
            }
            return folders(upFrom: fields[2]).compactMap { version.remaining(version.root + $0, text) }
        }
    }

    /// `/a/b` is in `/a/b`, `/a` and the root; the path is the host's where a container shows it from outside.
    private static func folders(upFrom path: Substring) -> [String] {
        var parts = path.split(separator: "/")
        guard !parts.contains("..") else { return [""] }
        var folders = [""]
        while !parts.isEmpty, folders.count < 64 {
            folders.append("/" + parts.joined(separator: "/"))
            parts.removeLast()
        }
        return folders
    }

    /// The number behind a key at the beginning of a line.
    fileprivate static func value(_ key: String, in text: String) -> Int? {
        for line in text.split(separator: "\n") where line.hasPrefix(key) {
            return line.dropFirst(key.count).split(separator: " ").first.flatMap { Int($0) }
        }
        return nil
    }
}

extension AvailableMemory {
    private enum Version {
        case one
        case two

        var root: String { self == .one ? "/sys/fs/cgroup/memory" : "/sys/fs/cgroup" }

        /// The limit less what is used; cached files are given back when somebody needs the memory.
        func remaining(_ folder: String, _ text: (String) -> String?) -> Int? {
            let names =
                self == .one
                ? ("memory.limit_in_bytes", "memory.usage_in_bytes", "total_")
                : ("memory.max", "memory.current", "")
            guard let limit = text("\(folder)/\(names.0)").flatMap(number), limit < 1 << 60,
                let used = text("\(folder)/\(names.1)").flatMap(number)
            else { return nil }
            let figures = text("\(folder)/memory.stat") ?? ""
            // Both kinds: a group keeps files in memory until it is at its limit, and that must hold nothing back.
            let cached = ["inactive_file ", "active_file "].reduce(0) { $0 + (value(names.2 + $1, in: figures) ?? 0) }
            return max(0, limit - max(0, used - cached))
        }

        /// `max` means that there is no limit.
        private func number(_ text: String) -> Int? { text.split(separator: "\n").first.flatMap { Int($0) } }
    }
}
