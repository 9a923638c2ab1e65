/// The kind of an agent's program: how it is started and how its output is read (R64, R66).
public enum Provider: Sendable, Hashable, CustomStringConvertible {
    /// The Claude CLI.
    case claude
    /// Any program, from a configured argument vector.
    case command
    /// The built-in agent of `chant-server demo-agent`.
    case demo
    /// A word that this service only shows.
    case unsupported(String)

    /// What this service runs, as words of the configuration.
    public static let supported = [Provider.claude, .command, .demo].map(\.word)

    /// The provider of a word in the configuration.
    public init(_ word: String) {
        switch word {
        case "claude": self = .claude
        case "command": self = .command
        case "demo": self = .demo
        default: self = .unsupported(word)
        }
    }

    /// The word in the configuration and on the wire.
    public var word: String {
        switch self {
        case .claude: "claude"
        case .command: "command"
        case .demo: "demo"
        case .unsupported(let word): word
        }
    }

    /// The word.
    public var description: String { word }
}

/// A configured agent.
public struct Agent: Sendable, Equatable {
    /// The name that requests use.
    public let name: String
    /// What kind of program it is.
    public let provider: Provider
    /// The program and its arguments, placeholders included; empty where nothing is configured.
    public let command: [String]
    /// How many runs it may have at once (R47).
    public let maxConcurrent: Int
    /// How often it is chosen, compared with others.
    public let weight: Int
}
