/// A spec as the outside sees it: its file, and what is computed from the others, the journal and the processes.
public struct SpecView: Sendable {
    /// The file's typed reading.
    public let spec: Spec
    /// The spec's driver, if it is a member.
    public let driver: SpecID?
    /// Its members, if it is a driver.
    public let members: [SpecID]
    /// Whether it would be started by an automatic selection (R10).
    public let ready: Bool
    /// What stands in its way.
    public let blockedBy: [Blocker]
    /// What can be asked for now.
    public let allowed: [String]
    /// Its acceptance criteria; while a run lives, those of the worktree's copy.
    public let criteria: CriteriaCount
    /// Whether it says `in_progress` without an owner (R43).
    public let stale: Bool
    /// The live run, else the latest.
    public let runID: RunID?
    /// The order of that run.
    public let orderID: OrderID?
    /// What all its runs took together.
    public let usage: RunUsage
}

/// How many acceptance criteria there are, and how many are ticked.
public struct CriteriaCount: Sendable, Equatable {
    /// All boxes of the section.
    public let total: Int
    /// The ticked ones.
    public let checked: Int
}

/// One entry of the list of specs: also a file that cannot be read is not invisible (R3).
public enum SpecListing: Sendable {
    case readable(SpecView)
    case unreadable(UnreadableSpec)
}
