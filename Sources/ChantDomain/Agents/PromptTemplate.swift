/// Fills a prompt and adds what every agent must know.
struct PromptTemplate: Sendable {
    let prompt: Prompt

    /// The message for the agent: the filled prompt, where the agent is, the form of its answer, that it has to commit, the
    /// project's extensions, and last what a person wants to say.
    ///
    /// Whether the prompt asks for commits by itself is judged by its own words, not by the spec's: no text of a spec can
    /// switch the request off. Extensions and the note are added as they are.
    ///
    /// - Parameters:
    ///   - values: what the placeholders stand for.
    ///   - outputFormat: the section about the spec's output schema.
    ///   - note: what a person wants to say for this attempt.
    /// - Returns: the text, with one line break at its end.
    func message(with values: PromptValues, outputFormat: String? = nil, note: String? = nil) -> String {
        var parts = [filled(with: values), Self.environment(values)]
        if let outputFormat { parts.append(outputFormat) }
        if prompt.name != "split", !prompt.text.lowercased().contains("commit your work") {
            parts.append(Self.commits(values))
        }
        parts += prompt.extensions.map(\.text)
        if let note { parts.append(Self.note(note)) }
        return parts.map(Self.withoutTrailingSpace).filter { !$0.isEmpty }.joined(separator: "\n\n") + "\n"
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

    private static func note(_ text: String) -> String {
        """
        ## Note for This Attempt

        A person wrote this about the spec above. Where the two differ, the note counts.

        \(text)
        """
    }

    private static func withoutTrailingSpace(_ text: String) -> Substring {
        var rest = Substring(text)
        while let last = rest.last, last.isWhitespace { rest = rest.dropLast() }
        return rest
    }
}
