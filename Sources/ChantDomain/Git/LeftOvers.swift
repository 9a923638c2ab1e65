import Foundation

/// Stores what a worktree holds and no branch has, before the worktree goes (R53).
struct LeftOvers: Sendable {
    let client: GitClient
    let identity: Identity

    /// Stores the leftovers as one commit on `refs/chant/left/<run>`, by a private index and without hooks.
    ///
    /// - Parameters:
    ///   - place: the worktree.
    ///   - run: names the ref.
    ///   - placed: the service's own files; unchanged ones are no leftover.
    /// - Returns: the ref and its commit; `nil` if everything is held already.
    /// - Throws: `GitError.notStorable` for what git cannot hold, or another `GitError`.
    func store(of place: WorkTreePlace, run: String, placed: [PlacedFile]) async throws(GitError) -> LeftOver? {
        guard GitFiles.kind(of: place.folder) == S_IFDIR else { return nil }
        // Without git's record nobody can tell what of it is held.
        guard GitFiles.kind(of: place.gitDir) == S_IFDIR, let head = try await head(of: place) else {
            throw .notStorable(worktree: place.folder, paths: [])
        }
        let tree = try await treeOfEverything(in: place, head: head, placed: placed)
        let ref = ChantRef.left(run)
        let old = try await client.value(ofRef: ref)
        let headTree = try await client.tree(of: head)
        if tree == headTree {
            // Nothing uncommitted; but commits that no ref holds would go with the worktree's HEAD.
            guard try await !isHeld(head, by: place), old != head else { return nil }
            try await client.updateRef(ref, to: head, from: old)
            return LeftOver(ref: ref, commit: head)
        }
        if let old, try await client.tree(of: old) == tree { return LeftOver(ref: ref, commit: old) }
        let commit = try await client.commit(
            tree: tree,
            parents: [head] + (old.map { [$0] } ?? []),
            message: "chant: what run \(run) left uncommitted\n",
            identity: identity,
            signingKey: nil
        )
        try await client.updateRef(ref, to: commit, from: old)
        return LeftOver(ref: ref, commit: commit)
    }

    private func head(of place: WorkTreePlace) async throws(GitError) -> ObjectID? {
        let answer = try await client.run(
            ["rev-parse", "--verify", "--quiet", "HEAD^{commit}"],
            in: place.folder,
            environment: place.environment,
            accepted: [0, 1, 128]
        )
        return answer.code == 0 ? ObjectID(answer.text) : nil
    }

    /// The tree of all that is not ignored.
    private func treeOfEverything(
        in place: WorkTreePlace,
        head: ObjectID,
        placed: [PlacedFile]
    ) async throws(GitError) -> ObjectID {
        // Of its own: a clean-up, the next run and a removal of the spec may store one worktree at the same time.
        let index = "\(place.gitDir)/chant-left-index-\(UUID().uuidString)"
        defer {
            unlink(index)
            unlink("\(index).lock")
        }
        // A copy keeps what git knows about unchanged files, so that only changed ones are read.
        let hasIndex = (try? FileManager.default.copyItem(atPath: "\(place.gitDir)/index", toPath: index)) != nil
        var environment = place.environment
        environment["GIT_INDEX_FILE"] = index
        if !hasIndex {
            try await client.run(["read-tree", head.hex], in: place.folder, environment: environment)
        }
        let included = client.included(in: place)
        let specs = [":/"] + included.map { ":(top,exclude,literal)\($0)" }
        try await client.run(
            ["-c", "advice.addEmbeddedRepo=false", "add", "--all", "--pathspec-from-file=-", "--pathspec-file-nul"],
            in: place.folder,
            environment: environment,
            input: specs.flatMap { Array($0.utf8) + [0] },
            writesWorkTree: true
        )
        // What an agent staged of them stays out as well.
        if !included.isEmpty {
            try await client.setIndexEntries(
                included.map { IndexEntry(path: $0, mode: nil, blob: nil) },
                index: index
            )
        }
        try await passOver(placed, in: place, head: head, index: index)
        try await refuseNestedRepositories(in: place, head: head, environment: environment)
        let text = try await client.run(["write-tree"], in: place.folder, environment: environment).text
        guard let tree = ObjectID(text) else { throw .malformed("write-tree: \(text)") }
        return tree
    }

    /// Gives files that the service itself placed, and nobody changed, the entries of the worktree's commit.
    private func passOver(
        _ placed: [PlacedFile],
        in place: WorkTreePlace,
        head: ObjectID,
        index: String
    ) async throws(GitError) {
        let given = placed.filter { GitFiles.bytes(of: "\(place.folder)/\($0.path)") == $0.bytes }.map(\.path)
        let untouched = Set(given).union([client.unchangedPlaced(in: place)].compactMap(\.self)).sorted()
        guard !untouched.isEmpty else { return }
        let before = try await client.treeEntries(untouched, in: head)
        try await client.setIndexEntries(
            untouched.map { IndexEntry(path: $0, mode: before[$0]?.mode, blob: before[$0]?.blob) },
            index: index
        )
    }

    /// A repository inside the worktree would be stored as a mere link to one of its commits.
    private func refuseNestedRepositories(
        in place: WorkTreePlace,
        head: ObjectID,
        environment: [String: String]
    ) async throws(GitError) {
        let answer = try await client.run(
            ["diff-index", "--cached", "--raw", "-z", "--no-renames", "--diff-filter=AT", head.hex],
            in: place.folder,
            environment: environment
        )
        let fields = answer.fields
        // :<old mode> <new mode> <old> <new> <letter>, then the path
        let nested = stride(from: 0, to: fields.count - 1, by: 2).compactMap { place in
            fields[place].split(separator: " ").dropFirst().first == "160000" ? fields[place + 1] : nil
        }
        guard nested.isEmpty else { throw .notStorable(worktree: place.folder, paths: nested) }
    }

    /// Whether a branch, tag or ref of ours holds the worktree's commit.
    private func isHeld(_ commit: ObjectID, by place: WorkTreePlace) async throws(GitError) -> Bool {
        let branch = try await client.run(
            ["symbolic-ref", "--quiet", "HEAD"],
            in: place.folder,
            environment: place.environment,
            accepted: [0, 1]
        )
        if branch.code == 0 { return true }
        let answer = try await client.run([
            "for-each-ref", "--count=1", "--contains", commit.hex, "--format=%(refname)",
        ])
        return !answer.output.isEmpty
    }
}

extension GitFiles {
    /// A regular file's bytes; `nil` for anything else.
    static func bytes(of path: String) -> [UInt8]? {
        guard kind(of: path) == S_IFREG else { return nil }
        return FileManager.default.contents(atPath: path).map(Array.init)
    }
}
