import Foundation
import Logging

/// A run whose commits are known and may be merged.
struct CollectedRun: Sendable {
    let invoked: InvokedRun
    let run: Run
    let commits: RunCommits
    /// The spec's bytes as the agent left them in the worktree; `nil` where it removed the file.
    let left: [UInt8]?

    fileprivate init(invoked: InvokedRun, run: Run, commits: RunCommits, left: [UInt8]?) {
        self.invoked = invoked
        self.run = run
        self.commits = commits
        self.left = left
    }
}

extension SpecExecutor {
    /// Stage 4: which commits the agent made, what it left uncommitted, and what it must not have changed (R51–R56).
    func collectCommits(_ invoked: InvokedRun, _ context: RunContext) async throws(StageFailure) -> CollectedRun {
        _ = try enter(.collectCommits, .settling, context)
        let place = invoked.place
        let left = try keepSpec(of: place, context)
        let commits = try await settledCommits(of: invoked, context)
        context.traces.commits = commits
        let run = try enter(.collectCommits, .settling, context) { run in
            run.headCommit = commits.tip?.hex
            run.commits = commits.commits.map(\.hex)
        }
        try checkBranch(commits)
        try await checkLeftovers(commits, place, context)
        try await ForbiddenChanges(
            rooms: rooms,
            spec: context.spec,
            specPath: context.specPath,
            placed: place.placed,
            original: await rooms.conflictOriginal(place.placed)
        ).check(commits)
        guard !commits.commits.isEmpty || run.options.allowNoCommits else {
            throw StageFailure(.noCommits, "The agent ended well but made no commit.", ["branch": .text(run.branch)])
        }
        await noteChangedCheckout(place, context)
        return CollectedRun(invoked: invoked, run: run, commits: commits, left: left)
    }

    /// Keeps the spec as the agent left it in the run's folder (R57: a later merge needs it).
    private func keepSpec(of place: RunPlace, _ context: RunContext) throws(StageFailure) -> [UInt8]? {
        do throws(FileError) {
            guard let bytes = try SpecCopy(worktree: place.worktree, path: context.specPath).read() else {
                return nil
            }
            try LocalFileSystem().replace(bytes, at: place.folder.specAfterFile, mode: 0o600)
            return bytes
        } catch {
            guard error.isNotRegularFile else { throw .unexpected(error, while: "reading the spec in the worktree") }
            throw StageFailure(
                .specEdited,
                "The agent put something else in the place of the spec's file; the branch is kept.",
                ["parts": .texts(["file"])]
            )
        }
    }

    /// The run's commits, after those that the service makes for the agent where `server.uncommitted` says so (R52).
    private func settledCommits(of invoked: InvokedRun, _ context: RunContext) async throws(StageFailure) -> RunCommits
    {
        let found = try await commits(of: invoked.place, context)
        guard rooms.configuration.server.uncommitted == .commit, !found.uncommitted.isEmpty,
            found.headLeftBranch == nil
        else { return found }
        do throws(GitError) {
            try await context.traces.timingGit { () async throws(GitError) in
                try await rooms.git.commitForAgent(
                    invoked.place.worktree,
                    message: "chant(\(context.spec)): what the agent left uncommitted",
                    environment: invoked.environment,
                    specPath: context.specPath
                )
            }
        } catch {
            throw StageFailure(
                .uncommittedChanges,
                "The changes that the agent left uncommitted could not be committed for it: \(error.sentence)",
                [
                    "files": .texts(found.uncommitted), "worktree": .text(invoked.place.worktree.path),
                    "stderr": .text(error.stderr),
                ]
            )
        }
        context.traces.warn(
            RunWarning(
                .uncommittedChanges,
                "The service committed for the agent what it had left uncommitted.",
                paths: found.uncommitted
            )
        )
        return try await commits(of: invoked.place, context)
    }

    private func commits(of place: RunPlace, _ context: RunContext) async throws(StageFailure) -> RunCommits {
        do {
            return try await context.traces.timingGit { () async throws(GitError) in
                try await CommitLog(client: rooms.git).collect(
                    place.worktree,
                    target: rooms.target,
                    from: place.since,
                    to: rooms.now(),
                    specPath: context.specPath,
                    merging: try await rooms.conflictSource(place.placed)
                )
            }
        } catch {
            throw .unexpected(error, while: "collecting the run's commits")
        }
    }

    private func checkBranch(_ commits: RunCommits) throws(StageFailure) {
        guard let head = commits.headLeftBranch else { return }
        throw StageFailure(
            .leftBranch,
            "The worktree's HEAD is not the run's branch and has commits that the branch lacks; nothing was merged.",
            ["head": .text(head.hex)]
        )
    }

    private func checkLeftovers(
        _ commits: RunCommits,
        _ place: RunPlace,
        _ context: RunContext
    ) async throws(StageFailure) {
        if commits.agentMovedTarget {
            context.traces.warn(
                RunWarning(.agentMovedTarget, "The agent brought its commits to \(rooms.target) itself.")
            )
        }
        if !commits.untracked.isEmpty {
            context.traces.warn(
                RunWarning(.untrackedFiles, "The agent left untracked files in its worktree.", paths: commits.untracked)
            )
        }
        guard !commits.uncommitted.isEmpty else { return }
        switch rooms.configuration.server.uncommitted {
        case .report:
            context.traces.warn(
                RunWarning(.uncommittedChanges, "The agent left changes uncommitted.", paths: commits.uncommitted)
            )
        case .attention, .commit:
            throw StageFailure(
                .uncommittedChanges,
                "The agent left changes to tracked files uncommitted; they stay in the worktree.",
                ["files": .texts(commits.uncommitted), "worktree": .text(place.worktree.path)]
            )
        }
    }

    /// R54: a change in the main checkout that no neighbour's merge explains is worth a warning.
    private func noteChangedCheckout(_ place: RunPlace, _ context: RunContext) async {
        let after = await CheckoutFingerprint(rooms)
        let paths = await after.changed(since: place.checkoutBefore, rooms)
        guard !paths.isEmpty else { return }
        let more = paths.count > Self.namedPaths ? " The first \(Self.namedPaths) of \(paths.count) are named." : ""
        context.traces.warn(
            RunWarning(
                .mainCheckoutChanged,
                "Files of the main checkout changed while the agent ran." + more,
                paths: Array(paths.prefix(Self.namedPaths))
            )
        )
    }

    /// A checkout that somebody switched to another branch may differ in any number of files.
    private static var namedPaths: Int { 200 }
}

/// What the project's checkout looked like apart from specs and logs, and what runs had done to it by then (R54).
struct CheckoutFingerprint: Sendable {
    private let state: CheckoutState?
    /// Merges and settlements that were over before the look, and those begun after it: it takes its time.
    private let runs: (over: Int, begun: Int)

    /// What is known where nobody of this service looked: nothing that could be compared.
    static let unknown = CheckoutFingerprint()

    private init() {
        state = nil
        runs = (0, 0)
    }

    /// Looks at the checkout now; knows nothing where git cannot say.
    init(_ rooms: ExecutionRooms) async {
        let over = rooms.settlements.over
        do {
            state = try await rooms.git.checkoutState()
        } catch {
            rooms.logger.debug("checkout not looked at", metadata: ["why": "\(error)"])
            state = nil
        }
        runs = (over, rooms.settlements.begun)
    }

    /// The paths whose state differs, also by commits that HEAD has now, unless another run was merged or settled meanwhile.
    func changed(since before: CheckoutFingerprint, _ rooms: ExecutionRooms) async -> [String] {
        guard let state, let then = before.state, runs.begun == before.runs.over else { return [] }
        var paths = Set(state.changedPaths(since: then))
        if let old = then.head, let new = state.head, old != new {
            do {
                let repository = rooms.git.repository
                paths.formUnion(
                    try await rooms.git.changes(from: old, to: new).map(\.path).filter { !repository.isBusy($0) }
                )
            } catch {
                rooms.logger.debug("commits in the checkout not looked at", metadata: ["why": "\(error)"])
            }
        }
        return paths.sorted()
    }
}
