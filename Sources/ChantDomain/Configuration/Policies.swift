/// What changes of tracked files mean that an agent left uncommitted (R52).
public enum UncommittedPolicy: String, Sendable, Codable, CaseIterable {
    /// The run ends as `uncommitted-changes`.
    case attention
    /// The service commits them for the agent, with its hooks.
    case commit
    /// The run has a warning.
    case report
}

/// Whether agents' commits are signed as the user's git is configured to (R62).
public enum AgentSigning: String, Sendable, Codable, CaseIterable {
    /// As git is configured.
    case inherit
    /// Not at all.
    case off
}

/// Which agent takes the next spec where a request names none (§7.10 of the reference).
public enum RotationStrategy: String, Sendable, Codable, CaseIterable {
    /// The first agent.
    case none
    /// Any, by weight.
    case random
    /// One after the other, by weight; `round_robin` is read as well (R67).
    case roundRobin = "round-robin"
}
