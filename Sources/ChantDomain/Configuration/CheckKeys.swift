/// What a rejection does beside being written down (§5.4 of the reference).
public enum RejectionAction: String, Sendable, Codable, CaseIterable {
    /// Nothing: a person goes on from there.
    case manual
    /// A spec is made for what has to be mended first, and the rejected one depends on it.
    case dependency
    /// The spec becomes a driver, with one member for each of its criteria.
    case group
}

extension ProjectConfiguration {
    /// The section `approval`.
    public struct Approvals: Sendable, Equatable {
        /// What a rejection does.
        public var rejectionAction = RejectionAction.manual
        /// Whether work with an AI's name in its commits needs a person's approval before it is merged.
        public var requiredForAgentWork = false

        /// The defaults.
        public init() {}
    }

    /// The section `validation`.
    public struct Validation: Sendable, Equatable {
        /// Whether an answer that does not fit the output schema holds the run back; else it is a warning.
        public var strictOutput = false

        /// The defaults.
        public init() {}
    }

    /// The section `lint`.
    public struct Lint: Sendable, Equatable {
        /// From how many criteria, files and words on a spec is complex.
        public var complexity = Size(criteria: 10, files: 5, words: 150)
        /// Up to how many a spec is simple.
        public var simple = Size(criteria: 1, files: 1, words: 3)
        /// Rules that are not asked; `complexity_words` is the part of `complexity` that counts words.
        public var disabled: Set<String> = ["complexity_words"]

        /// Three figures of a spec.
        public struct Size: Sendable, Equatable {
            /// Boxes of the acceptance criteria.
            public var criteria: Int
            /// Entries of `target_files`.
            public var files: Int
            /// Words of the body.
            public var words: Int
        }

        /// The defaults.
        public init() {}
    }
}

extension ProjectConfiguration.Approvals {
    init(_ section: ConfigurationSection, _ reader: inout ConfigurationReader) {
        rejectionAction = reader.word(section["rejection_action"]) ?? rejectionAction
        requiredForAgentWork = reader.flag(section["require_approval_for_agent_work"]) ?? requiredForAgentWork
    }
}

extension ProjectConfiguration.Validation {
    init(_ section: ConfigurationSection, _ reader: inout ConfigurationReader) {
        strictOutput = reader.flag(section["strict_output_validation"]) ?? strictOutput
    }
}

extension ProjectConfiguration.Lint {
    init(_ section: ConfigurationSection, _ reader: inout ConfigurationReader) {
        let thresholds = reader.section(section["thresholds"])
        complexity.take(thresholds, "complexity", &reader)
        simple.take(thresholds, "simple", &reader)
        // An empty list asks every rule.
        if let words = reader.texts(section["disable"]) { disabled = Set(words) }
    }
}

extension ProjectConfiguration.Lint.Size {
    fileprivate mutating func take(
        _ section: ConfigurationSection,
        _ name: String,
        _ reader: inout ConfigurationReader
    ) {
        criteria = reader.number(section["\(name)_criteria"], atLeast: 0) ?? criteria
        files = reader.number(section["\(name)_files"], atLeast: 0) ?? files
        words = reader.number(section["\(name)_words"], atLeast: 0) ?? words
    }
}
