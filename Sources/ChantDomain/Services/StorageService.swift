/// What grows, what is free, and the limits of both (R71, R72).
public struct StorageStatus: Sendable {
    /// Runs, events and bytes of the journal.
    public let journal: JournalFigures
    /// What the last sweep found; `nil` before the first.
    public let kept: KeptSizes?
    /// How far what grows may grow.
    public let limits: ServerKeys.Retention
    /// What is free.
    public let resources: Resources
    /// What must be free.
    public let floors: ServerKeys.Floors
    /// What is below its floor.
    public let shortages: [Shortage]

    /// Everything known about growth and room.
    public init(
        journal: JournalFigures,
        kept: KeptSizes?,
        limits: ServerKeys.Retention,
        resources: Resources,
        floors: ServerKeys.Floors,
        shortages: [Shortage]
    ) {
        self.journal = journal
        self.kept = kept
        self.limits = limits
        self.resources = resources
        self.floors = floors
        self.shortages = shortages
    }

    /// The floor of the worktrees' disk in bytes, of its two limits the one that counts.
    public var diskFloor: Int { floors.diskFloor(of: resources.worktrees) }
}

/// Tells `GET /status` about room and growth.
struct StorageService: Sendable {
    let journal: Journal
    let retention: Retention
    let limits: ServerKeys.Retention
    let floors: Floors

    func status() async throws(JournalError) -> StorageStatus {
        StorageStatus(
            journal: try journal.figures(),
            kept: await retention.sizes,
            limits: limits,
            resources: floors.resources,
            floors: floors.limits,
            shortages: floors.shortages
        )
    }
}
