/// The git calls of the demo agent: the user's own git, hooks and identity included, as any agent's.
struct DemoGit: Sendable {
    let runner: any ProcessRunner
    let folder: String
    let environment: [String: String]

    /// A git call that failed, with what git said.
    struct Failure: Error, CustomStringConvertible {
        let arguments: [String]
        let detail: String

        var description: String { "git \(arguments.joined(separator: " ")): \(detail)" }
    }

    /// Whether git leaves this path out.
    func ignores(_ path: String) async throws -> Bool {
        // Exit code 1 is the answer "no".
        try await run(["check-ignore", "--quiet", "--", path], codes: [0, 1]).exit == .code(0)
    }

    /// Commits `paths` and nothing else.
    ///
    /// - Returns: the commit's short hash.
    func commit(_ paths: [String], message: String) async throws -> String {
        try await run(["add", "--"] + paths)
        try await run(["commit", "--quiet", "--message", message, "--"] + paths)
        let result = try await run(["rev-parse", "--short", "HEAD"])
        return String(decoding: result.output, as: UTF8.self).filter { !$0.isWhitespace }
    }

    @discardableResult
    private func run(_ arguments: [String], codes: Set<Int32> = [0]) async throws -> CommandResult {
        let command = Command(
            "git",
            arguments,
            folder: folder,
            environment: environment,
            timeLimit: .seconds(600)
        )
        let result = try await runner.run(command)
        guard case .code(let code) = result.exit, codes.contains(code) else {
            throw Failure(arguments: arguments, detail: result.errorText)
        }
        return result
    }
}
