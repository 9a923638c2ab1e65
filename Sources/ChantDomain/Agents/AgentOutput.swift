/// One thing that an agent with structured output did or said: a line of view `events`.
enum AgentStep: Sendable, Equatable {
    /// The agent's words.
    case text(String)
    /// It uses a tool; the input as JSON.
    case toolUse(name: String, input: String)
    /// What a tool gave it, of which only the size is told.
    case toolResult(isError: Bool, bytes: Int)
    /// A call of its model failed and is tried again: an agent that waits is not stuck.
    case retry(attempt: Int?, delayMs: Int?, status: Int?)
    /// What it took so far.
    case usage(RunUsage)
    /// It says that it has ended.
    case result(isError: Bool, text: String)
    /// An event that this version does not know, or a line that cannot be read; it is kept in the raw output.
    case unknown(rawType: String?)
}

/// What one line of structured output says.
struct DecodedLine: Sendable, Equatable {
    /// For people.
    var text = ""
    /// For programs, in order.
    var steps: [AgentStep] = []
    /// What the judgement of the run needs.
    var facts = AgentFacts()

    /// A line that is no event is shown as it is.
    static func plain(_ text: String) -> DecodedLine { DecodedLine(text: text + "\n", steps: [.text(text)]) }

    /// A line that is too long to be looked at.
    static func overlong(_ bytes: Int) -> DecodedLine {
        DecodedLine(text: "[a line of \(bytes) bytes]\n", steps: [.unknown(rawType: nil)])
    }
}

/// What a line tells about the whole run; most tell nothing.
struct AgentFacts: Sendable, Equatable {
    /// The model that the program was started with.
    var startedModel: String?
    /// The model that has answered.
    var answeringModel: String?
    /// The session's name, with which it could be resumed.
    var session: String?
    /// Whether a turn begins with this line: a word before it was not the last one.
    var beginsTurn = false
    /// The last word.
    var result: AgentResult?
    /// How the last failed call of the model was answered.
    var retryStatus: Int?
}

/// The last word of an agent with structured output.
struct AgentResult: Sendable, Equatable {
    /// Whether it says that it failed.
    var isError: Bool
    /// How it puts it: `success`, `error_max_budget_usd`, ….
    var subtype: String?
    /// Its last sentence.
    var text: String
    /// Why its turns ended: `completed`, `api_error`, ….
    var terminalReason: String?
    /// The HTTP status with which the model refused at last.
    var apiErrorStatus: Int?
    /// What it complains about.
    var errors: [String] = []
    /// The tools that it wanted to use and was not allowed to.
    var deniedTools: [String] = []
    /// What it took.
    var usage = RunUsage()
}

/// All that an agent's output says about its run.
struct AgentReport: Sendable, Equatable {
    private(set) var facts = AgentFacts()
    /// Whether its last word stands, since no turn has begun after it.
    private var isOver = false

    /// Takes in what a later line says; of two last words the later one counts.
    ///
    /// A command that ends in the background makes some agents begin a further turn after their last word.
    mutating func add(_ later: AgentFacts) {
        if later.beginsTurn { isOver = false }
        if later.result != nil { isOver = true }
        facts.startedModel = facts.startedModel ?? later.startedModel
        facts.answeringModel = later.answeringModel ?? facts.answeringModel
        facts.session = later.session ?? facts.session
        facts.result = later.result ?? facts.result
        facts.retryStatus = later.retryStatus ?? facts.retryStatus
    }

    /// The last word; `nil` where there was none, or the agent has gone on after it.
    var result: AgentResult? { isOver ? facts.result : nil }
    /// The model that answered, else the one that was to.
    var model: String? { facts.answeringModel ?? facts.startedModel }
    /// The session's name.
    var session: String? { facts.session }
    /// The status with which the model's interface refused, where the agent gave up because of it.
    var refusedStatus: Int? { facts.result == nil ? facts.retryStatus : facts.result?.apiErrorStatus }
    /// What it took, up to the end of a turn; empty where the agent did not get to say it.
    var usage: RunUsage { facts.result?.usage ?? RunUsage() }
}

/// A way in which agents write structured output.
enum AgentDialect: String, Sendable, Codable {
    /// `--output-format stream-json` of the Claude CLI.
    case claude

    /// Counts up with each change of what comes out, so that files made by an earlier version are made again.
    var version: Int {
        switch self {
        case .claude: 2
        }
    }

    /// What a line says, without its line break.
    func decode(_ line: ArraySlice<UInt8>) -> DecodedLine {
        switch self {
        case .claude: ClaudeStream.decode(line)
        }
    }
}

extension Provider {
    /// How its agents write; `nil` for plain text.
    var dialect: AgentDialect? {
        switch self {
        case .claude: .claude
        case .command, .demo, .unsupported: nil
        }
    }
}
