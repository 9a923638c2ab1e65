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
