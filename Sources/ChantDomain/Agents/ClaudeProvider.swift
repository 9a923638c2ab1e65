/// The Claude CLI, driven without a person: its command line and what its end means (R65, R67).
struct ClaudeProvider: AgentProvider {
    let agent: Agent
    /// The program's absolute path.
    let program: String

    var separatesError: Bool { true }
    var dialect: AgentDialect? { .claude }

    /// Variables that an agent gets where neither the service's environment nor `agent_env` has them.
    ///
    /// The program itself tries up to ten times, with waits of up to 40 s, also where a key is refused; and it would
    /// update itself in the middle of a run.
    static let environment = [
        "CLAUDE_CODE_MAX_RETRIES": "5",
        "CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC": "1",
        "DISABLE_AUTOUPDATER": "1",
    ]

    /// The words of the configuration come first, ours win over them, except for how permissions are given.
    func command(for request: AgentRequest) throws(AgentError) -> AgentCommand {
        let own = Self.ownArguments(of: agent)
        var words = own.map { CommandProvider.filled($0, with: request) }
        words += ["-p", Self.message(promptFile: request.promptFile)]
        words += ["--output-format", "stream-json", "--verbose"]
        words += request.session.map { ["--resume", $0] } ?? ["--session-id", request.runID.uuidText]
        if let model = request.model { words += ["--model", model] }
        if Self.bypassesPermissions(agent), !Self.givesPermissions(own) {
            words += ["--permission-mode", "bypassPermissions"]
        }
        if let limit = request.costLimitUSD { words += ["--max-budget-usd", "\(limit)"] }
        return AgentCommand(program: program, arguments: words)
    }

    /// One sentence that names the prompt's file.
    ///
    /// The program attaches a file that is named so, in whole up to some 250 kB; of a larger one it tells the model to
    /// read it in parts. Neither its size nor what stands in it matters then: as an argument it could be too long and
    /// would be seen in the process table, and from standard input a word with `@` or `/` would be a command.
    static func message(promptFile: String) -> String {
        let name = promptFile.contains("\"") ? promptFile : "@\"\(promptFile)\""
        return "Your task is in the file \(name) . Read all of it, and do everything that it says."
    }

    /// Whether it may do everything without asking, as somebody has to where nobody can be asked.
    ///
    /// The configuration says otherwise with a mode of its own, or with a list of what is allowed.
    static func bypassesPermissions(_ agent: Agent) -> Bool {
        let own = ownArguments(of: agent).map { $0.split(separator: "=").first.map(String.init) ?? $0 }
        if let place = own.firstIndex(of: "--permission-mode") {
            return own.dropFirst(place + 1).first == "bypassPermissions"
                || ownArguments(of: agent)[place].hasSuffix("=bypassPermissions")
        }
        return !own.contains("--allowedTools") && !own.contains("--allowed-tools")
            || own.contains("--dangerously-skip-permissions")
    }

    /// Whether these words say how permissions are given.
    private static func givesPermissions(_ words: [String]) -> Bool {
        words.contains { $0 == "--dangerously-skip-permissions" || $0.hasPrefix("--permission-mode") }
    }

    private static func ownArguments(of agent: Agent) -> [String] { Array(agent.command.dropFirst()) }

    func verdict(on exit: ExitRecord, _ report: AgentReport, costLimit: Double?) -> AgentVerdict {
        let plain = AgentVerdict.byExitCode(exit)
        if case .failed(let problem) = plain, problem.reason != .agentExit, !Self.onlyWaited(exit, report) {
            return plain
        }
        guard let result = report.result else { return .failed(Self.unfinished(exit, report)) }
        return result.isError ? .failed(Self.failure(result, costLimit: costLimit)) : .finished
    }

    /// It says so on its standard error, or as its last word, and does nothing.
    func hasLostSession(_ session: String, _ exit: ExitRecord, _ report: AgentReport, errors: String) -> Bool {
        guard exit.by == .exit, exit.code != 0 else { return false }
        let said = [errors, report.result?.text ?? ""] + (report.result?.errors ?? [])
        return said.contains { $0.contains("No conversation found with session ID: \(session)") }
    }

    /// Whether it had finished by its own word when a limit ended it.
    ///
    /// The program stays as long as a command runs that it has put into the background, such as a server for tests: a
    /// limit ends that wait, and what it left running is stopped as after any agent (R28).
    private static func onlyWaited(_ exit: ExitRecord, _ report: AgentReport) -> Bool {
        [.idle, .wall].contains(exit.by) && report.result?.isError == false
    }

    /// Its last word is missing: whatever the exit code says, it did not get to its end.
    private static func unfinished(_ exit: ExitRecord, _ report: AgentReport) -> RunProblem {
        var members: [String: Evidence] = [:]
        if let code = exit.code { members["code"] = .number(Int(code)) }
        if let status = report.facts.retryStatus { members["api_status"] = .number(status) }
        return RunProblem(
            .agentUnfinished,
            "The agent ended without a result (exit code \(exit.code.map(String.init) ?? "none")): it was interrupted, or "
                + "could not begin. The end of the run's log, below [stderr], usually says why.",
            members
        )
    }

    private static func failure(_ result: AgentResult, costLimit: Double?) -> RunProblem {
        var members: [String: Evidence] = ["text": .text(String(result.text.prefix(2000)))]
        members["subtype"] = result.subtype.map(Evidence.text)
        members["terminal_reason"] = result.terminalReason.map(Evidence.text)
        members["api_status"] = result.apiErrorStatus.map(Evidence.number)
        if !result.errors.isEmpty { members["errors"] = .texts(result.errors.map { String($0.prefix(2000)) }) }
        if !result.deniedTools.isEmpty { members["permission_denials"] = .texts(result.deniedTools) }
        members["cost_usd"] = result.usage.costUSD.map(Evidence.amount)
        if result.subtype == "error_max_budget_usd" {
            let limit = costLimit.map { " of \($0) USD" } ?? ""
            let spent = result.usage.costUSD.map { "\($0) USD" } ?? "an unknown amount"
            return RunProblem(.costLimit, "The agent reached its cost limit\(limit); it spent \(spent).", members)
        }
        if let status = result.apiErrorStatus, ModelRefusal.isTransient(status) {
            return RunProblem(
                .rateLimited,
                "The model's interface refused with status \(status), and the agent gave up. Try later.",
                members
            )
        }
        let said = result.errors.first ?? result.text
        return RunProblem(.agentError, "The agent says that it failed: \(ClaudeStream.firstLine(said))", members)
    }
}

/// What a status of a model's interface means (R50).
enum ModelRefusal {
    /// Whether the same call may succeed later: a rate limit, an overload, a fault on the other side.
    static func isTransient(_ status: Int) -> Bool { [429, 500, 502, 503, 504, 529].contains(status) }
}
