/// What an agent is started for: everything that its command line and its environment can name.
public struct AgentRequest: Sendable, Equatable {
    /// The run, whose id is also the mark of its processes.
    public var runID: RunID
    /// The spec to work on.
    public var spec: SpecID
    /// The absolute path of the spec's copy in the worktree.
    public var specFile: String
    /// The absolute path of the run's worktree.
    public var worktree: String
    /// The branch that the worktree is on.
    public var branch: String
    /// The absolute path of the prompt.
    public var promptFile: String
    /// The model asked for; `nil` where nobody asked for one.
    public var model: String?
    /// Which attempt of the order this is, from 1.
    public var attempt: Int
    /// The worktree's own git directory.
    public var gitDir: String
    /// The git directory that all worktrees share.
    public var gitCommonDir: String
    /// What the run may cost in US dollars; `nil` where there is no limit.
    public var costLimitUSD: Double?
    /// The session of an earlier run that the agent goes on with; `nil` where it begins one.
    public var session: String?

    /// A request with all that an agent may ask for.
    public init(
        runID: RunID,
        spec: SpecID,
        specFile: String,
        worktree: String,
        branch: String,
        promptFile: String,
        model: String?,
        attempt: Int,
        gitDir: String,
        gitCommonDir: String,
        costLimitUSD: Double? = nil,
        session: String? = nil
    ) {
        self.runID = runID
        self.spec = spec
        self.specFile = specFile
        self.worktree = worktree
        self.branch = branch
        self.promptFile = promptFile
        self.model = model
        self.attempt = attempt
        self.gitDir = gitDir
        self.gitCommonDir = gitCommonDir
        self.costLimitUSD = costLimitUSD
        self.session = session
    }
}
