import Foundation

/// Makes and takes back the worktrees of one repository, one at a time (R19).
///
/// Callers only ask for a worktree and give it back. Registration happens under the lock and takes milliseconds; files are
/// written and deleted outside of it.
///
/// What a failed step left behind is undone before the step is tried again: `git worktree add` leaves the branch, or half a
/// record that breaks the whole repository.
actor WorktreeQueue {
    let client: GitClient
    /// Where this repository's worktrees lie: `<worktrees>/<key>`.
    let folder: String
    /// Where removed worktrees wait for deletion, on the file system of `folder`.
    let trash: String
    let section: ExclusiveSection
    /// The author of leftovers' commits.
    let identity: Identity
    private let retry: RetryPolicy
    private let fills: FIFOLock

    /// The queue of a repository.
    ///
    /// - Parameters:
    ///   - client: the repository's client.
    ///   - worktreesFolder: where the worktrees of all repositories lie.
    ///   - identity: the author of leftovers' commits.
    ///   - retry: how often a transient error is tried again.
    ///   - patience: how long another process may hold the lock.
    init(
        client: GitClient,
        worktreesFolder: String,
        identity: Identity = .service,
        retry: RetryPolicy = .git,
        patience: Duration = .seconds(60)
    ) {
        self.client = client
        folder = "\(GitFiles.realPath(worktreesFolder))/\(client.repository.key)"
        trash = "\(GitFiles.realPath(worktreesFolder))/.trash"
        section = ExclusiveSection(path: "\(client.repository.ownFolder)/worktrees.lock", patience: patience)
        self.identity = identity
        self.retry = retry
        fills = FIFOLock(places: Surroundings.processors)
    }

    /// Who is inside the section now.
    var holder: String? { section.holder }
    /// How many wait for it in this process.
    var waiting: Int { section.waiting }
    /// The names of the worktrees that lie in `folder` now.
    func names() -> [String] { GitFiles.names(in: folder) }

    /// Makes a worktree for a run, on the run's branch.
    ///
    /// - Parameters:
    ///   - request: for which run, on which branch, from where.
    ///   - log: hears each failed attempt with git's own words (R20).
    /// - Returns: the worktree, filled and on its branch.
    /// - Throws: `GitError`, after what was begun has been undone.
    func obtain(
        _ request: WorktreeRequest,
        log: @Sendable (String) -> Void
    ) async throws(GitError) -> Worktree {
        let made = try await section.run(as: "obtain \(request.runID)") { () async throws(GitError) in
            try await self.register(request, log: log)
        }
        do {
            try await fill(made.worktree, log: log)
        } catch {
            await tidyUp { (queue) async throws(GitError) in
                try await queue.section.run(as: "undo \(request.runID)") { () async throws(GitError) in
                    try await queue.undo(made)
                }
            }
            throw error
        }
        return made.worktree
    }

    // MARK: - Registration, under the lock

    private func register(
        _ request: WorktreeRequest,
        log: @Sendable (String) -> Void
    ) async throws(GitError) -> Registration {
        var attempt = 1
        while true {
            do {
                return try await attemptRegistration(request, log: log)
            } catch {
                log("making the worktree, attempt \(attempt): \(error.sentence)")
                try await pause(after: attempt, error)
                attempt += 1
            }
        }
    }

    private func attemptRegistration(
        _ request: WorktreeRequest,
        log: @Sendable (String) -> Void
    ) async throws(GitError) -> Registration {
        let name = request.runID.text
        let path = "\(folder)/\(name)"
        try GitFiles.makeFolder(folder, mode: 0o700)
        guard GitFiles.kind(of: path) == nil else { throw .system(operation: "making", path: path, code: EEXIST) }
        try await freeBranch(request.branch, log: log)
        let start = try await startBranch(request)
        let worktree = Worktree(path: path, name: name, branch: request.branch, base: start.base)
        let made = Registration(worktree: worktree, start: start)
        do {
            // The branch exists already, so nothing is written into the user's configuration (no upstream tracking).
            try await client.run(["worktree", "add", "--no-checkout", path, request.branch.text])
            return made
        } catch {
            await tidyUp { (queue) async throws(GitError) in try await queue.undo(made) }
            throw error
        }
    }

    /// Creates or moves the branch by compare-and-swap, and keeps the tip that it had (R21, R49).
    private func startBranch(_ request: WorktreeRequest) async throws(GitError) -> BranchStart {
        let old = try await client.tip(of: request.branch)
        let target = request.targetTip
        guard let old else {
            try await client.updateRef(request.branch.ref, to: target, from: nil)
            return BranchStart(base: target, tip: target, oldTip: nil, keptRef: nil)
        }
        if request.start == .branch {
            let known = try await keptBase(request.base, on: old)
            let base = if let known { known } else { try await client.mergeBase(old, target) ?? target }
            return BranchStart(base: base, tip: old, oldTip: old, keptRef: nil)
        }
        var kept: String?
        if try await !client.isAncestor(old, of: target) {
            let ref = ChantRef.kept(request.spec, request.runID)
            try await client.updateRef(ref, to: old, from: try await client.value(ofRef: ref))
            kept = ref
        }
        if old != target { try await client.updateRef(request.branch.ref, to: target, from: old) }
        return BranchStart(base: target, tip: target, oldTip: old, keptRef: kept)
    }

    /// The base that is known already, unless somebody has moved the branch away from it.
    private func keptBase(_ base: ObjectID?, on tip: ObjectID) async throws(GitError) -> ObjectID? {
        guard let base, try await client.isAncestor(base, of: tip) else { return nil }
        return base
    }

    /// Takes back what a failed making left: record, folder, and the branch as it was.
    private func undo(_ made: Registration) async throws(GitError) {
        try discard(made.worktree)
        let ref = made.worktree.branch.ref
        // Only if it is still where we put it: else somebody works on it.
        guard made.start.oldTip != made.start.tip, try await client.value(ofRef: ref) == made.start.tip else { return }
        try await client.updateRef(ref, to: made.start.oldTip, from: made.start.tip)
        if let kept = made.start.keptRef { try await client.updateRef(kept, to: nil, from: made.start.oldTip) }
    }

    // MARK: - Files, outside of the lock

    private func fill(_ worktree: Worktree, log: @Sendable (String) -> Void) async throws(GitError) {
        let place: FIFOLock.Held
        do { place = try await fills.acquire(as: worktree.name) } catch { throw .cancelled }
        defer { fills.release(place) }
        let tree = client.repository.place(of: worktree)
        var attempt = 1
        while true {
            do {
                try await client.run(
                    ["reset", "--hard", "--quiet"],
                    in: tree.folder,
                    environment: tree.environment,
                    writesWorkTree: true
                )
                return
            } catch {
                log("writing the worktree's files, attempt \(attempt): \(error.sentence)")
                try await pause(after: attempt, error)
                attempt += 1
            }
        }
    }

    /// Waits before the next attempt, or throws `error` where there is none.
    private func pause(after attempt: Int, _ error: GitError) async throws(GitError) {
        switch retry.decide(attempt: attempt, isTransient: error.isTransient, jitter: Surroundings.jitter) {
        case .giveUp: throw error
        case .retry(let pause):
            do { try await Surroundings.sleep(for: pause) } catch { throw .cancelled }
        }
    }

    /// Runs a tidying step to its end; its failure must not hide the error that led to it.
    private func tidyUp(_ step: @escaping @Sendable (WorktreeQueue) async throws(GitError) -> Void) async {
        await withoutCancellation { do { try await step(self) } catch { return } }
    }
}

/// A worktree that was registered, and how its branch came to be where it is.
private struct Registration: Sendable {
    var worktree: Worktree
    var start: BranchStart
}

/// What was done to a run's branch before its worktree was made.
private struct BranchStart: Sendable {
    /// What the run's work counts from.
    var base: ObjectID
    /// Where the branch is now.
    var tip: ObjectID
    /// Where it was; `nil` if there was none.
    var oldTip: ObjectID?
    /// The ref that was made to keep the old tip.
    var keptRef: String?
}

extension Repository {
    /// Where removed records wait for deletion, on the repository's file system.
    var trash: String { "\(ownFolder)/trash" }
}
