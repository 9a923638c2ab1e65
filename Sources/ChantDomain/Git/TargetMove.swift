import Foundation

/// How the moving of the target ended.
enum TargetMoveResult: Sendable, Equatable {
    /// The target is M.
    case moved
    /// Somebody else moved the target meanwhile; this is its tip now.
    case lost(ObjectID)
    /// Changes in the checkout are in the way: these files.
    case dirty([String])
    /// The checkout, or another worktree, is amid something; a sentence says what and what to do.
    case busy(String)
    /// The target is gone.
    case missing
}

/// Moves the target to the finishing commit: step F3.
///
/// A branch that is checked out nowhere is moved by compare-and-swap, one that is checked out by a fast-forward *there*, so
/// that git itself protects what a person changed (R23). A checked-out ref is never moved under its work tree.
struct TargetMove: Sendable {
    let client: GitClient
    let retry: RetryPolicy

    /// The move in a repository.
    init(client: GitClient, retry: RetryPolicy = .git) {
        self.client = client
        self.retry = retry
    }

    /// Moves `target` from `old` to `commit`; cannot be cancelled half way.
    ///
    /// - Parameters:
    ///   - target: the branch.
    ///   - old: the tip that M was made onto.
    ///   - commit: M.
    ///   - specFiles: the files that M finishes, with M's contents. Where the target is checked out in the project's checkout
    ///     their index entries are set to these first: git then lets the fast-forward pass whatever the files hold.
    ///   - beforeIndexChange: gets the entries as they were, to journal them; if it throws, nothing is changed.
    /// - Returns: whether the target is M now, or why not.
    /// - Throws: `GitError`; `.notJournaled` where `beforeIndexChange` throws.
    func move(
        _ target: BranchName,
        from old: ObjectID,
        to commit: ObjectID,
        specFiles: [String: ObjectID],
        beforeIndexChange: @escaping @Sendable ([IndexEntry]) throws -> Void
    ) async throws(GitError) -> TargetMoveResult {
        try await withoutCancellation {
            do throws(GitError) {
                return Result<TargetMoveResult, GitError>.success(
                    try await attempt(
                        target,
                        from: old,
                        to: commit,
                        specFiles: specFiles,
                        beforeIndexChange: beforeIndexChange
                    )
                )
            } catch {
                return .failure(error)
            }
        }.get()
    }

    private func attempt(
        _ target: BranchName,
        from old: ObjectID,
        to commit: ObjectID,
        specFiles: [String: ObjectID],
        beforeIndexChange: @Sendable ([IndexEntry]) throws -> Void
    ) async throws(GitError) -> TargetMoveResult {
        guard let tip = try await client.tip(of: target) else { return .missing }
        if tip == commit { return .moved }
        guard tip == old else { return .lost(tip) }
        if let busy = client.repository.gitDirs.compactMap({ $0.sentence(onReturningTo: target) }).first {
            return .busy(busy)
        }
        let checkouts = try await client.checkouts(of: target)
        guard checkouts.count < 2 else {
            return .busy("\(target) is checked out in \(checkouts.map(\.path).joined(separator: " and ")).")
        }
        guard let checkout = checkouts.first else { return try await swap(target, from: old, to: commit) }
        let forward = FastForward(client: client, retry: retry, target: target, old: old, commit: commit)
        return try await forward.run(in: checkout.path, specFiles: specFiles, beforeIndexChange: beforeIndexChange)
    }

    /// Puts index entries back as they were, where they still have M's contents: git refused, or a crash came between.
    ///
    /// - Parameters:
    ///   - entries: as journaled.
    ///   - blobs: M's contents; an entry that somebody changed since is left alone.
    /// - Throws: `GitError`.
    func putBack(_ entries: [IndexEntry], blobs: [String: ObjectID]) async throws(GitError) {
        try await FastForward.putBack(entries, blobs: blobs, client: client)
    }

    private func swap(
        _ target: BranchName,
        from old: ObjectID,
        to commit: ObjectID
    ) async throws(GitError) -> TargetMoveResult {
        var attempt = 1
        while true {
            do {
                try await client.updateRef(target.ref, to: commit, from: old)
                return .moved
            } catch {
                guard let tip = try await client.tip(of: target) else { return .missing }
                if tip == commit { return .moved }
                guard tip == old else { return .lost(tip) }
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

extension GitDirState {
    func sentence(onReturningTo target: BranchName) -> String? {
        returning(to: target).map {
            "\($0.capitalizedFirst) of \(target) is under way in \(folder). Finish or abort it."
        }
    }
}

extension String {
    /// With a capital at its beginning.
    var capitalizedFirst: String { prefix(1).uppercased() + dropFirst() }
}
