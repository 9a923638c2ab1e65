/// Any program from a configured argument vector, and the demo agent: plain text out, an exit code for a verdict (R64, R65).
struct CommandProvider: AgentProvider {
    let agent: Agent
    /// The arguments with their placeholders.
    let arguments: [String]
    /// The program's absolute path.
    let program: String
    /// Whether the prompt's path is appended where no argument asks for it.
    let appendsPrompt: Bool

    var separatesError: Bool { false }
    var dialect: AgentDialect? { nil }

    func command(for request: AgentRequest) throws(AgentError) -> AgentCommand {
        var words = arguments.map { Self.filled($0, with: request) }
        if appendsPrompt, !arguments.contains(where: { $0.contains("{prompt_file}") }) {
            words.append(request.promptFile)
        }
        return AgentCommand(program: program, arguments: words)
    }

    func verdict(on exit: ExitRecord, _ report: AgentReport, costLimit: Double?) -> AgentVerdict { .byExitCode(exit) }

    /// Replaces in one pass, so that a placeholder inside a value is never replaced.
    ///
    /// Unknown words in braces stay as they are.
    static func filled(_ word: String, with request: AgentRequest) -> String {
        let values = [
            "prompt_file": request.promptFile,
            "spec_id": request.spec.text,
            "spec_file": request.specFile,
            "worktree": request.worktree,
            "branch": request.branch,
            "model": request.model ?? "",
            "run_id": request.runID.text,
        ]
        var filled = ""
        var rest = Substring(word)
        while let open = rest.firstIndex(of: "{") {
            filled += rest[..<open]
            rest = rest[rest.index(after: open)...]
            if let close = rest.firstIndex(of: "}"), let value = values[String(rest[..<close])] {
                filled += value
                rest = rest[rest.index(after: close)...]
            } else {
                filled += "{"
            }
        }
        return filled + rest
    }
}
