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

    /// Makes a commit with the edited file onto `old`; no ref holds it, and no work tree is touched.
    ///
    /// - Returns: the commit; `nil` where there is nothing to commit: `old` has it already, or git ignores the file.
    func make(onto old: ObjectID, file: EditedFile, message: String) async throws(GitError) -> FinishingPlan? {
        let before = try await client.tree(of: old)
        let maker = FinishingCommit(client: client, identity: identity, signingKey: signingKey)
        let entries: [IndexEntry]
        if let bytes = file.bytes {
            entries = try await maker.entries(of: [FinishedFile(path: file.path, bytes: bytes)], in: before)
        } else {
            let isThere = try await client.treeEntries([file.path], in: before)[file.path] != nil
            entries = isThere ? [IndexEntry(path: file.path)] : []
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
    ///   - path: the file that the commit changes; its index entry has to be as in `old`, else a person staged it.
    /// - Returns: the obstacle; `nil` if none is seen.
    /// - Throws: `GitError`.
    func obstacle(
        to target: BranchName,
        from old: ObjectID,
        changing path: String
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
        let staged = try await client.indexEntries([path])[path] ?? []
        let head = try await client.treeEntries([path], in: old)[path]
        return staged == (head.map { [$0] } ?? []) ? nil : .dirty([path])
    }
}
