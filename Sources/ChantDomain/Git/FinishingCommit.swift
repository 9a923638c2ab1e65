/// A file as the finishing commit shall have it.
struct FinishedFile: Sendable, Equatable {
    /// The path inside the repository.
    var path: String
    /// Its bytes.
    var bytes: [UInt8]
}

/// The finishing commit M, made and held, but not on the target yet.
struct FinishingPlan: Sendable, Codable, Hashable {
    /// M.
    var commit: ObjectID
    /// The finished files that M has, by path; ignored ones are not among them.
    var blobs: [String: ObjectID]
}

/// How the making of M ended.
enum FinishingResult: Sendable, Equatable {
    /// M exists and is held by `refs/chant/finish/<run>`.
    case made(FinishingPlan)
    /// There is nothing to commit: no commits, and only ignored files (R58).
    case nothing
    /// Both sides changed these files; the commits are those of each side that touch them, newest first.
    case conflict(files: [String], targetCommits: [ObjectID], runCommits: [ObjectID])
}

/// Makes the finishing commit: step F2.
///
/// M has the parents target and branch, the merged tree, and in it the finished files. No work tree is touched (R24).
struct FinishingCommit: Sendable {
    let client: GitClient
    /// The service's identity (R62).
    let identity: Identity
    /// `server.sign`; `nil` makes an unsigned commit.
    let signingKey: String?

    /// Makes M.
    ///
    /// - Parameters:
    ///   - old: the target's tip.
    ///   - branchTip: the run's branch; `nil`, or a commit that the target has, gives M one parent only.
    ///   - files: the finished spec files.
    ///   - message: M's message.
    ///   - run: names the ref that holds M.
    ///   - keeping: files that M has as the target has them, whatever the branch made of them.
    /// - Returns: M, or why there is none.
    /// - Throws: `GitError`.
    func make(
        onto old: ObjectID,
        branchTip: ObjectID?,
        files: [FinishedFile],
        message: String,
        run: RunID,
        keeping: [String] = []
    ) async throws(GitError) -> FinishingResult {
        var parents = [old]
        var merged = try await client.tree(of: old)
        if let branchTip, try await !client.isAncestor(branchTip, of: old) {
            parents.append(branchTip)
            let merge = try await mergeTrees(old, branchTip)
            let conflicts = merge.conflicts.subtracting(files.map(\.path) + keeping)
            guard conflicts.isEmpty else { return try await conflict(conflicts.sorted(), old, branchTip) }
            merged = merge.tree
        }
        let entries = try await entries(of: files, in: merged)
        let kept = parents.count > 1 ? try await self.kept(keeping, in: old) : []
        let tree = try await self.tree(merged, with: entries + kept)
        guard parents.count > 1 || tree != merged else { return .nothing }
        let commit = try await client.commit(
            tree: tree,
            parents: parents,
            message: message,
            identity: identity,
            signingKey: signingKey
        )
        let ref = ChantRef.finish(run)
        try await client.updateRef(ref, to: commit, from: try await client.value(ofRef: ref))
        let blobs = entries.compactMap { entry in entry.blob.map { (entry.path, $0) } }
        return .made(FinishingPlan(commit: commit, blobs: Dictionary(blobs) { $1 }))
    }

    /// What stands in the way of merging a branch: the files that both sides changed, and their commits.
    ///
    /// - Parameters:
    ///   - branchTip: the branch.
    ///   - old: the target's tip.
    ///   - files: paths that are no conflict, since they are written afresh.
    /// - Returns: `conflict`, or `nothing` where the two go together.
    /// - Throws: `GitError`.
    func conflict(
        of branchTip: ObjectID,
        with old: ObjectID,
        besides files: [String]
    ) async throws(GitError) -> FinishingResult {
        guard try await !client.isAncestor(branchTip, of: old) else { return .nothing }
        let conflicts = try await mergeTrees(old, branchTip).conflicts.subtracting(files)
        guard !conflicts.isEmpty else { return .nothing }
        return try await conflict(conflicts.sorted(), old, branchTip)
    }

    /// The entries of files that stay as the target has them, also where it does not.
    private func kept(_ paths: [String], in old: ObjectID) async throws(GitError) -> [IndexEntry] {
        guard !paths.isEmpty else { return [] }
        let known = try await client.treeEntries(paths, in: old)
        return paths.map { IndexEntry(path: $0, mode: known[$0]?.mode, blob: known[$0]?.blob) }
    }

    private func mergeTrees(
        _ old: ObjectID,
        _ tip: ObjectID
    ) async throws(GitError) -> (tree: ObjectID, conflicts: Set<String>) {
        let answer = try await client.run(
            [
                "merge-tree", "--write-tree", "-z", "--name-only", "--no-messages", "--allow-unrelated-histories",
                old.hex, tip.hex,
            ],
            accepted: [0, 1]
        )
        let fields = answer.fields
        guard let first = fields.first, let tree = ObjectID(first) else { throw .malformed("merge-tree: \(fields)") }
        return (tree, Set(fields.dropFirst()))
    }

    private func conflict(_ files: [String], _ old: ObjectID, _ tip: ObjectID) async throws(GitError) -> FinishingResult
    {
        .conflict(
            files: files,
            targetCommits: try await CommitLog(client: client).commits(of: old, without: tip, touching: files),
            runCommits: try await CommitLog(client: client).commits(of: tip, without: old, touching: files)
        )
    }

    /// The index entries of the finished files; one that is ignored, and that no tree has, is left out.
    func entries(of files: [FinishedFile], in tree: ObjectID) async throws(GitError) -> [IndexEntry] {
        let known = try await client.treeEntries(files.map(\.path), in: tree)
        let ignored = try await client.ignored(files.map(\.path).filter { known[$0] == nil })
        var entries: [IndexEntry] = []
        for file in files where !ignored.contains(file.path) {
            // `--path` applies the filters that `git add` would, so that the checkout looks clean afterwards.
            let text = try await client.run(
                ["hash-object", "-w", "--stdin", "--path=\(file.path)"],
                input: file.bytes
            ).text
            guard let blob = ObjectID(text) else { throw .malformed("hash-object: \(text)") }
            let mode = known[file.path]?.mode == "100755" ? "100755" : "100644"
            entries.append(IndexEntry(path: file.path, mode: mode, blob: blob))
        }
        return entries
    }

    /// The merged tree with the finished files in it, made in a private index.
    func tree(_ merged: ObjectID, with entries: [IndexEntry]) async throws(GitError) -> ObjectID {
        guard !entries.isEmpty else { return merged }
        let client = client
        return try await GitFiles.withTemporaryFolder { (folder) async throws(GitError) in
            let index = "\(folder)/index"
            try await client.run(["read-tree", merged.hex], environment: ["GIT_INDEX_FILE": index])
            try await client.setIndexEntries(entries, index: index)
            let text = try await client.run(["write-tree"], environment: ["GIT_INDEX_FILE": index]).text
            guard let tree = ObjectID(text) else { throw .malformed("write-tree: \(text)") }
            return tree
        }
    }
}

extension GitClient {
    /// The paths that the ignore rules of the project's checkout name, whether tracked or not.
    func ignored(_ paths: [String]) async throws(GitError) -> Set<String> {
        guard !paths.isEmpty else { return [] }
        let answer = try await run(
            ["check-ignore", "--no-index", "-z", "--stdin"],
            input: paths.flatMap { path -> [UInt8] in Array(path.utf8) + [0] },
            accepted: [0, 1]
        )
        return Set(answer.fields)
    }

    /// Lets go of a finishing commit: it is on the target, or was dropped.
    func dropFinishRef(_ run: RunID) async throws(GitError) {
        let ref = ChantRef.finish(run)
        try await updateRef(ref, to: nil, from: try await value(ofRef: ref))
    }

    /// The finishing commit that a run holds; `nil` if there is none.
    func finishingCommit(of run: RunID) async throws(GitError) -> ObjectID? {
        try await value(ofRef: ChantRef.finish(run))
    }
}

extension CommitLog {
    /// The latest commits of `tip` that `other` does not have and that touch one of the files; at most 50.
    func commits(
        of tip: ObjectID,
        without other: ObjectID,
        touching files: [String]
    ) async throws(GitError) -> [ObjectID] {
        let answer = try await client.run(
            ["rev-list", "--no-merges", "--max-count=50", tip.hex, "^\(other.hex)", "--"] + files.prefix(500),
            environment: ["GIT_LITERAL_PATHSPECS": "1"]
        )
        return answer.lines.compactMap { ObjectID($0) }
    }
}
