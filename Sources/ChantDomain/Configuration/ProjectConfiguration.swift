/// What a project's configuration says, with the defaults of §11.2 of the reference for what it does not say (R35).
public struct ProjectConfiguration: Sendable, Equatable {
    /// The section `project`.
    public struct Project: Sendable, Equatable {
        /// The project's name.
        public var name: String?
        /// A prefix for ids, which nothing uses.
        public var prefix: String?
        /// Whether specs stay out of git (§1 of the reference).
        public var silent = false

        /// The defaults.
        public init() {}
    }

    /// The section `defaults`.
    public struct Defaults: Sendable, Equatable {
        /// The prompt of specs that name none (R68).
        public var prompt = "bootstrap"
        /// What the branches of runs begin with.
        public var branchPrefix = "chant/"
        /// The model asked for.
        public var model: String?
        /// The model for splitting; read and shown, not used yet.
        public var splitModel: String?
        /// The branch that finished work goes to; `nil` lets the repository decide.
        public var mainBranch: String?
        /// The provider's word: `claude`, `command`, `demo`, or one that is only shown.
        public var provider = "claude"
        /// Which agent takes the next spec where a request names none.
        public var rotationStrategy = RotationStrategy.none
        /// Names of snippets appended to every prompt.
        public var promptExtensions: [String] = []

        /// The defaults.
        public init() {}
    }

    /// The section `project`.
    public var project = Project()
    /// The section `defaults`.
    public var defaults = Defaults()
    /// `parallel.agents`, or what `agents.md` has in its place; `nil` where there are none.
    public var agents: [AgentEntry]?
    /// The rest of the section `parallel`: the pause between two starts of parallel orders.
    public var stagger = StaggerKeys()
    /// The section `watch.failure`: when a failed run is tried again (R50).
    public var retries = RetryKeys()
    /// The section `server`.
    public var server = ServerKeys()
    /// What is odd but not wrong, a sentence each.
    public var warnings: [String] = []

    /// A project that configures nothing.
    public init() {}
}
