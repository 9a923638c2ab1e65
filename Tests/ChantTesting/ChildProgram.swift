import Glibc
import Synchronization

/// A program that a test started, with its output in files; waiting for it blocks no thread.
package final class ChildProgram: Sendable {
    /// How a program ended.
    package enum Exit: Sendable, Equatable {
        case code(Int32)
        case signal(Int32)
    }

    /// It could not be started.
    package struct NotStarted: Error, CustomStringConvertible {
        let program: String
        let code: Int32

        package var description: String { "\(program) was not started: \(String(cString: strerror(code)))" }
    }

    package let pid: Int32
    private let exit = Mutex<Exit?>(nil)

    /// Starts a program in a process group of its own, with nothing on its standard input.
    ///
    /// - Parameters:
    ///   - program: a path, or a name that PATH knows.
    ///   - arguments: without the program itself.
    ///   - environment: the whole environment.
    ///   - folder: where it works.
    ///   - output: the file that gets its standard output.
    ///   - error: the file that gets its standard error.
    ///   - passing: a descriptor of ours that it gets as its descriptor 3.
    /// - Throws: `NotStarted`.
    package init(
        _ program: String,
        _ arguments: [String],
        environment: [String: String],
        folder: String,
        output: String,
        error: String,
        passing: Int32? = nil
    ) throws(NotStarted) {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, output, O_WRONLY | O_CREAT | O_APPEND, 0o600)
        posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, error, O_WRONLY | O_CREAT | O_APPEND, 0o600)
        if let passing { posix_spawn_file_actions_adddup2(&actions, passing, 3) }
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var signals = sigset_t()
        sigemptyset(&signals)
        posix_spawnattr_setsigmask(&attributes, &signals)
        sigfillset(&signals)
        posix_spawnattr_setsigdefault(&attributes, &signals)
        posix_spawnattr_setpgroup(&attributes, 0)
        let flags = POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP
        posix_spawnattr_setflags(&attributes, Int16(flags))

        // `env` changes the folder and becomes the program, with the same pid.
        let words = Self.vector(["env", "-C", folder, program] + arguments)
        let variables = Self.vector(environment.map { "\($0)=\($1)" })
        defer { for word in words + variables { free(word) } }
        var pid: pid_t = 0
        let code = posix_spawnp(&pid, "env", &actions, &attributes, words, variables)
        guard code == 0 else { throw NotStarted(program: program, code: code) }
        self.pid = pid
    }

    /// How it ended; `nil` while it runs.
    package func ended() -> Exit? {
        exit.withLock { exit in
            if let known = exit { return known }
            var status: Int32 = 0
            guard waitpid(pid, &status, WNOHANG) == pid else { return nil }
            let signal = status & 0x7F
            let now: Exit = signal == 0 ? .code((status >> 8) & 0xFF) : .signal(signal)
            exit = now
            return now
        }
    }

    /// Sends a signal, unless the program has ended.
    package func send(_ signal: Int32) {
        if ended() == nil { kill(pid, signal) }
    }

    /// Waits for the end.
    package func waitForEnd(within limit: Duration = .seconds(30)) async throws -> Exit {
        var found: Exit?
        try await eventually("the end of process \(pid)", within: limit) {
            found = ended()
            return found != nil
        }
        return found ?? .code(-1)
    }

    private static func vector(_ words: [String]) -> [UnsafeMutablePointer<CChar>?] {
        words.map { strdup($0) } + [nil]
    }
}
