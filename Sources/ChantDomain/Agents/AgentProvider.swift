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

    /// Whether it ended because it does not know the session that it was to go on with (R67).
    ///
    /// - Parameters:
    ///   - session: the session.
    ///   - exit: how the process ended.
    ///   - report: what its output says.
    ///   - errors: the end of its standard error, where that is kept apart.
    /// - Returns: whether a new session can do the work.
    func hasLostSession(_ session: String, _ exit: ExitRecord, _ report: AgentReport, errors: String) -> Bool
}

extension AgentProvider {
    func hasLostSession(_ session: String, _ exit: ExitRecord, _ report: AgentReport, errors: String) -> Bool { false }
}

/// A program with its arguments, ready to be started.
struct AgentCommand: Sendable, Equatable {
    /// The program's absolute path.
    let program: String
    /// The arguments after the program's own name.
    let arguments: [String]
}
