/// The way in which the service talks to one kind of agent.
protocol AgentProvider: Sendable {
    /// Whether standard error goes to a file of its own, because standard output is structured.
    var separatesError: Bool { get }

    /// What to start for `request`.
    func command(for request: AgentRequest) throws(AgentError) -> AgentCommand

    /// How its output is structured; `nil` for plain text.
    var dialect: AgentDialect? { get }

    /// What the end of the agent's process means (R65).
    ///
    /// - Parameters:
    ///   - exit: how the process ended.
    ///   - report: what its output says; empty for plain text.
    ///   - costLimit: what the run was allowed to cost.
    /// - Returns: whether it finished; if not, why.
    func verdict(on exit: ExitRecord, _ report: AgentReport, costLimit: Double?) -> AgentVerdict
}

/// A program with its arguments, ready to be started.
struct AgentCommand: Sendable, Equatable {
    /// The program's absolute path.
    let program: String
    /// The arguments after the program's own name.
    let arguments: [String]
}
