import Glibc

/// Why a run was not admitted: a gate's refusal, or something that could not be looked at.
enum AdmissionError: Error, Sendable {
    case refused(GateRefusal)
    case spec(SpecError)
    case git(GitError)
    case journal(JournalError)
}

/// What the gates look at in the repository.
struct TargetBranch: Sendable {
    let exists: Bool
    let repositoryIsEmpty: Bool
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
    ///   - branch: the target, where it was looked at a moment ago for another spec of the same request.
    /// - Returns: what the gates found out on the way.
    /// - Throws: the first refusal, or what could not be looked at.
    func admit(
        _ id: SpecID,
        options: RunOptions,
        besides asking: RunID?,
        branch: TargetBranch? = nil
    ) async throws(AdmissionError) -> GatePass {
        let subject = try await subject(id, options, asking, branch)
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

    /// The agent's process of a live run, if there is one.
    func pid(of run: RunID) -> Int32? {
        guard let process = try? journal.process(of: run), process.exitedAt == nil else { return nil }
        return process.agent.pid
    }

    private func subject(
        _ id: SpecID,
        _ options: RunOptions,
        _ asking: RunID?,
        _ known: TargetBranch?
    ) async throws(AdmissionError) -> GateSubject {
        let (file, index) = try await files(id)
        let live = try liveRun(of: id, besides: asking)
        let branch = if let known { known } else { try await targetBranch() }
        return GateSubject(
            id: id,
            file: file,
            index: index,
            options: options,
            liveRun: live.map { ($0, pid(of: $0.id)) },
            lockOwner: foreignLockOwner(of: id),
            catalog: catalog,
            prompts: prompts,
            configuredPrompt: configuredPrompt,
            target: target.text,
            targetExists: branch.exists,
            repositoryIsEmpty: branch.repositoryIsEmpty,
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

    /// A lock of this process is that of a run of ours, which is asked for in the journal.
    private func foreignLockOwner(of id: SpecID) -> Int32? {
        let owner = SpecLock.owner(of: id, chantFolder: project.path)
        return owner == getpid() ? nil : owner
    }

    private func liveRun(of id: SpecID, besides asking: RunID?) throws(AdmissionError) -> Run? {
        do {
            let live = try journal.liveRun(of: id, project: project.path)
            return live?.id == asking ? nil : live
        } catch {
            throw .journal(error)
        }
    }

    /// Looks at the target, by git.
    func targetBranch() async throws(AdmissionError) -> TargetBranch {
        do {
            let exists = try await git.tip(of: target) != nil
            return TargetBranch(exists: exists, repositoryIsEmpty: exists ? false : try await git.isEmpty())
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
