/// A value of a problem's members: what shows why something happened, in a form that programs can read.
public indirect enum Evidence: Sendable, Hashable {
    case text(String)
    case number(Int)
    /// Such as an amount of money.
    case amount(Double)
    case flag(Bool)
    case list([Evidence])
    case record([String: Evidence])

    /// A list of texts.
    public static func texts(_ texts: [String]) -> Evidence { .list(texts.map(Evidence.text)) }
}

extension Evidence: Codable {
    /// Reads a JSON value.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let flag = try? container.decode(Bool.self) {
            self = .flag(flag)
        } else if let number = try? container.decode(Int.self) {
            self = .number(number)
        } else if let amount = try? container.decode(Double.self) {
            self = .amount(amount)
        } else if let text = try? container.decode(String.self) {
            self = .text(text)
        } else if let list = try? container.decode([Evidence].self) {
            self = .list(list)
        } else {
            self = .record(try container.decode([String: Evidence].self))
        }
    }

    /// Writes a JSON value.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .text(let text): try container.encode(text)
        case .number(let number): try container.encode(number)
        case .amount(let amount): try container.encode(amount)
        case .flag(let flag): try container.encode(flag)
        case .list(let list): try container.encode(list)
        case .record(let record): try container.encode(record)
        }
    }
}

/// Why a run did not complete: the reason, a sentence, and the evidence.
public struct RunProblem: Sendable, Codable, Equatable {
    /// The run's reason.
    public var reason: RunReason
    /// One or two sentences for a person, saying what happened and what to do.
    public var detail: String
    /// Evidence for programs: `stderr`, `files`, `code`, `signal`, ….
    public var members: [String: Evidence]

    /// A problem with its evidence.
    public init(_ reason: RunReason, _ detail: String, _ members: [String: Evidence] = [:]) {
        self.reason = reason
        self.detail = detail
        self.members = members
    }
}

/// Something noteworthy that did not change a run's outcome.
public struct RunWarning: Sendable, Codable, Equatable {
    /// The codes of the contract.
    public enum Code: String, Sendable, Codable, CaseIterable {
        case agentMovedTarget = "agent-moved-target"
        case allMembersCancelled = "all-members-cancelled"
        case criteriaTicked = "criteria-ticked"
        case mainCheckoutChanged = "main-checkout-changed"
        case schemaMismatch = "schema-mismatch"
        case sessionLost = "session-lost"
        case statusChangedOutside = "status-changed-outside"
        case statusNotWritten = "status-not-written"
        case uncommittedChanges = "uncommitted-changes"
        case untrackedFiles = "untracked-files"
    }

    /// Which of the known warnings it is.
    public var code: Code
    /// One sentence for a person.
    public var detail: String
    /// The paths that it is about; may be empty.
    public var paths: [String]

    /// A warning with the paths that it is about.
    public init(_ code: Code, _ detail: String, paths: [String] = []) {
        self.code = code
        self.detail = detail
        self.paths = paths
    }
}
