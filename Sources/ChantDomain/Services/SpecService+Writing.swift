import Foundation

/// What a write left behind.
public struct WrittenSpec: Sendable {
    /// The spec as it is now.
    public let view: SpecView
    /// Whether there was none before.
    public let isNew: Bool
    /// Whether the file holds exactly what was sent.
    public let isAsSent: Bool
}

extension SpecService {
    /// Replaces a spec's file, or makes one of that very id where there is none.
    ///
    /// A file that cannot be read as a spec is replaced as well: who names its revision, or `*`, means it.
    ///
    /// - Throws: `preconditionRequired` for a spec that is there without a word on which version is meant.
    public func replace(
        _ id: SpecID,
        with markdown: [UInt8],
        if condition: RevisionCondition
    ) async throws(SpecEditError) -> WrittenSpec {
        let wanted = SpecDocument(bytes: markdown)
        let written = try await editing.claimed(id, as: "replace") { () async throws(SpecEditError) in
            try await editing.write(id, if: condition) { file throws(SpecEditError) in
                if let file, condition.match == nil {
                    throw .preconditionRequired(file.id, revision: file.document.revision)
                }
                return wanted
            }
        }
        return WrittenSpec(
            view: try await view(of: written.after),
            isNew: written.before == nil,
            isAsSent: written.after.document == wanted
        )
    }

    /// Applies a patch to a spec; one that changes nothing writes nothing.
    public func patch(
        _ id: SpecID,
        _ patch: SpecPatch,
        if condition: RevisionCondition
    ) async throws(SpecEditError) -> SpecView {
        let write = { () async throws(SpecEditError) in
            try await editing.write(id, if: condition) { file throws(SpecEditError) in
                do throws(SpecError) {
                    guard let file else { throw .notFound(id.text) }
                    _ = try file.spec()
                    return try file.document.applying(patch)
                } catch {
                    throw .spec(error)
                }
            }
        }
        let changesStatus = patch.header.contains { $0.key == "status" }
        let written = changesStatus ? try await editing.claimed(id, as: "edit", write) : try await write()
        return try await view(of: written.after)
    }

    /// Deletes a spec: its file, its log of all runs, and worktrees that were kept of its runs.
    ///
    /// Branches stay, and what a worktree holds that no branch has is stored first (R53).
    public func delete(_ id: SpecID, if condition: RevisionCondition) async throws(SpecEditError) {
        try await editing.claimed(id, as: "delete") { () async throws(SpecEditError) in
            try await editing.remove(id, if: condition)
        }
        try? LocalFileSystem().remove(ChantLog.path(of: id, chantFolder: project.path))
        await editing.giveUpWorktrees(of: id)
    }

    /// Makes a spec from fields.
    public func create(_ fields: NewSpec) async throws(SpecEditError) -> SpecView {
        let markdown: [UInt8]
        do { markdown = try fields.markdown() } catch { throw .spec(error) }
        return try await create(markdown: markdown)
    }

    /// Makes a spec from a whole markdown file, which has to be one that can be read.
    public func create(markdown: [UInt8]) async throws(SpecEditError) -> SpecView {
        var random = SystemNumbers()
        let document = SpecDocument(bytes: markdown)
        for _ in 0..<20 {
            let index: SpecIndex
            do { index = try await store.index() } catch { throw .spec(error) }
            let id = SpecID.fresh(on: LocalDay(of: now()), taken: index.activeIDs + index.archivedIDs, random: &random)
            do throws(SpecEditError) {
                let written = try await editing.write(id, if: RevisionCondition(noneMatch: .any)) { _ in document }
                return try await view(of: written.after)
            } catch {
                switch error {
                case .preconditionFailed, .spec(.exists): continue
                default: throw error
                }
            }
        }
        throw .spec(.invalid([Complaint("", "No free id was found; try again.")]))
    }

    func view(of file: SpecFile) async throws(SpecEditError) -> SpecView {
        do {
            let usage = try? journal.usage(project: project.path, of: file.id)
            return view(try file.spec(), try await store.index(), try latestRun(of: file.id), usage?[file.id.text])
        } catch {
            throw .spec(error)
        }
    }
}

extension SpecEditing {
    /// Gives the worktrees of a spec's runs back; one that cannot be stored stays, and the log says so.
    func giveUpWorktrees(of id: SpecID) async {
        for name in await worktrees.names() {
            guard let run = RunID(name).flatMap({ try? journal.run($0) }), run.specID == id.text,
                run.projectPath == project.path, !run.state.isLive, let branch = BranchName(run.branch),
                let base = run.baseCommit.flatMap({ ObjectID($0) })
            else { continue }
            let worktree = Worktree(path: worktrees.folder + "/" + name, name: name, branch: branch, base: base)
            do {
                _ = try await worktrees.giveBack(worktree, run: run.id, holding: .remove)
            } catch {
                warn("the worktree of a deleted spec was kept", id, error)
            }
        }
    }
}
