/// A file as the commit of an edit shall have it.
struct EditedFile: Sendable {
    /// The path inside the repository.
    let path: String
    /// Its bytes; `nil` where it is removed.
    let bytes: [UInt8]?
}

/// Makes the one commit of a request's edit (R40), as `FinishingCommit` makes that of a run.
struct EditCommit: Sendable {
    let client: GitClient
    /// The service's identity (R62).
    let identity: Identity
    /// `server.sign`; `nil` makes an unsigned commit.
    let signingKey: String?

    /// Makes a commit with the edited files onto `old`; no ref holds it, and no work tree is touched.
    ///
    /// - Returns: the commit; `nil` where there is nothing to commit: `old` has it already, or git ignores the files.
    func make(onto old: ObjectID, files: [EditedFile], message: String) async throws(GitError) -> FinishingPlan? {
        let before = try await client.tree(of: old)
        let maker = FinishingCommit(client: client, identity: identity, signingKey: signingKey)
        let written = files.compactMap { file in file.bytes.map { FinishedFile(path: file.path, bytes: $0) } }
        var entries = written.isEmpty ? [] : try await maker.entries(of: written, in: before)
        for file in files where file.bytes == nil {
            let isThere = try await client.treeEntries([file.path], in: before)[file.path] != nil
            entries += isThere ? [IndexEntry(path: file.path)] : []
        }
        let tree = try await maker.tree(before, with: entries)
        guard tree != before else { return nil }
        let commit = try await client.commit(
            tree: tree,
            parents: [old],
            message: message,
            identity: identity,
            signingKey: signingKey
        )
        let blobs = entries.compactMap { entry in entry.blob.map { (entry.path, $0) } }
        return FinishingPlan(commit: commit, blobs: Dictionary(blobs) { $1 })
    }
}

extension TargetMove {
    /// What would keep `target` from moving now, as far as it can be told without trying.
    ///
    /// - Parameters:
    ///   - target: the branch.
    ///   - old: its tip.
    ///   - paths: the files that the commit changes; their index entries have to be as in `old`, else a person staged them.
    /// - Returns: the obstacle; `nil` if none is seen.
    /// - Throws: `GitError`.
    func obstacle(
        to target: BranchName,
        from old: ObjectID,
        changing paths: [String]
    ) async throws(GitError) -> TargetMoveResult? {
        if let busy = client.repository.gitDirs.compactMap({ $0.sentence(onReturningTo: target) }).first {
            return .busy(busy)
        }
        let checkouts = try await client.checkouts(of: target)
        guard checkouts.count < 2 else {
            return .busy("\(target) is checked out in \(checkouts.map(\.path).joined(separator: " and ")).")
        }
        guard let folder = checkouts.first?.path else { return nil }
        let state = client.repository.gitDirs.first { GitFiles.realPath($0.folder) == GitFiles.realPath(folder) }
        if let unfinished = state?.unfinished {
            return .busy(
                "\(unfinished.capitalizedFirst) is under way in \(folder). Finish or abort it, then try again."
            )
        }
        guard GitFiles.realPath(folder) == client.repository.checkout else { return nil }
        let staged = try await client.indexEntries(paths)
        let head = try await client.treeEntries(paths, in: old)
        let dirty = paths.filter { (staged[$0] ?? []) != (head[$0].map { [$0] } ?? []) }
        return dirty.isEmpty ? nil : .dirty(dirty)
    }
}
