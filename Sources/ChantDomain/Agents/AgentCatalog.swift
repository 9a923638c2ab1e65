/// The agents that a project offers (R64, R66).
public struct AgentCatalog: Sendable {
    /// The agents in the order of the configuration; never empty.
    ///
    /// The first one is for runs that name none.
    public let agents: [Agent]
    private let search: ProgramSearch
    private let ownProgram: String
    private let refusesRoot: Bool

    /// The agents of `configuration`; without `parallel.agents` there is one, `main`, of `defaults.provider`.
    ///
    /// - Parameters:
    ///   - configuration: what the project says.
    ///   - projectFolder: the folder that holds `.chant`.
    ///   - ownProgram: the absolute path of `chant-server`, which is also the demo agent.
    ///   - searchPath: the service's `PATH`.
    ///   - isRoot: whether the service runs as root.
    ///   - isSandbox: whether `IS_SANDBOX` in the service's environment says that this is a sandbox.
    public init(
        _ configuration: ProjectConfiguration,
        projectFolder: String,
        ownProgram: String,
        searchPath: String,
        isRoot: Bool = false,
        isSandbox: Bool = false
    ) {
        search = ProgramSearch(projectFolder: projectFolder, searchPath: searchPath)
        self.ownProgram = ownProgram
        let agentSet = configuration.server.agentEnv.set["IS_SANDBOX"]
        refusesRoot = isRoot && !(agentSet.map { $0 == "1" } ?? isSandbox)
        let entries = configuration.agents ?? [AgentEntry(name: "main")]
        agents = entries.map { entry in
            let provider = Self.provider(of: entry, default: configuration.defaults.provider)
            return Agent(
                name: entry.name,
                provider: provider,
                command: entry.command ?? Self.command(of: provider, configuration.server),
                maxConcurrent: entry.maxConcurrent,
                weight: entry.weight
            )
        }
    }

    /// The agent of this name; without a name the first one.
    ///
    /// - Throws: `AgentError.unknownAgent` with the names that there are.
    public func agent(named name: String?) throws(AgentError) -> Agent {
        let agent = name.map { name in agents.first { $0.name == name } } ?? agents.first
        guard let agent else { throw .unknownAgent(name: name ?? "", known: agents.map(\.name)) }
        return agent
    }

    /// Why this agent cannot be started now; `nil` where it can.
    ///
    /// A warning at start, a finding of `check`, and a refusal for the request that needs the agent: never a reason not to start
    /// the service.
    public func fault(of agent: Agent) -> AgentError? {
        do throws(AgentError) {
            _ = try provider(of: agent)
            if agent.provider == .claude, refusesRoot, ClaudeProvider.bypassesPermissions(agent) {
                return .refusesRoot(agent: agent.name)
            }
            return nil
        } catch {
            return error
        }
    }

    /// The way to talk to `agent`, its program found.
    func provider(of agent: Agent) throws(AgentError) -> any AgentProvider {
        switch agent.provider {
        case .demo:
            return CommandProvider(
                agent: agent,
                arguments: ["demo-agent"],
                program: ownProgram,
                appendsPrompt: false
            )
        case .command:
            return CommandProvider(
                agent: agent,
                arguments: Array(agent.command.dropFirst()),
                program: try program(of: agent),
                appendsPrompt: true
            )
        case .claude:
            return ClaudeProvider(agent: agent, program: try program(of: agent))
        case .unsupported:
            throw .providerUnsupported(
                agent: agent.name,
                provider: agent.provider.word,
                supported: Provider.supported
            )
        }
    }

    /// Who judges what an agent did: its program need not be there any more (R29: it may have started before an upgrade).
    func judge(of agent: Agent) -> any AgentProvider {
        switch agent.provider {
        case .claude: ClaudeProvider(agent: agent, program: "")
        case .command, .demo, .unsupported:
            CommandProvider(agent: agent, arguments: [], program: "", appendsPrompt: false)
        }
    }

    private func program(of agent: Agent) throws(AgentError) -> String {
        guard let program = agent.command.first else {
            let detail = "neither the agent's `command` nor `server.provider_command` names one."
            throw .agentMissing(agent: agent.name, program: "", detail: detail)
        }
        switch search.find(program) {
        case .success(let path): return path
        case .failure(let fault): throw .agentMissing(agent: agent.name, program: program, detail: fault.detail)
        }
    }

    /// The entry's own word, else `claude` where the program is named so, else the default.
    private static func provider(of entry: AgentEntry, default word: String) -> Provider {
        if let own = entry.provider { return Provider(own) }
        if let program = entry.command?.first, let name = program.split(separator: "/").last,
            name == "claude" || name.hasPrefix("claude-")
        {
            return .claude
        }
        return Provider(word)
    }

    private static func command(of provider: Provider, _ server: ServerKeys) -> [String] {
        switch provider {
        case .claude: ["claude"]
        case .command: server.providerCommand ?? []
        case .demo, .unsupported: []
        }
    }
}
