/// What is in force for a project: its configuration with all defaults, and how the service serves it.
public struct ServedConfiguration: Sendable {
    /// The project.
    public let project: ProjectIdentity
    /// The branch that finished work goes to.
    public let target: String
    /// What the project's files say.
    public let values: ProjectConfiguration
    /// The agents that requests can name; the first one is for those that name none.
    public let agents: [Agent]
    /// How many runs execute at once.
    public let workers: Int
    /// How many may wait.
    public let queueLimit: Int
    /// Folder of the journal and of the runs' evidence.
    public let stateFolder: String
    /// Folder of all worktrees.
    public let worktreesFolder: String
}

extension ServedConfiguration {
    init(_ opened: OpenedProject, _ catalog: AgentCatalog) {
        self.init(
            project: opened.identity,
            target: opened.target.text,
            values: opened.configuration,
            agents: catalog.agents,
            workers: opened.settings.workers,
            queueLimit: opened.settings.queueLimit,
            stateFolder: opened.settings.stateFolder,
            worktreesFolder: opened.settings.worktreesFolder
        )
    }
}
