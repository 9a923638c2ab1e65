extension ServerKeys {
    /// What grows, and how far: beyond it the oldest goes that nothing needs (R71).
    public struct Retention: Sendable, Equatable {
        /// How long a settled run and its log are kept.
        public var runsAge: Duration = .seconds(30 * 24 * 3600)
        /// How many bytes the folders of all runs may have.
        public var runsBytes = 5 << 30
        /// How many runs are kept.
        public var runsCount = 100_000
        /// How long an event is kept.
        public var eventsAge: Duration = .seconds(30 * 24 * 3600)
        /// How many events are kept.
        public var eventsCount = 1_000_000
        /// How long a kept ref stays; `nil`: as long as there are not too many.
        public var refsAge: Duration?
        /// How many refs below `refs/chant/kept` and `refs/chant/left` stay.
        public var refsCount = 1000
        /// How often the service looks.
        public var every: Duration = .seconds(600)

        /// The defaults.
        public init() {}
    }

    /// What must be free before a run may start (R72); 0 asks for nothing.
    public struct Floors: Sendable, Equatable {
        /// Free bytes of the file system with the worktrees.
        public var disk = 2 << 30
        /// And so many hundredths of it.
        public var diskPercent = 5
        /// Memory that programs can still have.
        public var memory = 512 << 20
        /// Free bytes of the file system with the state folder; below it new runs are refused.
        public var state = 256 << 20
        /// The size of a file that is given up then, so that what runs can still be settled.
        public var ballast = 16 << 20
        /// How often the service looks; it looks at each start besides.
        public var every: Duration = .seconds(5)

        /// The defaults.
        public init() {}
    }
}

extension ServerKeys.Retention {
    init(_ section: ConfigurationSection, _ reader: inout ConfigurationReader) {
        reader.refuseUnknownKeys(
            in: section,
            known: [
                "runs_age", "runs_bytes", "runs_count", "events_age", "events_count", "refs_age", "refs_count", "every",
            ]
        )
        runsAge = reader.duration(section["runs_age"]) ?? runsAge
        runsBytes = reader.size(section["runs_bytes"]) ?? runsBytes
        runsCount = reader.number(section["runs_count"], atLeast: 1) ?? runsCount
        eventsAge = reader.duration(section["events_age"]) ?? eventsAge
        eventsCount = reader.number(section["events_count"], atLeast: 1) ?? eventsCount
        refsAge = reader.duration(section["refs_age"])
        refsCount = reader.number(section["refs_count"], atLeast: 1) ?? refsCount
        every = reader.duration(section["every"]) ?? every
    }
}

extension ServerKeys.Floors {
    init(_ section: ConfigurationSection, _ reader: inout ConfigurationReader) {
        reader.refuseUnknownKeys(
            in: section,
            known: ["disk", "disk_percent", "memory", "state", "ballast", "every"]
        )
        disk = reader.size(section["disk"], zeroAllowed: true) ?? disk
        diskPercent = reader.number(section["disk_percent"], atLeast: 0, atMost: 99) ?? diskPercent
        memory = reader.size(section["memory"], zeroAllowed: true) ?? memory
        state = reader.size(section["state"], zeroAllowed: true) ?? state
        ballast = reader.size(section["ballast"], zeroAllowed: true) ?? ballast
        every = reader.duration(section["every"]) ?? every
    }
}
