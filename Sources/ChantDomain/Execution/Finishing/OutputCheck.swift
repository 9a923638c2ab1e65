/// Judges what an agent answered by the spec's `output_schema` (§6.3 of the reference).
struct OutputCheck: Sendable {
    /// Where the schema's path begins.
    let projectFolder: String
    let stateFolder: String
    /// `validation.strict_output_validation`.
    let isStrict: Bool

    /// So much of the end of an agent's words is looked through.
    private static let longestAnswer = 1 << 20

    /// Asked of the finished spec; without `output_schema` it is content.
    ///
    /// The schema is that of the project, never of the worktree: an agent does not choose by what it is judged.
    ///
    /// - Throws: `schema-mismatch` with everything that does not fit, where the project wants it strict; else a warning.
    func judge(
        _ document: SpecDocument,
        _ finish: Finish,
        _ warnings: inout [RunWarning]
    ) throws(StageFailure) {
        guard let path = (try? Spec(id: finish.spec, path: "", document: document))?.outputSchema, !path.isEmpty
        else { return }
        guard let schema = schema(path) else {
            let detail = "The output was not checked: there is no file \(path) in the project that is a JSON schema."
            return warnings.append(RunWarning(.schemaMismatch, detail, paths: [path]))
        }
        let errors =
            AgentAnswer(answer(of: finish.run)).json.map(schema.complaints) ?? ["there is no JSON in the answer"]
        guard !errors.isEmpty else { return }
        let detail = "The agent's answer does not fit \(path): \(errors.prefix(5).joined(separator: "; "))."
        guard isStrict else { return warnings.append(RunWarning(.schemaMismatch, detail, paths: [path])) }
        throw StageFailure(
            .schemaMismatch,
            detail + " The branch is kept.",
            ["errors": .texts(errors), "branch": .text(finish.run.branch), "files": .texts([path])]
        )
    }

    /// Regular files below the project's folder only, symlinks resolved; one that is too large is none.
    private func schema(_ path: String) -> OutputSchema? {
        let sources = WorktreeSources(folder: projectFolder, worktree: projectFolder)
        guard let file = sources.beginning(of: path, limit: PromptContext.largestSchema), file.bytes.count == file.size
        else { return nil }
        return OutputSchema(file.bytes)
    }

    /// What the agent said: its last word where its output has one, else the end of its text.
    private func answer(of run: Run) -> [UInt8] {
        let folder = RunFolder(stateFolder: stateFolder, run: run.id)
        let dialect = Provider(run.provider).dialect
        if let dialect, let word = (try? AgentReport.read(folder, dialect))?.result?.text {
            let last = Array(word.utf8)
            if AgentAnswer(last).json != nil { return last }
        }
        let reader = LogReader(folder, .text, dialect, agentStarted: false)
        guard let size = try? reader.size() else { return [] }
        // What a set-up command printed is not the agent's word.
        let begin = min(size, max(size - Self.longestAnswer, dialect == nil ? folder.agentBegin : 0))
        let bytes = (try? reader.bytes(from: begin, limit: size - begin, hasEnded: true)) ?? []
        return LogText(keepsEscapes: false).clean(bytes[...], isFinal: true).text
    }
}
