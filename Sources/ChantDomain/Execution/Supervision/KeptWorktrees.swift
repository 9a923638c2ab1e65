import Foundation
import Logging

/// Looks after the worktrees that were kept for a person (R53): they go after `server.keep_failed`, what nobody holds
/// being stored first.
struct KeptWorktrees: Sendable {
    let rooms: ExecutionRooms

    private static let pause: Duration = .seconds(600)
    /// A run that settled just now may still be cleaning up after itself.
    private static let cleaningUp: TimeInterval = 60

    /// At start: what no run owns any more is cleared away, and what is due goes.
    ///
    /// - Parameter abandoned: branches of runs that an earlier service left while it made their worktrees.
    func sweepAtStart(abandoned: [BranchName]) async {
        let report = await rooms.worktrees.recoverOwn(live: await kept(), abandoned: abandoned)
        for line in report {
            rooms.logger.info("\(line)")
        }
        do {
            try await dropFinishedBranches()
        } catch {
            rooms.logger.warning("merged branches kept", metadata: ["why": "\(error)"])
        }
    }

    /// Branches of completed runs that a killed service did not come to drop any more.
    private func dropFinishedBranches() async throws {
        let prefix = rooms.configuration.defaults.branchPrefix
        let branches = try await rooms.git.branches(withPrefix: prefix)
        guard !branches.isEmpty else { return }
        for row in try await rooms.store.index().rows {
            guard let spec = row.spec, spec.status == .completed, branches.contains(prefix + spec.id.refComponent),
                let run = try rooms.journal.latestRun(of: spec.id, project: rooms.project.path),
                run.outcome == .completed || run.mergeCommit != nil, let branch = BranchName(run.branch),
                let tip = run.headCommit.flatMap({ ObjectID($0) })
            else { continue }
            try await rooms.worktrees.dropFinished(branch, at: tip, containedIn: rooms.target)
        }
    }

    /// Every ten minutes until the task is cancelled.
    func sweepRegularly() async {
        while !Task.isCancelled {
            do { try await Surroundings.sleep(for: Self.pause) } catch { return }
            await sweep()
        }
    }

    private func sweep() async {
        for name in await rooms.worktrees.names() {
            guard let run = run(named: name), let spec = SpecID(run.specID), await isDue(name) else { continue }
            do throws(GitError) {
                // Whoever is about to go on in it looks for it after it has had the claim.
                try await rooms.claims.withClaim(of: spec, as: "sweep \(name)", orThrow: .cancelled) {
                    () async throws(GitError) in
                    guard await isDue(name), let worktree = worktree(of: run, named: name) else { return }
                    _ = try await rooms.worktrees.giveBack(worktree, run: run.id, holding: .remove)
                }
            } catch {
                rooms.logger.warning("worktree kept", metadata: ["run": "\(run.id)", "why": "\(error)"])
            }
        }
    }

    /// Whether nobody works, or will soon work, in the worktree, and its time has come.
    private func isDue(_ name: String) async -> Bool {
        guard let run = run(named: name), !run.state.isLive, let spec = SpecID(run.specID) else { return false }
        do {
            guard try rooms.journal.liveRun(of: spec, project: run.projectPath) == nil else { return false }
        } catch {
            return false
        }
        return await isDue(run, after: Self.cleaningUp)
    }

    /// The worktrees that stay: kept for a person, or of a run that is not ours to judge — of another project that shares
    /// the state folder, or of another service in the same repository (R70).
    private func kept() async -> Set<String> {
        var kept: Set<String> = []
        for name in await rooms.worktrees.names() {
            if let run = run(named: name), run.projectPath == rooms.project.path, !run.state.isLive,
                await isDue(run, after: 0)
            {
                continue
            }
            kept.insert(name)
        }
        return kept
    }

    private func isDue(_ run: Run, after quiet: TimeInterval) async -> Bool {
        guard let finished = run.finishedAt else { return true }
        if run.outcome == .paused, run.worktree != nil, await isPaused(run) { return false }
        let keeps = run.outcome == .failed || run.outcome == .needsAttention || run.outcome == .paused
        let limit = rooms.configuration.server.keepFailed / .seconds(1)
        return rooms.now().timeIntervalSince(finished) >= (keeps ? max(limit, quiet) : quiet)
    }

    /// Whether somebody may still go on with it (R71); a file that cannot be read is no reason to let its work go.
    private func isPaused(_ run: Run) async -> Bool {
        guard let spec = SpecID(run.specID) else { return false }
        do throws(SpecError) {
            return try await rooms.store.read(spec).spec().status == .paused
        } catch {
            if case .notFound = error { return false }
            return true
        }
    }

    /// The run that used a worktree last: the one that it is named after, or a later one that went on there.
    private func run(named name: String) -> Run? {
        guard let first = RunID(name).flatMap({ try? rooms.journal.run($0) }) else { return nil }
        return rooms.pausedWork.last(onWorktreeOf: first)
    }

    private func worktree(of run: Run, named name: String) -> Worktree? {
        guard let branch = BranchName(run.branch), let base = run.baseCommit.flatMap({ ObjectID($0) }) else {
            return nil
        }
        return Worktree(path: rooms.worktrees.folder + "/" + name, name: name, branch: branch, base: base)
    }
}
