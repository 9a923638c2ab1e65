import Glibc

/// The process that the demo agent leaves behind on request, out of reach of its process group and session.
enum DemoGrandchild {
    /// `POSIX_SPAWN_SETSID` of spawn.h, which Swift does not import.
    private static let inNewSession: Int16 = 0x80

    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    /// Starts `sleep 3600` in a session of its own, and does not wait for it.
    ///
    /// - Returns: its process id.
    static func start() throws(Failure) -> pid_t {
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        posix_spawnattr_setflags(&attributes, inNewSession)
        var pid: pid_t = 0
        let words = (["sleep", "3600"] as [String]).map { strdup($0) }
        defer {
            for word in words { free(word) }
        }
        let code = posix_spawnp(&pid, "sleep", nil, &attributes, words + [nil], environ)
        guard code == 0 else {
            throw Failure(description: "sleep cannot be started: \(String(cString: strerror(code)))")
        }
        return pid
    }
}
