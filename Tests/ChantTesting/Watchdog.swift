import Glibc

/// Ends what a test run leaves behind when it is killed: services, supervisors and agents.
///
/// A small program of its own session reads from a pipe whose other end only this process holds. When that ends, however
/// it does, it kills what has this process's mark in its environment: every program of a `DemoProject` has it in `HOME`,
/// which services pass on to their agents. (The kernel's own parent-death signal goes by the starting *thread*.)
enum Watchdog {
    /// The beginning of the names of all projects' folders.
    static let mark = "chant-test.\(getpid())."

    /// `POSIX_SPAWN_SETSID` of spawn.h, which Swift does not import.
    private static let ownSession: Int16 = 0x80

    /// Whether it runs; asked for once.
    static let started: Bool = {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { return false }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        defer { close(ends[0]) }
        let script = """
            cat >/dev/null
            for try in 1 2 3; do
                for folder in /proc/[0-9]*; do
                    if tr '\\0' '\\n' <"$folder/environ" 2>/dev/null | grep -q '^HOME=.*/'"$1"; then
                        kill -9 "${folder#/proc/}" 2>/dev/null
                    fi
                done
                sleep 0.2
            done
            """
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, ends[0], STDIN_FILENO)
        posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0)
        posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0)
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        posix_spawnattr_setflags(&attributes, Self.ownSession)
        // The dots of the mark are any character to grep, which does no harm.
        let words = vector(["sh", "-c", script, "watchdog", mark])
        let variables = vector(["PATH=/usr/local/bin:/usr/bin:/bin"])
        defer { for word in words + variables { free(word) } }
        var pid: pid_t = 0
        return posix_spawn(&pid, "/bin/sh", &actions, &attributes, words, variables) == 0
    }()

    private static func vector(_ words: [String]) -> [UnsafeMutablePointer<CChar>?] { words.map { strdup($0) } + [nil] }
}
