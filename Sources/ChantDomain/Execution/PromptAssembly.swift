/// Where an agent will work: what a message names.
struct PromptPlace: Sendable {
    /// The absolute path of the spec's copy in the worktree.
    let specFile: String
    /// The absolute path of the folder that the agent works in.
    let folder: String
    let branch: String
}

/// Puts the message for an agent together, the same for a run and for who wants to see it before.
struct PromptAssembly: Sendable {
    let project: ProjectIdentity
    let configuration: ProjectConfiguration
    let journal: Journal
    let git: GitClient
    let stateFolder: String
    /// Masks what an earlier run printed.
    let redactor: SecretRedactor

    /// The whole message.
    ///
    /// - Parameters:
    ///   - prompt: the prompt that was chosen.
    ///   - spec: the spec, as it is placed into the worktree.
    ///   - place: where the agent works.
    ///   - sources: where the spec's files are looked up.
    ///   - note: what a person wants to say.
    ///   - run: the run that the message is for; `nil` for one that nobody has asked for yet.
    /// - Returns: what goes into `prompt.md`.
    func message(
        _ prompt: Prompt,
        for spec: Spec,
        at place: PromptPlace,
        sources: any PromptSources,
        note: String?,
        run: RunID?
    ) async -> String {
        let context = PromptContext(sources: sources)
        let values = PromptValues(
            projectName: configuration.project.name ?? project.name,
            specID: spec.id.text,
            title: spec.title,
            body: spec.body,
            specPath: place.specFile,
            targetFiles: spec.targetFiles,
            context: prompt.names("spec.context") ? context.text(of: spec.context) : "",
            folder: place.folder,
            branch: place.branch,
            previous: prompt.names("previous") ? previous(of: spec, before: run)?.text ?? "" : "",
            conflict: await conflict(spec, prompt)
        )
        return PromptTemplate(prompt: prompt).message(
            with: values,
            outputFormat: context.outputFormat(schema: spec.outputSchema),
            note: note
        )
    }

    private func conflict(_ spec: Spec, _ prompt: Prompt) async -> PromptValues.Conflict? {
        guard var conflict = PromptValues.Conflict(spec) else { return nil }
        if prompt.names("conflict_diff") {
            conflict.diff = await git.bothSides(conflict.files, of: conflict.branch, and: conflict.target)
        }
        return conflict
    }
}

extension PromptAssembly {
    /// How many runs are looked through for one that had begun.
    private static let runsLookedAt = 50

    /// The run of the spec that had begun before `run`, and how it ended; `nil` for the first.
    ///
    /// What cannot be read is left out: an agent without its predecessor's log can work all the same.
    func previous(of spec: Spec, before run: RunID?) -> PreviousRun? {
        let query = RunQuery(
            projectPath: project.path,
            specID: spec.id.text,
            states: [.settled],
            limit: Self.runsLookedAt
        )
        guard let runs = try? journal.runs(query).items,
            let last = runs.first(where: { $0.id != run && $0.startedAt != nil && $0.outcome != .refused }),
            let outcome = last.outcome
        else { return nil }
        return PreviousRun(
            outcome: outcome,
            reason: last.reason,
            detail: last.problem?.detail,
            openCriteria: openCriteria(of: last, spec),
            logEnd: logEnd(of: last)
        )
    }

    /// The boxes that the run left open in its own copy, which may never have come to the checkout.
    private func openCriteria(of run: Run, _ spec: Spec) -> [String] {
        let folder = RunFolder(stateFolder: stateFolder, run: run.id)
        guard let bytes = try? LocalFileSystem().read(folder.specAfterFile) else { return spec.criteria.open }
        return SpecDocument(bytes: bytes).criteria.open
    }

    /// The last lines of a run's text, as many as an agent is told; none where they cannot be read.
    func logEnd(of run: Run) -> [String] {
        let folder = RunFolder(stateFolder: stateFolder, run: run.id)
        let dialect = Provider(run.provider).dialect
        do throws(LogError) {
            let reader = LogReader(folder, .text, dialect, agentStarted: false).masking(by: redactor)
            return try reader.lastLines(PreviousRun.logLines)
        } catch {
            return []
        }
    }
}

extension Prompt {
    /// Whether a placeholder stands in it: what nobody asks for is not looked up.
    fileprivate func names(_ placeholder: String) -> Bool { text.contains("{{\(placeholder)}}") }
}
