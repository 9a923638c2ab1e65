import Foundation
import Logging

/// The last steps of a merge by a person's word, and the same steps at the next start (R58, R59).
///
/// Of a merge the journal has the run's `merge_commit` and the event of its spec; the run's outcome stays what it was,
/// since every run has one.
struct MergedWork: Sendable {
    let rooms: ExecutionRooms

    /// What the finisher gets: the run as it was, and a person's word.
    func finish(_ work: KeptWork, _ spec: SpecID, at tip: ObjectID, _ word: FinishingRecord.Merge) -> Finish {
        let run = work.run
        return Finish(
            run: run,
            spec: spec,
            placed: work.placed,
            left: work.left,
            branchTip: tip,
            commits: word.commits,
            model: ModelChoice.recorded(reported: nil, asked: run.model, agent: run.agent),
            criteria: run.options.criteria ?? rooms.configuration.server.criteria,
            merge: .auto,
            word: word
        )
    }

    /// The journal, then what is not needed any more: the ref that held M, the worktree, the branch.
    ///
    /// - Throws: where the work is on the target and the spec's file could not be written: the next start does.
    func record(
        _ work: KeptWork,
        _ spec: SpecID,
        _ commit: ObjectID?,
        at tip: ObjectID,
        _ warnings: [RunWarning]
    ) async throws(StageFailure) -> MergeReport {
        if let unwritten = warnings.first(where: { $0.code == .statusNotWritten }) {
            var failure = StageFailure(.internalError, "The work is on \(rooms.target). \(unwritten.detail)")
            failure.isUndecided = true
            throw failure
        }
        let masked = warnings.map { rooms.redactor.masked($0) }
        let run: Run
        do {
            run = try rooms.journal.update(work.run.id, from: [.settled]) { run in
                run.mergeCommit = commit?.hex
                run.warnings += masked
            }
            try rooms.journal.forgetFinishing(run: run.id)
        } catch {
            var failure = StageFailure.unexpected(error, while: "journaling a merge that is on \(rooms.target)")
            failure.isUndecided = true
            throw failure
        }
        rooms.folder(of: run.id).noteDetails(run)
        rooms.settlements.add()
        await rooms.finisher.dropFinishRef(of: run.id)
        await tidyUp(work, spec, mergedAt: tip)
        rooms.logger.info("merged", metadata: ["spec": "\(spec)", "run": "\(run.id)"])
        return MergeReport(run: run, problem: nil, outcome: .completed, mergeCommit: commit?.hex, warnings: masked)
    }

    /// The spec's worktrees go, what nobody holds being stored first (R53), then the branch.
    private func tidyUp(_ work: KeptWork, _ spec: SpecID, mergedAt tip: ObjectID) async {
        let path = await KeptWorkSearch(rooms: rooms).path(of: spec)
        if let worktree = Worktree(of: work.run), FileManager.default.fileExists(atPath: worktree.path) {
            do {
                _ = try await rooms.worktrees.giveBack(
                    worktree,
                    run: work.run.id,
                    holding: .remove,
                    placed: [PlacedFile(path: path, bytes: work.left), PlacedFile(path: path, bytes: work.placed)]
                )
            } catch {
                rooms.logger.warning(
                    "worktree kept",
                    metadata: ["run": "\(work.run.id)", "path": "\(worktree.path)", "why": "\(error)"]
                )
            }
        }
        do {
            try await dropBranch(work, mergedAt: tip)
        } catch {
            rooms.logger.warning("merged branch kept", metadata: ["branch": "\(work.run.branch)", "why": "\(error)"])
        }
    }

    /// A rebased branch first takes the place of the old one, whose tip a ref keeps (R49).
    private func dropBranch(_ work: KeptWork, mergedAt tip: ObjectID) async throws(GitError) {
        guard let branch = BranchName(work.run.branch), try await rooms.git.tip(of: branch) == work.tip else { return }
        if tip != work.tip {
            guard try await rooms.git.worktreesUsing(branch).isEmpty else { return }
            try await rooms.git.updateRef(branch.ref, to: tip, from: work.tip)
        }
        try await rooms.worktrees.dropFinished(branch, at: tip, containedIn: rooms.target)
    }
}

extension Recovery {
    /// Decides the merges that an earlier service left: done where M is on the target, else as if never asked for (R58).
    func decideMerges() async {
        do {
            for (run, record) in try rooms.journal.unfinishedMerges(project: rooms.project.path) {
                guard let spec = SpecID(run.specID) else { continue }
                do {
                    try await decide(run, spec, record)
                } catch {
                    // Its ref and its record stay for the next start.
                    rooms.logger.error("merge undecided", metadata: ["run": "\(run.id)", "error": "\(error)"])
                }
            }
        } catch {
            rooms.logger.error("merges not looked at", metadata: ["error": "\(error)"])
        }
    }

    private func decide(_ run: Run, _ spec: SpecID, _ record: FinishingRecord) async throws {
        SpecLock.releaseStale(spec, chantFolder: rooms.project.path)
        let merged = MergedWork(rooms: rooms)
        let tip = ObjectID(record.tip)
        guard try await isCommitted(record), let word = record.merge, let tip,
            let work = try await KeptWorkSearch(rooms: rooms).work(of: run, spec, at: tip)
        else {
            await rooms.finisher.undo(run)
            return try rooms.journal.forgetFinishing(run: run.id)
        }
        let commit = record.commit.flatMap { ObjectID($0) }
        let finish = merged.finish(work, spec, at: tip, word)
        let warnings = await rooms.finisher.completeFiles(finish, commit: commit, keepingRef: true)
        _ = try await merged.record(work, spec, commit, at: tip, warnings)
    }
}
