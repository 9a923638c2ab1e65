import Foundation
import Logging

/// Finishes by a person's word what a run has left (R59), by the same protocol as a run's own finishing.
struct SpecMerging: Sendable {
    let rooms: ExecutionRooms

    /// Merges the kept work of a spec, while nothing else changes what becomes of it.
    ///
    /// Once begun it goes to its end, whether the one who asked still listens or not.
    func merge(_ spec: SpecID, rebasing: Bool, by person: String?) async throws(MergeError) -> MergeReport {
        try await alone(spec, as: "merge") { () async throws(MergeError) in
            let work = try await admit(spec)
            let lock = try takeLock(of: spec)
            defer { lock.release() }
            return try await finish(work, spec, rebasing: rebasing, by: person)
        }
    }

    /// Does something with the conflict that a merge would meet now, while nobody else looks for it.
    func withConflict<Value: Sendable>(
        of spec: SpecID,
        _ body: @escaping @Sendable (Conflict) async throws(MergeError) -> Value
    ) async throws(MergeError) -> Value {
        try await alone(spec, as: "conflict") { () async throws(MergeError) in
            try await body(try await conflict(of: spec))
        }
    }

    private func conflict(of spec: SpecID) async throws(MergeError) -> Conflict {
        let work = try await admit(spec)
        let old = try await targetTip()
        let path = await KeptWorkSearch(rooms: rooms).path(of: spec)
        let maker = FinishingCommit(client: rooms.git, identity: rooms.finisher.identity, signingKey: nil)
        let result: FinishingResult
        do throws(GitError) {
            result = try await maker.conflict(of: work.tip, with: old, besides: [path])
        } catch {
            throw .git(error)
        }
        guard case .conflict(let files, _, let commits) = result else { throw .noConflict(spec) }
        return Conflict(work: work, target: rooms.target.text, files: files, commits: commits)
    }

    /// What a conflict spec is made of.
    struct Conflict: Sendable {
        let work: KeptWork
        let target: String
        let files: [String]
        /// The run's commits that touch the files, newest first.
        let commits: [ObjectID]
    }

    // MARK: - Gates

    /// R59: the status allows it, nobody works on the spec, its approval is given, and there is something to merge.
    private func admit(_ id: SpecID) async throws(MergeError) -> KeptWork {
        let spec = try await spec(id)
        try refuseLive(id)
        do { try spec.refuse(unlessAllowed: .merge) } catch { throw .spec(error) }
        if let approval = spec.approval {
            if approval.isRejected { throw .refused(.approvalRejected(id, by: approval.by)) }
            if approval.isOpen { throw .refused(.needsApproval(id)) }
        }
        do {
            guard let work = try await KeptWorkSearch(rooms: rooms).latest(of: id) else {
                throw MergeError.nothingKept(id)
            }
            return work
        } catch {
            throw MergeError(error)
        }
    }

    private func spec(_ id: SpecID) async throws(MergeError) -> Spec {
        let spec: Spec
        let index: SpecIndex
        do throws(SpecError) {
            spec = try await rooms.store.read(id).spec()
            index = try await rooms.store.index()
        } catch {
            throw .spec(error)
        }
        guard !SpecGroup.isDriver(spec, in: index) else { throw .driver(id) }
        return spec
    }

    private func refuseLive(_ id: SpecID) throws(MergeError) {
        do {
            guard let live = try rooms.journal.liveRun(of: id, project: rooms.project.path) else { return }
            throw MergeError.refused(.alreadyRunning(live, pid: rooms.journal.agentPID(of: live.id)))
        } catch {
            throw MergeError(error)
        }
    }

    private func takeLock(of spec: SpecID) throws(MergeError) -> SpecLock {
        do {
            return try SpecLock(taking: spec, chantFolder: rooms.project.path)
        } catch let held as SpecLock.Held {
            throw .refused(.lockedByOther(spec, pid: held.pid))
        } catch {
            throw .unexpected("The spec's lock could not be taken: \(error).")
        }
    }

    private func targetTip() async throws(MergeError) -> ObjectID {
        do {
            if let tip = try await rooms.git.tip(of: rooms.target) { return tip }
        } catch {
            throw .git(error)
        }
        throw .refused(.targetMissing(rooms.target.text))
    }

    /// Holds the spec's claim, and is not cancelled.
    private func alone<Value: Sendable>(
        _ spec: SpecID,
        as holder: String,
        _ body: @escaping @Sendable () async throws(MergeError) -> Value
    ) async throws(MergeError) -> Value {
        let claims = rooms.claims
        let result: Result<Value, MergeError> = await withoutCancellation {
            do throws(MergeError) {
                let busy = MergeError.unexpected("The merge was cancelled while it waited.")
                return .success(try await claims.withClaim(of: spec, as: holder, orThrow: busy, body))
            } catch {
                return .failure(error)
            }
        }
        return try result.get()
    }
}

extension SpecMerging {
    // MARK: - Finishing

    private func finish(
        _ work: KeptWork,
        _ spec: SpecID,
        rebasing: Bool,
        by person: String?
    ) async throws(MergeError) -> MergeReport {
        let warnings = RunTraces()
        do throws(StageFailure) {
            let placed = rebasing ? try await rebased(work, spec) : (tip: work.tip, commits: work.commits)
            var finish = try await self.finish(work, spec, at: placed.tip, commits: placed.commits, by: person)
            finish.asksApproval = try await rooms.asksApproval(of: placed.commits, in: work.run)
            let ready = finish
            let commit = try await rooms.settlements.merging { () async throws(StageFailure) in
                try await rooms.finisher.finish(ready, RunControl(), warn: warnings.warn)
            }
            return try await MergedWork(rooms: rooms).record(work, spec, commit, at: placed.tip, warnings.warnings)
        } catch {
            guard !error.isUndecided else { throw .unexpected(error.detail) }
            forget(work.run)
            if error.outcome == .refused, let status = try? await rooms.store.read(spec).spec().status {
                // Somebody wrote another status into the file meanwhile.
                throw .spec(.illegalTransition(InvalidTransition(from: status, event: .merge)))
            }
            return try report(rooms.redactor.masked(error), work)
        }
    }

    /// What the finisher gets: the run as it was, and a person's word.
    private func finish(
        _ work: KeptWork,
        _ spec: SpecID,
        at tip: ObjectID,
        commits: [ObjectID],
        by person: String?
    ) async throws(StageFailure) -> Finish {
        do throws(GitError) {
            let short = try await CommitLog(client: rooms.git).shortHashes(commits)
            return MergedWork(rooms: rooms).finish(work, spec, at: tip, .init(commits: short, by: person))
        } catch {
            throw .unexpected(error, while: "naming the run's commits")
        }
    }

    /// R49: the old tip is kept by a ref before anything else; the branch itself moves only when the work is merged.
    private func rebased(
        _ work: KeptWork,
        _ spec: SpecID
    ) async throws(StageFailure) -> (tip: ObjectID, commits: [ObjectID]) {
        let conflict: (files: [String], target: [ObjectID], run: [ObjectID])
        do throws(GitError) {
            guard let onto = try await rooms.git.tip(of: rooms.target),
                try await !rooms.git.isAncestor(work.tip, of: onto)
            else { return (work.tip, work.commits) }
            let path = await KeptWorkSearch(rooms: rooms).path(of: spec)
            try await rooms.git.keep(work.tip, of: spec, run: work.run.id, at: rooms.now())
            let rebase = Rebase(client: rooms.git, identity: rooms.finisher.identity)
            switch try await rebase.run(work.tip, onto: onto, ownPath: path) {
            case .rebased(let tip):
                let commits = try await CommitLog(client: rooms.git).commits(of: tip, without: [onto])
                return (tip, commits.isEmpty ? work.commits : commits)
            case .conflict(let files):
                let log = CommitLog(client: rooms.git)
                conflict.files = files
                conflict.target = try await log.commits(of: onto, without: work.tip, touching: files)
                conflict.run = try await log.commits(of: work.tip, without: onto, touching: files)
            }
        } catch {
            throw .unexpected(error, while: "rebasing")
        }
        throw StageFailure(
            .mergeConflict,
            "The run's commits cannot be rebased onto \(rooms.target): both changed "
                + "\(conflict.files.joined(separator: ", ")). The branch is kept as it was.",
            [
                "files": .texts(conflict.files), "target_commits": .texts(conflict.target.map(\.hex)),
                "run_commits": .texts(conflict.run.map(\.hex)), "branch": .text(work.run.branch),
                "target": .text(rooms.target.text),
            ]
        )
    }

    private func forget(_ run: Run) {
        do throws(JournalError) { try rooms.journal.forgetFinishing(run: run.id) } catch {
            rooms.logger.error("merge not forgotten", metadata: ["run": "\(run.id)", "error": "\(error)"])
        }
    }

    /// What held the work back this time; what is nobody's decision is an error.
    private func report(_ failure: StageFailure, _ work: KeptWork) throws(MergeError) -> MergeReport {
        switch failure.outcome {
        case .needsAttention:
            return MergeReport(
                run: work.run,
                problem: failure.problem,
                outcome: failure.outcome,
                mergeCommit: nil,
                warnings: []
            )
        case .completed, .failed, .cancelled, .paused, .interrupted, .refused: throw .unexpected(failure.detail)
        }
    }
}
