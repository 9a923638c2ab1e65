/// How an order schedules its specs.
public enum RunMode: String, Sendable, Codable, CaseIterable {
    case single
    case chain
    case parallel
}

/// Where a run's branch starts (R49).
public enum StartPoint: String, Sendable, Codable, CaseIterable {
    /// Fresh at the target's tip.
    case target
    /// At the tip of the kept branch, whose commits count.
    case branch
}

/// A part of the gate that a request may leave out, for that start only (R11).
public enum SkippedGate: String, Sendable, Codable, CaseIterable {
    case dependencies
    case approval
}

/// What the caller of `POST /specs/{id}/work` asked for; what is `nil` comes from the configuration.
public struct RunOptions: Sendable, Codable, Equatable {
    /// The prompt's name.
    public var prompt: String?
    /// The agent's name.
    public var agent: String?
    /// The model's name.
    public var model: String?
    /// Wall limit in seconds.
    public var timeoutSeconds: Int?
    /// What open criteria mean.
    public var criteria: CriteriaPolicy?
    /// Gates that are left out for this start.
    public var skip: Set<SkippedGate>
    /// What happens with finished commits.
    public var merge: MergePolicy?
    /// Whether a run without commits may complete.
    public var allowNoCommits: Bool
    /// Where the branch starts; `nil` where the caller did not say: at the target, but a paused spec goes on (R49).
    public var from: StartPoint?
    /// What a person wants to tell the agent of this attempt.
    public var note: String?

    /// Options of a request; without arguments those of an empty body.
    public init(
        prompt: String? = nil,
        agent: String? = nil,
        model: String? = nil,
        timeoutSeconds: Int? = nil,
        criteria: CriteriaPolicy? = nil,
        skip: Set<SkippedGate> = [],
        merge: MergePolicy? = nil,
        allowNoCommits: Bool = false,
        from: StartPoint? = nil,
        note: String? = nil
    ) {
        self.prompt = prompt
        self.agent = agent
        self.model = model
        self.timeoutSeconds = timeoutSeconds
        self.criteria = criteria
        self.skip = skip
        self.merge = merge
        self.allowNoCommits = allowNoCommits
        self.from = from
        self.note = note
    }
}

extension Run {
    /// Where its branch starts: what the caller said, else at the target.
    public var start: StartPoint { options.from ?? .target }
}
