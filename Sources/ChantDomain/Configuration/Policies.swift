/// What open acceptance criteria mean for a run (R13).
public enum CriteriaPolicy: String, Sendable, Codable, CaseIterable {
    /// Open boxes hold the run back: `open-criteria`.
    case require
    /// The service ticks them and warns: `criteria-ticked`.
    case tick
    /// They do not matter.
    case ignore
}

/// What happens with a run's finished commits (R59).
public enum MergePolicy: String, Sendable, Codable, CaseIterable {
    /// The finishing commit brings them to the target.
    case auto
    /// The run ends as `awaiting-merge`.
    case manual
}

/// What changes of tracked files mean that an agent left uncommitted (R52).
public enum UncommittedPolicy: String, Sendable, Codable, CaseIterable {
    /// The run ends as `uncommitted-changes`.
    case attention
    /// The service commits them for the agent, with its hooks.
    case commit
    /// The run has a warning.
    case report
}

/// Whether agents' commits are signed as the user's git is configured to (R62); acted on from stage 3.
public enum AgentSigning: String, Sendable, Codable, CaseIterable {
    /// As git is configured.
    case inherit
    /// Not at all.
    case off
}

/// Which agent takes the next spec where a request names none (§7.10 of the reference); acted on from stage 4.
public enum RotationStrategy: String, Sendable, Codable, CaseIterable {
    /// The first agent.
    case none
    /// Any, by weight.
    case random
    /// One after the other, by weight; `round_robin` is read as well (R67).
    case roundRobin = "round-robin"
}
