/// Why a run was not admitted: a gate's refusal, or something that could not be looked at.
enum AdmissionError: Error, Sendable {
    case refused(GateRefusal)
    case spec(SpecError)
    case git(GitError)
    case journal(JournalError)
}

/// Reads what the gates look at and asks them; the POST and the worker call the same function.
struct Gatekeeper: Sendable {
    let project: ProjectIdentity
    let store: SpecStore
    let journal: Journal
    let git: GitClient
    let target: BranchName
    let catalog: AgentCatalog
    let prompts: PromptLibrary
    let configuredPrompt: String
    var lint = SpecLint()

    /// Whether the spec may be run now.
    ///
    /// - Parameters:
    ///   - id: the spec; its file is read again from disk (R11).
    ///   - options: what the caller asked for.
    ///   - asking: the run that asks, which does not stand in its own way.
    ///   - seen: what the repository was like, for who asks for many specs at once.
    /// - Returns: what the gates found out on the way.
    /// - Throws: the first refusal, or what could not be looked at.
    func admit(
        _ id: SpecID,
        options: RunOptions,
        besides asking: RunID?,
        _ seen: RepositoryState? = nil
    ) async throws(AdmissionError) -> GatePass {
        let subject = try await subject(id, options, asking, seen)
        do {
            return try Gates.pass(subject)
        } catch {
            throw .refused(error)
        }
    }

    /// The prompt that a run of the spec would use.
    func prompt(for spec: Spec, asked: String?) throws(GateRefusal) -> Prompt {
        try Gates.prompt(spec, asked: asked, prompts, configured: configuredPrompt)
    }

    private func subject(
        _ id: SpecID,
        _ options: RunOptions,
        _ asking: RunID?,
        _ seen: RepositoryState?
    ) async throws(AdmissionError) -> GateSubject {
        let (file, index) = try await files(id)
        let live = try liveRun(of: id, besides: asking)
        let state: RepositoryState
        if let seen { state = seen } else { state = try await repository() }
        return GateSubject(
            id: id,
            file: file,
            index: index,
            options: options,
            liveRun: live.map { ($0, journal.agentPID(of: $0.id)) },
            lockOwner: SpecOwner.foreignLock(of: id, chantFolder: project.path),
            catalog: catalog,
            prompts: prompts,
            configuredPrompt: configuredPrompt,
            target: target.text,
            targetExists: state.tip != nil,
            repositoryIsEmpty: state.isEmpty,
            lint: lint,
            watcher: LiveWatch.pid(chantFolder: project.path)
        )
    }

    private func files(_ id: SpecID) async throws(AdmissionError) -> (SpecFile?, SpecIndex) {
        do throws(SpecError) {
            let index = try await store.index()
            do throws(SpecError) {
                return (try await store.read(id), index)
            } catch {
                guard case .notFound = error else { throw error }
                return (nil, index)
            }
        } catch {
            throw .spec(error)
        }
    }

    private func liveRun(of id: SpecID, besides asking: RunID?) throws(AdmissionError) -> Run? {
        do {
            let live = try journal.liveRun(of: id, project: project.path)
            return live?.id == asking ? nil : live
        } catch {
            throw .journal(error)
        }
    }

    /// What a run's gates look at in the repository.
    struct RepositoryState: Sendable {
        /// The target's; `nil` where it does not exist.
        let tip: ObjectID?
        /// Whether there is no commit at all.
        let isEmpty: Bool
    }

    /// The repository as it is now.
    func repository() async throws(AdmissionError) -> RepositoryState {
        do {
            let tip = try await git.tip(of: target)
            return RepositoryState(tip: tip, isEmpty: tip == nil ? try await git.isEmpty() : false)
        } catch {
            throw .git(error)
        }
    }
}

extension AdmissionError {
    /// The same as the end of a run that was accepted before.
    var stageFailure: StageFailure {
        switch self {
        case .refused(let refusal): .refused(refusal)
        case .spec(let error): .unexpected(error, while: "reading the spec")
        case .git(let error): .unexpected(error, while: "asking git about the target")
        case .journal(let error): .unexpected(error, while: "asking the journal")
        }
    }
}
