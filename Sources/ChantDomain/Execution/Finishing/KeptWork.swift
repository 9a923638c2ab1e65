import Foundation

/// What a run that did not complete has left to be merged: its branch's commits, and the spec as it was and as it became.
struct KeptWork: Sendable {
    let run: Run
    /// The commit that its work counts from.
    let base: ObjectID
    /// The last of its commits.
    let tip: ObjectID
    /// Its commits, oldest first (R51).
    let commits: [ObjectID]
    /// The spec's bytes as placed in the worktree at prepare.
    let placed: [UInt8]
    /// The spec's bytes as the agent left them.
    let left: [UInt8]
}

/// Finds the work that a spec's runs have left.
struct KeptWorkSearch: Sendable {
    let rooms: ExecutionRooms

    /// How many runs are looked through.
    private static let runsLookedAt = 50

    /// The work of the spec's latest run that has commits; `nil` where there is none, or where that run was merged.
    ///
    /// The branch is that of the latest run; what an older one had committed is named by its stored commit, or by the ref
    /// that kept it when the next one started afresh (R49).
    func latest(of spec: SpecID) async throws -> KeptWork? {
        let query = RunQuery(
            projectPath: rooms.project.path,
            specID: spec.text,
            states: [.settled],
            limit: Self.runsLookedAt
        )
        var newer: Run?
        for run in try rooms.journal.runs(query).items where run.baseCommit != nil && run.outcome != .refused {
            if run.outcome == .completed || run.mergeCommit != nil { return nil }
            if let tip = try await tip(of: run, spec, before: newer),
                let work = try await work(of: run, spec, at: tip), run.mayBeMerged
            {
                return work
            }
            newer = run
        }
        return nil
    }

    /// A run's work up to a commit; `nil` where there is none.
    func work(of run: Run, _ spec: SpecID, at tip: ObjectID) async throws(GitError) -> KeptWork? {
        guard let base = run.baseCommit.flatMap({ ObjectID($0) }), tip != base else { return nil }
        let commits = try await commits(of: run, from: base, to: tip)
        guard !commits.isEmpty else { return nil }
        let path = await path(of: spec)
        let placed = try await placed(run, path, base)
        return KeptWork(
            run: run,
            base: base,
            tip: tip,
            commits: commits,
            placed: placed,
            left: try await left(run, path, at: tip) ?? placed
        )
    }

    /// Where the spec's file lies inside the repository.
    func path(of spec: SpecID) async -> String { await rooms.finisher.specs.path(of: spec) ?? rooms.specPath(spec) }

    /// Where the run's work ends: the branch, as long as no later run has started it afresh.
    func tip(of run: Run, _ spec: SpecID, before newer: Run?) async throws(GitError) -> ObjectID? {
        let stored = run.headCommit.flatMap { ObjectID($0) }
        guard let newer else {
            guard let branch = BranchName(run.branch) else { return stored }
            return try await rooms.git.tip(of: branch) ?? stored
        }
        if let stored { return stored }
        return try await rooms.git.value(ofRef: ChantRef.kept(spec, newer.id))
    }

    /// R51; of a branch that is on the target already, all that the run had made.
    private func commits(of run: Run, from base: ObjectID, to tip: ObjectID) async throws(GitError) -> [ObjectID] {
        let log = CommitLog(client: rooms.git)
        let target = try await rooms.git.tip(of: rooms.target)
        let own = try await log.commits(of: tip, without: [base, target].compactMap(\.self))
        if !own.isEmpty { return own }
        let stored = run.commits.compactMap { ObjectID($0) }
        return stored.isEmpty ? try await log.commits(of: tip, without: [base]) : stored
    }

    /// From the run's folder; where retention has dropped that, as the base has it.
    private func placed(_ run: Run, _ path: String, _ base: ObjectID) async throws(GitError) -> [UInt8] {
        if let kept = try? LocalFileSystem().read(rooms.folder(of: run.id).specBeforeFile) { return kept }
        return try await rooms.git.contents(of: path, in: base) ?? []
    }

    /// As the run's last look at the worktree kept it; else from a worktree that is still there; else as committed.
    ///
    /// Who goes on with the branch by hand may tick boxes there: then the branch's own file counts.
    private func left(_ run: Run, _ path: String, at tip: ObjectID) async throws(GitError) -> [UInt8]? {
        let committed = try await rooms.git.contents(of: path, in: tip)
        if let head = run.headCommit.flatMap({ ObjectID($0) }) {
            let earlier = head == tip ? committed : try await rooms.git.contents(of: path, in: head)
            if committed != earlier { return committed }
        }
        let files = LocalFileSystem()
        if let kept = try? files.read(rooms.folder(of: run.id).specAfterFile) { return kept }
        if let worktree = Worktree(of: run), let copy = try? SpecCopy(worktree: worktree, path: path).read() {
            return copy
        }
        return committed
    }
}
