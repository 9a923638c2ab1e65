import Foundation

/// Fast-forwards a checked-out branch in its work tree, by git itself, without touching what a person changed (R23).
struct FastForward: Sendable {
    let client: GitClient
    let retry: RetryPolicy
    let target: BranchName
    let old: ObjectID
    let commit: ObjectID

    /// Forwards the branch in the worktree at `folder`.
    func run(
        in folder: String,
        specFiles: [String: ObjectID],
        beforeIndexChange: @Sendable ([IndexEntry]) throws -> Void
    ) async throws(GitError) -> TargetMoveResult {
        let state = client.repository.gitDirs.first { GitFiles.realPath($0.folder) == GitFiles.realPath(folder) }
        if let unfinished = state?.unfinished {
            return .busy("\(unfinished.capitalizedFirst) is under way in \(folder). Finish or abort it, then merge.")
        }
        guard GitFiles.realPath(folder) == client.repository.checkout else {
            return try await forward(in: folder, entries: [], blobs: [:])
        }
        let entries: [IndexEntry]
        switch try await earlierEntries(of: specFiles) {
        case .staged(let paths): return .dirty(paths)
        case .entries(let found): entries = found
        }
        do { try beforeIndexChange(entries) } catch { throw .notJournaled("\(error)") }
        do {
            try await withRetries { () async throws(GitError) in try await setEntries(of: specFiles) }
        } catch {
            guard error.isTransient else { throw error }
            return .busy("The index of \(folder) is locked by another git. Try again when it is done. \(error.stderr)")
        }
        return try await forward(in: folder, entries: entries, blobs: specFiles)
    }

    // MARK: - Index entries

    private enum EarlierEntries {
        case entries([IndexEntry])
        case staged([String])
    }

    /// The entries of the spec files now; one that differs from HEAD is a person's staging.
    private func earlierEntries(of specFiles: [String: ObjectID]) async throws(GitError) -> EarlierEntries {
        let paths = specFiles.keys.sorted()
        let index = try await client.indexEntries(paths)
        let head = try await client.treeEntries(paths, in: old)
        let staged = paths.filter { path in
            let here = index[path] ?? []
            if here.isEmpty { return head[path] != nil }
            if here.count > 1 { return true }
            // M's contents were set by ourselves, before a crash.
            return here[0] != head[path] && here[0].blob != specFiles[path]
        }
        guard staged.isEmpty else { return .staged(staged) }
        return .entries(paths.map { IndexEntry(path: $0, mode: head[$0]?.mode, blob: head[$0]?.blob) })
    }

    private func setEntries(of specFiles: [String: ObjectID]) async throws(GitError) {
        guard !specFiles.isEmpty else { return }
        let finished = try await client.treeEntries(specFiles.keys.sorted(), in: commit)
        try await client.setIndexEntries(finished.map { IndexEntry(path: $0, mode: $1.mode, blob: $1.blob) })
    }

    static func putBack(
        _ entries: [IndexEntry],
        blobs: [String: ObjectID],
        client: GitClient
    ) async throws(GitError) {
        let now = try await client.indexEntries(entries.map(\.path))
        let ours = entries.filter { entry in
            let here = now[entry.path] ?? []
            return here.count == 1 && here[0].blob == blobs[entry.path] && here[0].blob != entry.blob
        }
        guard !ours.isEmpty else { return }
        try await client.setIndexEntries(ours)
        // Fills in what git knows about the unchanged files; its answer is 1 where files differ.
        try await client.run(["update-index", "-q", "--refresh"], writesWorkTree: true, accepted: [0, 1])
    }

    // MARK: - The merge

    private func forward(
        in folder: String,
        entries: [IndexEntry],
        blobs: [String: ObjectID]
    ) async throws(GitError) -> TargetMoveResult {
        let refusal: GitError
        do {
            try await withRetries { () async throws(GitError) in try await merge(in: folder) }
            return try await verified(in: folder)
        } catch {
            refusal = error
        }
        if try await client.tip(of: target) == commit { return .moved }
        if !entries.isEmpty {
            try await withRetries { () async throws(GitError) in
                try await Self.putBack(entries, blobs: blobs, client: client)
            }
        }
        return try await reason(for: refusal, in: folder, except: Set(blobs.keys))
    }

    private func merge(in folder: String) async throws(GitError) {
        try await client.run(
            [
                "merge", "--ff-only", "--no-autostash", "--no-verify-signatures", "--no-overwrite-ignore", "--no-stat",
                "--quiet", commit.hex,
            ],
            in: folder,
            // By the environment, since a branch's name may hold what `-c` would misread.
            environment: [
                "GIT_CONFIG_COUNT": "1",
                "GIT_CONFIG_KEY_0": "branch.\(target).mergeOptions",
                "GIT_CONFIG_VALUE_0": "",
            ],
            writesWorkTree: true
        )
    }

    /// Between the look at HEAD and the merge a person may have switched branches: that is said, not repaired.
    private func verified(in folder: String) async throws(GitError) -> TargetMoveResult {
        guard let tip = try await client.tip(of: target) else { return .missing }
        if tip == commit { return .moved }
        if try await client.isAncestor(commit, of: tip) { return .moved }
        guard tip == old else { return .lost(tip) }
        return .busy(
            "\(folder) was switched away from \(target) at this very moment; the branch there now has the work."
        )
    }

    private func reason(
        for refusal: GitError,
        in folder: String,
        except finished: Set<String>
    ) async throws(GitError) -> TargetMoveResult {
        guard let tip = try await client.tip(of: target) else { return .missing }
        guard tip == old else { return .lost(tip) }
        let files = try await inTheWay(in: folder, except: finished)
        if !files.isEmpty { return .dirty(files) }
        guard case .failed(let failure) = refusal else { throw refusal }
        if failure.kind == .transient {
            return .busy(
                "The index of \(folder) is locked by another git. Try again when it is done. \(failure.stderr)"
            )
        }
        return .busy("git refused to fast-forward \(folder): \(failure.stderr)")
    }

    /// The files that the merge would change and that a person changed, or that are there without being tracked.
    private func inTheWay(in folder: String, except finished: Set<String>) async throws(GitError) -> [String] {
        let changes = try await client.changes(from: old, to: commit).filter { !finished.contains($0.path) }
        let answer = try await client.run(
            ["status", "--porcelain=v1", "-z", "--untracked-files=no", "--ignore-submodules=dirty"],
            in: folder,
            writesWorkTree: true
        )
        let changed = Set(try WorkTreeStatus.parse(answer.output).tracked)
        var files: Set<String> = []
        for change in changes {
            if changed.contains(change.path) { files.insert(change.path) }
            guard change.before == nil else { continue }
            // A new file meets what is not tracked: at its own place, or where a folder of it should be.
            var path = change.path
            if let kind = GitFiles.kind(of: "\(folder)/\(path)"),
                kind != S_IFDIR || !GitFiles.names(in: "\(folder)/\(path)").isEmpty
            {
                files.insert(path)
            }
            while let slash = path.lastIndex(of: "/") {
                path = String(path[..<slash])
                if let kind = GitFiles.kind(of: "\(folder)/\(path)"), kind != S_IFDIR,
                    !changes.contains(where: { $0.path == path })
                {
                    files.insert(path)
                }
            }
        }
        return files.sorted()
    }

    private func withRetries(_ step: () async throws(GitError) -> Void) async throws(GitError) {
        var attempt = 1
        while true {
            do {
                return try await step()
            } catch {
                guard
                    case .retry(let pause) = retry.decide(
                        attempt: attempt,
                        isTransient: error.isTransient,
                        jitter: Surroundings.jitter
                    )
                else { throw error }
                try? await Surroundings.sleep(for: pause)
                attempt += 1
            }
        }
    }
}
