/// How the service calls git: the same way whatever the user's environment and configuration say (R25, R63).
public struct GitCommand: Sendable {
    /// The settings that no configuration file can change.
    static let neutral = [
        "core.hooksPath=/dev/null", "core.fsmonitor=false", "merge.autoStash=false", "merge.verifySignatures=false",
        "submodule.recurse=false", "gc.auto=0", "maintenance.auto=false", "color.ui=false", "core.quotePath=false",
        "log.showSignature=false",
    ]
    /// What goes through from the service's environment: nothing that begins with `GIT_`.
    static let inherited = [
        "PATH", "HOME", "USER", "LOGNAME", "TMPDIR", "XDG_CONFIG_HOME", "GNUPGHOME", "SSH_AUTH_SOCK",
    ]

    /// The time limit of an ordinary call.
    static let timeLimit = Duration.seconds(30)
    /// The time limit of calls that write a work tree, because of filters.
    static let slowTimeLimit = Duration.seconds(600)

    private let program: String
    private let configuration: [String]
    private let environment: [String: String]

    /// The way to call git.
    ///
    /// - Parameters:
    ///   - service: the service's environment, from which only a few variables go through.
    ///   - ownProgram: the absolute path of this program; git calls `<ownProgram> merge-driver %O %A %B` for spec files.
    ///   - overrides: set after that, whatever their names; tests keep the user's configuration away with them.
    ///   - program: the git program.
    public init(
        inheriting service: [String: String],
        ownProgram: String,
        overrides: [String: String] = [:],
        program: String = "git"
    ) {
        self.program = program
        let quoted =
            "'" + ownProgram.split(separator: "'", omittingEmptySubsequences: false).joined(separator: #"'\''"#) + "'"
        configuration = Self.neutral + ["merge.chant-spec.driver=\(quoted) merge-driver %O %A %B"]
        var environment = service.filter { Self.inherited.contains($0.key) }
        environment["LC_ALL"] = "C"
        environment["GIT_TERMINAL_PROMPT"] = "0"
        // Reading never takes a lock away from the user's own git.
        environment["GIT_OPTIONAL_LOCKS"] = "0"
        // LFS content is not fetched by a checkout of ours.
        environment["GIT_LFS_SKIP_SMUDGE"] = "1"
        self.environment = environment.merging(overrides) { _, override in override }
    }

    /// What a program that is not git gets.
    var plainEnvironment: [String: String] { environment.filter { !$0.key.hasPrefix("GIT_") } }

    /// The command for a call.
    func command(for call: GitCall) -> Command {
        var command = Command(
            program,
            configuration.flatMap { ["-c", $0] } + call.arguments,
            folder: call.folder,
            environment: environment.merging(call.environment) { _, own in own },
            input: call.input,
            timeLimit: call.writesWorkTree ? Self.slowTimeLimit : Self.timeLimit
        )
        if let limit = call.outputLimit { command.outputLimit = limit }
        return command
    }
}

/// One call of git.
struct GitCall: Sendable {
    /// The verb and its arguments; refs and paths in it come from checked types.
    var arguments: [String]
    /// Where git runs.
    var folder: String
    /// Variables on top of the neutral environment.
    var environment: [String: String] = [:]
    /// What git reads from its standard input.
    var input: [UInt8]?
    /// Whether it may take as long as a checkout.
    var writesWorkTree = false
    /// Exit codes that are answers.
    var accepted: Set<Int32> = [0]
    /// The most that it may answer; `nil` is what any command may.
    var outputLimit: Int?
}

/// What git answered.
struct GitAnswer: Sendable {
    /// The exit code, one of the accepted ones.
    var code: Int32
    /// Its standard output.
    var output: [UInt8]
    /// Its standard error.
    var stderr: String

    /// The output as text without the line break at its end.
    var text: String {
        let text = String(decoding: output, as: UTF8.self)
        return text.hasSuffix("\n") ? String(text.dropLast()) : text
    }
    /// The output's lines.
    var lines: [String] { text.split(separator: "\n").map(String.init) }
    /// The output's fields where a NUL ends each.
    var fields: [String] {
        var fields = output.split(separator: 0, omittingEmptySubsequences: false).map {
            String(decoding: $0, as: UTF8.self)
        }
        if fields.last == "" { fields.removeLast() }
        return fields
    }
}
