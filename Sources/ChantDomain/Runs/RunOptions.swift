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
    public var prompt: String?
    public var agent: String?
    public var model: String?
    /// Wall limit in seconds.
    public var timeoutSeconds: Int?
    public var criteria: CriteriaPolicy?
    public var skip: Set<SkippedGate>
    public var merge: MergePolicy?
    public var allowNoCommits: Bool
    public var from: StartPoint

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
        from: StartPoint = .target
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
    }
}
