/// What a project's configuration says below `server:`; the original ignores that part.
public struct ServerKeys: Sendable, Equatable {
    /// The limits of a run.
    public struct Limits: Sendable, Equatable {
        /// How long an agent may run.
        public var wall: Duration = .seconds(2 * 3600)
        /// How long it may neither write nor compute (R69).
        public var idle: Duration = .seconds(30 * 60)
        /// How long it has between TERM and KILL (R28).
        public var stopGrace: Duration = .seconds(10)
        /// How many bytes it may write.
        public var logBytes = 256 << 20
        /// How long the set-up command may take.
        public var setup: Duration = .seconds(10 * 60)
        /// What a run may cost in US dollars, where its agent says what it costs.
        public var costUSD: Double?

        /// The defaults.
        public init() {}
    }

    /// What agents inherit beyond the built-in list (R61).
    public struct AgentVariables: Sendable, Equatable {
        /// Names and globs of variables of the service that are passed on.
        public var pass: [String] = []
        /// Variables with their values.
        public var set: [String: String] = [:]

        /// Nothing more.
        public init() {}
    }

    /// What happens to a run's worktree before the agent.
    public struct WorktreeKeys: Sendable, Equatable {
        /// The argument vector of the set-up command.
        public var setup: [String] = []
        /// Files of the checkout that are copied in.
        public var include: [IncludePattern] = []
        /// What cleaning a slot leaves.
        public var keep: [String] = []

        /// Nothing.
        public init() {}

        /// Whether anything is to be done before the agent.
        var furnishes: Bool { !setup.isEmpty || !include.isEmpty }
    }

    /// Which values are secrets (R34).
    public struct RedactKeys: Sendable, Equatable {
        /// Globs of variables whose values are secret.
        public var env = ["*_KEY", "*_TOKEN", "*_SECRET"]
        /// Files whose values are secret.
        public var valuesFrom: [String] = []

        /// The defaults.
        public init() {}
    }

    /// The program and arguments for `defaults.provider: command` without agents; without a default.
    public var providerCommand: [String]?
    /// The limits of a run.
    public var limits = Limits()
    /// What open criteria mean, where the request does not say it.
    public var criteria = CriteriaPolicy.require
    /// What happens with finished commits, where the request does not say it.
    public var merge = MergePolicy.auto
    /// What uncommitted changes mean.
    public var uncommitted = UncommittedPolicy.attention
    /// How long worktrees of failed runs are kept (R53).
    public var keepFailed: Duration = .seconds(24 * 3600)
    /// Whether changes of specs are committed one by one (R40).
    public var commitSpecs = false
    /// Globs below `.chant/` that an agent may change; `<id>` is the spec's id (R56).
    public var agentMayWrite = ["specs/<id>*.md"]
    /// What agents inherit beyond the built-in list.
    public var agentEnv = AgentVariables()
    /// Who agents commit as, where git knows nobody (R62).
    public var identity = Identity(name: "Chant Agent", email: "agent@chant.invalid")
    /// Who the service commits as.
    public var serviceIdentity = Identity(name: "Chant Server", email: "server@chant.invalid")
    /// Whether agents' commits are signed.
    public var agentSigning = AgentSigning.inherit
    /// The key that signs the service's own commits.
    public var sign: String?
    /// What happens to worktrees.
    public var worktree = WorktreeKeys()
    /// Which values are secret.
    public var redact = RedactKeys()
    /// How much of what grows is kept.
    public var retention = Retention()
    /// What must be free before a run may start.
    public var floors = Floors()

    /// The defaults.
    public init() {}
}
