/// Something that lint has to say about a spec.
public struct Finding: Sendable, Equatable {
    /// How bad it is.
    public enum Severity: String, Sendable, CaseIterable {
        /// It stops work.
        case error
        /// It is worth a look.
        case warning
    }

    /// The rule that found it.
    public let rule: LintRule
    /// How bad it is.
    public let severity: Severity
    /// What was found, in one sentence.
    public let detail: String
    /// What to do about it; `nil` where that goes without saying.
    public let suggestion: String?

    /// A finding of a rule.
    public init(_ rule: LintRule, _ severity: Severity, _ detail: String, suggestion: String? = nil) {
        self.rule = rule
        self.severity = severity
        self.detail = detail
        self.suggestion = suggestion
    }
}

/// The reduced set of rules that is asked before work (§6.1 of the reference).
public enum LintRule: String, Sendable, CaseIterable {
    /// A spec has a title.
    case title
    /// What it depends on exists.
    case dependency
    /// Its type has the keys that the type is about.
    case type
    /// It is not too large for one run.
    case complexity
    /// Its text does not lean on other specs.
    case coupling
    /// It does not spend a large model on a small job.
    case modelwaste
}

extension Finding {
    /// The finding as evidence of a problem, under the names of the contract.
    var evidence: Evidence {
        var members: [String: Evidence] = [
            "rule": .text(rule.rawValue), "severity": .text(severity.rawValue), "detail": .text(detail),
        ]
        if let suggestion { members["suggestion"] = .text(suggestion) }
        return .record(members)
    }
}
