import Foundation
import Logging

/// The finishing protocol F1–F4 (ARCHITECTURE.md, "The life of a run"): one commit on the target, then the files in the checkout.
///
/// F5, outcome and events, is the one `Settlement`.
struct Finisher: Sendable {
    let journal: Journal
    let lifecycle: SpecLifecycle
    let git: GitClient
    let target: BranchName
    let targets: TargetLocks
    let specs: FinishedSpec
    let identity: Identity
    let signingKey: String?
    let logger: Logger
    let now: @Sendable () -> Date

    /// How often a target that moved meanwhile is tried again before the run ends as `target-moving`.
    private static let rounds = 5

    /// Brings a run's work onto the target and completes its spec.
    ///
    /// - Returns: the finishing commit; `nil` where there was nothing to commit.
    func finish(
        _ finish: Finish,
        _ control: RunControl,
        warn: @Sendable (RunWarning) -> Void
    ) async throws(StageFailure) -> ObjectID? {
        try await targets.withLock(
            target,
            holder: finish.run.id.text,
            orThrow: { StageFailure.unexpected($0, while: "waiting for the target's lock") },
            { () async throws(StageFailure) -> ObjectID? in
                do throws(StageFailure) {
                    return try await rounds(finish, control, warn)
                } catch {
                    // Wherever it stopped: a commit that did not reach the target is let go.
                    if !error.isUndecided { await dropFinishRef(of: finish.run.id) }
                    throw error
                }
            }
        )
    }

    private func rounds(
        _ finish: Finish,
        _ control: RunControl,
        _ warn: @Sendable (RunWarning) -> Void
    ) async throws(StageFailure) -> ObjectID? {
        for _ in 1...Self.rounds {
            if let done = try await round(finish, control, warn) { return done.commit }
        }
        throw StageFailure(
            .targetMoving,
            "The target \(target) moved \(Self.rounds) times while the run was being finished; the branch is kept.",
            evidence(finish)
        )
    }

    /// One attempt on the target's present tip; `nil` when somebody else moved it meanwhile.
    private func round(
        _ finish: Finish,
        _ control: RunControl,
        _ warn: @Sendable (RunWarning) -> Void
    ) async throws(StageFailure) -> (commit: ObjectID?, Void)? {
        try control.checkpoint()
        let moment = Timestamps.seconds(now())
        let old = try await targetTip(finish)
        let computed = try await specs.compute(finish, at: moment, onto: old)
        if computed.lacksApproval { throw await askingForApproval(finish) }
        if finish.merge == .manual { throw awaitingMerge(finish) }
        let plan = try await makeCommit(finish, computed, onto: old)
        let record = FinishingRecord(
            target: target.text,
            old: old.hex,
            tip: (finish.branchTip ?? old).hex,
            commit: plan?.commit.hex,
            merge: finish.word
        )
        try journal(record, finish)
        try control.beginMove()
        let result: TargetMoveResult
        do throws(StageFailure) {
            result = try await announcing(plan, old) { () async throws(StageFailure) in
                try await move(plan, record, old: old, finish)
            }
        } catch {
            result = try await decide(plan, after: error, finish, control)
        }
        control.endMove(committed: result == .moved)
        if case .lost = result { return nil }
        guard result == .moved else {
            // A stop that came meanwhile was told that it counts (R58).
            try control.checkpoint()
            throw failure(result, finish)
        }
        computed.warnings.forEach(warn)
        await writeFiles(computed, finish, at: moment).forEach(warn)
        // Of a merge the ref goes when the journal says that it is done.
        if finish.word == nil { await dropFinishRef(of: finish.run.id) }
        return (plan?.commit, ())
    }

    /// What counts is where the target is (R58), not whether git could tell in the end.
    ///
    /// Where that cannot be found out either, the run ends with what is known, and its commit is kept: it may not start
    /// again, since its work may be on the target, and a stop comes too late.
    private func decide(
        _ plan: FinishingPlan?,
        after failure: StageFailure,
        _ finish: Finish,
        _ control: RunControl
    ) async throws(StageFailure) -> TargetMoveResult {
        var isMoved = false
        if let plan {
            do throws(GitError) {
                isMoved = try await git.isReachable(plan.commit, from: target)
            } catch {
                control.endMove(committed: true)
                throw .undecided(plan.commit, on: target.text, of: finish.run, error, after: failure.detail)
            }
        }
        if isMoved { return .moved }
        control.endMove(committed: false)
        // Else the person's index would be in the way of every later move of these files (R23).
        await undo(finish.run)
        try control.checkpoint()
        throw failure
    }

    private func targetTip(_ finish: Finish) async throws(StageFailure) -> ObjectID {
        do throws(GitError) {
            if let tip = try await git.tip(of: target) { return tip }
        } catch {
            throw .unexpected(error, while: "resolving the target")
        }
        throw failure(.missing, finish)
    }

    /// F2: the finishing commit; `nil` where neither commits nor a file that git may hold are there.
    private func makeCommit(
        _ finish: Finish,
        _ computed: FinishedSpecs,
        onto old: ObjectID
    ) async throws(StageFailure) -> FinishingPlan? {
        let message = "chant: complete \(finish.spec)\n\nChant-Spec: \(finish.spec)\nChant-Run: \(finish.run.id)\n"
        let result: FinishingResult
        do throws(GitError) {
            result = try await FinishingCommit(client: git, identity: identity, signingKey: signingKey).make(
                onto: old,
                branchTip: finish.branchTip,
                files: computed.files.map { FinishedFile(path: $0.path, bytes: $0.finished) },
                message: message,
                run: finish.run.id,
                keeping: finish.keeping
            )
        } catch {
            throw .unexpected(error, while: "making the finishing commit")
        }
        switch result {
        case .made(let plan): return plan
        case .nothing: return nil
        case .conflict(let files, let targetCommits, let runCommits):
            let more: [String: Evidence] = [
                "files": .texts(files), "target_commits": .texts(targetCommits.map(\.hex)),
                "run_commits": .texts(runCommits.map(\.hex)),
            ]
            throw StageFailure(
                .mergeConflict,
                "The run's commits conflict with \(target) in \(files.joined(separator: ", ")); the branch is kept.",
                evidence(finish).merging(more) { first, _ in first }
            )
        }
    }

    private func journal(_ record: FinishingRecord, _ finish: Finish) throws(StageFailure) {
        do throws(JournalError) {
            try journal.recordFinishing(run: finish.run.id, record)
        } catch {
            throw .unexpected(error, while: "journaling the finishing commit")
        }
    }

    /// F3: moves the target; the index entries' earlier values are journaled before they change.
    private func move(
        _ plan: FinishingPlan?,
        _ record: FinishingRecord,
        old: ObjectID,
        _ finish: Finish
    ) async throws(StageFailure) -> TargetMoveResult {
        guard let plan else {
            var done = record
            done.isWithoutCommit = true
            try journal(done, finish)
            return .moved
        }
        do throws(GitError) {
            return try await TargetMove(client: git).move(target, from: old, to: plan.commit, specFiles: plan.blobs) {
                (entries) throws(GitError) in
                var noted = record
                noted.indexEntries = entries.map { .init(path: $0.path, mode: $0.mode, blob: $0.blob?.hex) }
                do throws(JournalError) {
                    try journal.recordFinishing(run: finish.run.id, noted)
                } catch {
                    throw .malformed("the journal did not take the index entries: \(error)")
                }
            }
        } catch {
            throw .unexpected(error, while: "moving the target")
        }
    }

    func dropFinishRef(of run: RunID) async {
        do throws(GitError) {
            try await git.dropFinishRef(run)
        } catch {
            logger.warning("finishing ref not dropped", metadata: ["run": "\(run)", "why": "\(error.sentence)"])
        }
    }
}
