/// Why no agent can be started for a spec.
public enum AgentError: Error, Sendable, Equatable, CustomStringConvertible {
    /// A request names an agent that is not configured.
    case unknownAgent(name: String, known: [String])
    /// The agent's program is not there.
    case agentMissing(agent: String, program: String, detail: String)
    /// The agent's provider is one that this service does not run.
    case providerUnsupported(agent: String, provider: String, supported: [String])
    /// The agent's program does not run as root in the mode in which it would be started.
    case refusesRoot(agent: String)
    /// There is no prompt of this name, or none that can be read.
    case promptMissing(name: String, detail: String)

    /// A sentence for a person, saying what to do.
    public var description: String {
        switch self {
        case .unknownAgent(let name, let known):
            "There is no agent `\(name)`: \(NearestName.advice(for: name, among: known))"
        case .agentMissing(let agent, let program, let detail):
            "The program `\(program)` of agent `\(agent)` is missing: \(detail)"
        case .providerUnsupported(let agent, let provider, let supported):
            "Agent `\(agent)` needs provider `\(provider)`, which this service does not run; it runs "
                + supported.map { "`\($0)`" }.joined(separator: ", ") + "."
        case .refusesRoot(let agent):
            "Agent `\(agent)` is Claude Code, which refuses to work without asking for a service that runs as root. "
                + "Run the service as another user; or set IS_SANDBOX=1 in its environment, if the machine is a sandbox; "
                + "or give the agent's command a list of its own: --allowedTools."
        case .promptMissing(let name, let detail):
            "The prompt `\(name)` cannot be used: \(detail)"
        }
    }
}
