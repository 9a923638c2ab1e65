import Glibc

/// The `watch` of the original's program beside the service (R35): it writes statuses and starts agents by itself.
public enum LiveWatch {
    /// The live `watch` that `.chant/watch.pid` names; `nil` where there is none.
    ///
    /// The file outlives a `watch` that was killed, and its pid may be another's by now: as the original does, its command
    /// line is looked at, too.
    public static func pid(chantFolder: String) -> Int32? {
        guard let bytes = SmallFile.read(chantFolder + "/watch.pid", limit: 32),
            let pid = Int32(String(decoding: bytes, as: UTF8.self).filter { !$0.isWhitespace }), pid > 1,
            pid != getpid(),
            let entry = ProcessEntry.read(pid), !entry.hasEnded,
            let line = SmallFile.read("/proc/\(pid)/cmdline", limit: 65_536)
        else { return nil }
        let words = String(decoding: line, as: UTF8.self)
        return words.contains("chant") && words.contains("watch") ? pid : nil
    }

    /// What a person should know about it at the service's start.
    public static func notice(chantFolder: String) -> String? {
        pid(chantFolder: chantFolder).map { pid in
            "`chant watch` runs in this project as process \(pid): no run starts until it is stopped."
        }
    }
}
