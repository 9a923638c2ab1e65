/// The message that an agent would get for a spec.
public struct PromptPreview: Sendable {
    /// The spec.
    public let spec: SpecID
    /// The prompt's name.
    public let prompt: String
    /// Where it comes from: `project` or `built-in`.
    public let source: String
    /// What it extends: its parent, that one's parent, ….
    public let parents: [String]
    /// The snippets that are added to every message.
    public let extensions: [String]
    /// The message.
    public let message: String
}

/// Shows the messages for agents before there is a run.
public struct PromptService: Sendable {
    let rooms: ExecutionRooms

    /// What stands in a message for the name of a run that there is not yet.
    static let unnamedRun = "<run>"

    /// The message that an agent would get if it were started on the spec now.
    ///
    /// The files of its `context` are those of the target branch, where a new run would start.
    ///
    /// - Parameters:
    ///   - id: the spec.
    ///   - name: the prompt that a request would ask for.
    ///   - note: the note that it would bring.
    /// - Returns: the message and where it comes from.
    /// - Throws: `RunError` where the file cannot be read as a spec, or there is no such prompt.
    public func preview(_ id: SpecID, prompt name: String?, note: String?) async throws(RunError) -> PromptPreview {
        let (spec, path) = try await spec(id)
        let prompt = try prompt(for: spec, asked: name)
        let worktree = "\(rooms.worktrees.folder)/\(Self.unnamedRun)"
        let message = await rooms.prompting.message(
            prompt,
            for: spec,
            at: PromptPlace(
                specFile: "\(worktree)/\(path)",
                folder: rooms.git.repository.prefix.isEmpty ? worktree : "\(worktree)/\(rooms.git.repository.prefix)",
                branch: rooms.configuration.defaults.branchPrefix + id.refComponent
            ),
            sources: try await sources(spec),
            note: note?.isEmpty == true ? nil : note,
            run: nil
        )
        return PromptPreview(
            spec: id,
            prompt: prompt.name,
            source: prompt.source.rawValue,
            parents: prompt.parents,
            extensions: prompt.extensions.map(\.name),
            message: message
        )
    }

    private func spec(_ id: SpecID) async throws(RunError) -> (Spec, path: String) {
        let file: SpecFile
        do throws(SpecError) { file = try await rooms.store.read(id) } catch { throw .spec(error) }
        switch file.reading {
        case .success(let spec): return (spec, rooms.repositoryPath(of: file))
        case .failure(let failure): throw .refused(.unreadable(failure.file))
        }
    }

    private func prompt(for spec: Spec, asked: String?) throws(RunError) -> Prompt {
        do throws(GateRefusal) {
            return try rooms.gatekeeper.prompt(for: spec, asked: asked)
        } catch {
            throw .refused(error)
        }
    }

    private func sources(_ spec: Spec) async throws(RunError) -> CommitSources {
        do throws(GitError) {
            let paths = spec.context + [spec.outputSchema].compactMap { $0 }
            guard let tip = try await rooms.git.tip(of: rooms.target) else { return CommitSources() }
            return await CommitSources(paths, in: tip, rooms.git)
        } catch {
            throw .git(error)
        }
    }
}
