/// What the placeholders of a prompt stand for (§7.6 of the reference).
struct PromptValues: Sendable, Equatable {
    var projectName: String
    var specID: String
    var title: String?
    /// The whole text below the spec's header.
    var body: String
    /// The absolute path of the spec's copy in the worktree.
    var specPath: String
    var targetFiles: [String]
    /// The files of the spec's `context`, as `PromptContext` reads them.
    var context: String
    /// The absolute path of the folder that the agent works in.
    var folder: String
    var branch: String

    /// What the placeholder of this name stands for; `nil` for an unknown one.
    func value(of name: Substring) -> String? {
        switch name {
        case "project.name": projectName
        case "spec.id": specID
        case "spec.title": title ?? "(untitled)"
        case "spec.description": body
        case "spec.path": specPath
        case "spec": whole
        case "spec.target_files": targetFiles.joined(separator: "\n")
        case "spec.context": context
        case "worktree.path": folder
        case "worktree.branch": branch
        case "worktree.isolated": "true"
        default: nil
        }
    }

    private var whole: String {
        let targets =
            targetFiles.isEmpty ? [] : ["Target files:\n" + targetFiles.map { "- \($0)" }.joined(separator: "\n")]
        return (["Spec id: \(specID)", body] + targets).joined(separator: "\n\n")
    }
}

extension PromptValues {
    /// What the placeholders stand for in a run of `spec`.
    ///
    /// - Parameters:
    ///   - projectName: the project's name.
    ///   - spec: the spec as it was placed into the worktree.
    ///   - request: the run.
    ///   - folder: where the agent works, below the run's worktree.
    ///   - contextBytes: how much the files of `context` may bring in.
    init(projectName: String, spec: Spec, request: AgentRequest, folder: String, contextBytes: Int) {
        self.init(
            projectName: projectName,
            specID: spec.id.text,
            title: spec.title,
            body: spec.body,
            specPath: request.specFile,
            targetFiles: spec.targetFiles,
            context: PromptContext.read(spec.context, in: folder, within: request.worktree, limit: contextBytes),
            folder: folder,
            branch: request.branch
        )
    }
}

/// Fills a prompt and adds what every agent must know.
struct PromptTemplate: Sendable {
    let prompt: Prompt

    /// The message for the agent: the filled prompt, where the agent is, and that it has to commit.
    ///
    /// Whether the prompt asks for commits by itself is judged by its own words, not by the spec's: no text of a spec can
    /// switch the request off.
    func message(with values: PromptValues) -> String {
        var parts = [filled(with: values), Self.environment(values)]
        if prompt.name != "split", !prompt.text.lowercased().contains("commit your work") {
            parts.append(Self.commits(values))
        }
        return parts.map(Self.withoutTrailingSpace).joined(separator: "\n\n") + "\n"
    }

    /// Replaces the placeholders in one pass: what a value brings in, such as a spec's text, is never looked through again.
    ///
    /// Unknown placeholders stay as they are.
    func filled(with values: PromptValues) -> String {
        var filled = ""
        var rest = Substring(prompt.text)
        while let open = rest.firstRange(of: "{{") {
            filled += rest[..<open.lowerBound]
            let inner = rest[open.upperBound...]
            if let close = inner.firstRange(of: "}}"), let value = values.value(of: inner[..<close.lowerBound]) {
                filled += value
                rest = inner[close.upperBound...]
            } else {
                filled += "{"
                rest = rest[open.lowerBound...].dropFirst()
            }
        }
        return filled + rest
    }

    private static func environment(_ values: PromptValues) -> String {
        """
        ## Execution Environment

        You work in a git worktree of your own, apart from everybody else's checkout:

        - Directory: `\(values.folder)`
        - Branch: `\(values.branch)`
        - Spec file: `\(values.specPath)`

        Change and commit only here. When you have finished, your branch is merged for you.
        """
    }

    private static func commits(_ values: PromptValues) -> String {
        """
        ## Required: Commit Your Work

        Before you finish, commit your work on the current branch with the message `chant(\(values.specID)): <description>`. \
        Work that is not committed does not count, and a run without any commit has failed.
        """
    }

    private static func withoutTrailingSpace(_ text: String) -> Substring {
        var rest = Substring(text)
        while let last = rest.last, last.isWhitespace { rest = rest.dropLast() }
        return rest
    }
}
