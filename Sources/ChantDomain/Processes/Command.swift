/// A short command: an argument vector with everything that it starts with; never a shell line.
public struct Command: Sendable, Equatable {
    /// An absolute path, or a name that is looked up in `environment["PATH"]`.
    public var program: String
    /// The arguments after the program's own name.
    public var arguments: [String]
    /// The working folder, an absolute path.
    public var folder: String
    /// The whole environment; nothing is inherited beside it.
    public var environment: [String: String]
    /// What the program reads on its standard input; `nil` is the null device.
    public var input: [UInt8]?
    /// After this time the program and its whole process group are stopped.
    public var timeLimit: Duration
    /// How many bytes each of the two streams may have; more is an error, never a silent cut.
    public var outputLimit: Int
    /// Whether it has a session of its own, and so no terminal at which it could ask something.
    public var hasOwnSession = false

    /// A command with the limits of an ordinary git call.
    public init(
        _ program: String,
        _ arguments: [String],
        folder: String,
        environment: [String: String],
        input: [UInt8]? = nil,
        timeLimit: Duration = .seconds(30),
        outputLimit: Int = 64 << 20
    ) {
        self.program = program
        self.arguments = arguments
        self.folder = folder
        self.environment = environment
        self.input = input
        self.timeLimit = timeLimit
        self.outputLimit = outputLimit
    }
}

/// How a command ended and what it said.
public struct CommandResult: Sendable, Equatable {
    /// The way in which a process ended.
    public enum Exit: Sendable, Hashable {
        /// It ended by itself with this code.
        case code(Int32)
        /// This signal ended it.
        case signal(Int32)
    }

    /// How it ended.
    public var exit: Exit
    /// Its standard output, byte for byte.
    public var output: [UInt8]
    /// Its standard error, byte for byte.
    public var error: [UInt8]
    /// Whether it was stopped because its time was up.
    public var timedOut: Bool

    /// What a command left behind.
    public init(exit: Exit, output: [UInt8] = [], error: [UInt8] = [], timedOut: Bool = false) {
        self.exit = exit
        self.output = output
        self.error = error
        self.timedOut = timedOut
    }

    /// Whether it ended by itself with code 0.
    public var succeeded: Bool { exit == .code(0) }
    /// The standard error as text without the white space around it; damaged characters are replaced.
    public var errorText: String {
        let text = String(decoding: error, as: UTF8.self)
        guard let first = text.firstIndex(where: { !$0.isWhitespace }),
            let last = text.lastIndex(where: { !$0.isWhitespace })
        else { return "" }
        return String(text[first...last])
    }
}

/// Why a command has no result.
public enum CommandError: Error, Sendable, Equatable {
    /// No such program.
    case notFound(program: String)
    /// The system could not start it, or lost sight of it.
    case cannotRun(program: String, detail: String)
    /// It wrote more than the command allows; it was stopped.
    case outputLimit(program: String, bytes: Int)
}
