public import Logging

/// What a domain is opened with.
public struct DomainSettings: Sendable {
    /// The project's folder, which holds `.chant`; `nil`: the nearest one upwards from the current folder.
    public var projectFolder: String?
    /// The project's name, where the caller gave one.
    public var projectName: String?
    /// Folder of the journal and of the runs' evidence.
    public var stateFolder: String
    /// Folder of all worktrees.
    public var worktreesFolder: String
    /// How many runs execute at once.
    public var workers: Int
    /// How many runs may wait (R47).
    public var queueLimit: Int
    /// The path of `chant-server` itself, which supervises agents and is the demo agent.
    public var ownProgram: String
    /// The service's environment, from which agents inherit (R61).
    public var environment: [String: String]
    /// The version, for events.
    public var version: String
    /// Where the domain logs.
    public var logger: Logger
    /// Tells what disk and memory there is.
    public var measure: @Sendable () -> Resources
    /// Runs git.
    var runner: any ProcessRunner = SubprocessRunner()
    /// Schedules the orders of each mode.
    var strategies: @Sendable (RunMode) -> any SchedulingStrategy = { $0.strategy }

    /// Settings with the defaults of the rules.
    public init(
        projectFolder: String?,
        projectName: String? = nil,
        stateFolder: String,
        worktreesFolder: String,
        workers: Int = 4,
        queueLimit: Int = 1000,
        ownProgram: String,
        environment: [String: String],
        version: String,
        logger: Logger
    ) {
        self.projectFolder = projectFolder
        self.projectName = projectName
        self.stateFolder = stateFolder
        self.worktreesFolder = worktreesFolder
        self.workers = workers
        self.queueLimit = queueLimit
        self.ownProgram = ownProgram
        self.environment = environment
        self.version = version
        self.logger = logger
        measure = { Resources.measured(worktreesFolder: worktreesFolder, stateFolder: stateFolder) }
    }
}
