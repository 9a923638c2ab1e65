/// The way in which the service talks to one kind of agent.
protocol AgentProvider: Sendable {
    /// Whether standard error goes to a file of its own, because standard output is structured.
    var separatesError: Bool { get }

    /// What to start for `request`.
    func command(for request: AgentRequest) throws(AgentError) -> AgentCommand

    /// What the end of the agent's process means (R65).
    func verdict(on exit: ExitRecord) -> AgentVerdict

    /// The model that the agent's output reports; `nil` where it reports none.
    func reportedModel(in output: [UInt8]) -> String?
}

/// A program with its arguments, ready to be started.
struct AgentCommand: Sendable, Equatable {
    /// The program's absolute path.
    let program: String
    /// The arguments after the program's own name.
    let arguments: [String]
}
