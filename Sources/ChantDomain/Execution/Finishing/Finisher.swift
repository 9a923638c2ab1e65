import Foundation
import Logging

/// The finishing protocol F1–F4 (`architecture.md` §1.4): one commit on the target, then the files in the checkout.
struct Finisher: Sendable {
    let journal: Journal
    let store: SpecStore
    let lifecycle: SpecLifecycle
    let git: GitClient
    let target: BranchName
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
        let lock: TargetLock.Holding
        do {
            lock = try await git.lockTarget(target, holder: finish.run.id.text)
        } catch {
            throw .unexpected(error, while: "waiting for the target's lock")
        }
        do throws(StageFailure) {
            let commit = try await finishLocked(finish, control, warn)
            await lock.release()
            return commit
        } catch {
            await lock.release()
            throw error
        }
    }

    private func finishLocked(
        _ finish: Finish,
        _ control: RunControl,
        _ warn: @Sendable (RunWarning) -> Void
    ) async throws(StageFailure) -> ObjectID? {
        for _ in 1...Self.rounds {
            try control.checkpoint()
            let moment = Timestamps.seconds(now())
            let old = try await targetTip()
            let computed = try await specs.compute(finish, at: moment)
            if finish.merge == .manual { throw Self.awaitingMerge(finish) }
            let plan = try await makeCommit(finish, computed, onto: old)
            try journalPlan(finish, plan, old)
            try control.beginMove()
            let outcome = await moved(plan, computed, old: old, finish)
            switch outcome {
            case .success(.moved):
                control.endMove(committed: true)
                computed.warnings.forEach(warn)
                await writeFiles(computed, finish, at: moment)
                await git.dropFinishRef(run: finish.run.id)
                return plan?.commit
            case .success(.lost):
                control.endMove(committed: false)
                continue
            case .success(let refusal):
                control.endMove(committed: false)
                await git.dropFinishRef(run: finish.run.id)
                throw Self.failure(refusal, target: target, finish)
            case .failure(let error):
                control.endMove(committed: false)
                throw .unexpected(error, while: "moving the target")
            }
        }
        throw StageFailure(
            .targetMoving, "The target \(target) moved \(Self.rounds) times while the run was being finished; the branch is kept.",
            ["target": .text(target.text), "branch": .text(finish.run.branch)])
    }

    private func targetTip() async throws(StageFailure) -> ObjectID {
        do {
            if let tip = try await git.tip(of: target) { return tip }
        } catch {
            throw .unexpected(error, while: "resolving the target")
        }
        throw StageFailure(
            .targetMissing, "The target branch \(target) was deleted or renamed during the run; the branch is kept.",
            ["target": .text(target.text)])
    }

    /// F2: the finishing commit; `nil` where neither commits nor a file that git may hold are there.
    private func makeCommit(
        _ finish: Finish,
        _ computed: FinishedSpecs,
        onto old: ObjectID
    ) async throws(StageFailure) -> FinishingPlan? {
        let message = "chant: complete \(finish.spec)\n\nChant-Spec: \(finish.spec)\nChant-Run: \(finish.run.id)\n"
        do {
            let files = computed.files.map { FinishedFile(path: git.repository.prefix + $0.path, bytes: $0.finished) }
            let result = try await FinishingCommit(client: git).make(
                onto: old, branchTip: finish.branchTip, files: files, message: message, identity: identity,
                signingKey: signingKey, run: finish.run.id)
            switch result {
            case .made(let plan): return plan
            case .nothing: return nil
            case .conflict(let files, let targetCommits, let runCommits):
                throw StageFailure(
                    .mergeConflict, "The run's commits conflict with the target \(target) in \(files.count) files; the branch is kept.",
                    [
                        "files": .texts(files), "target_commits": .texts(targetCommits), "run_commits": .texts(runCommits),
                        "branch": .text(finish.run.branch),
                    ])
            }
        } catch let failure as StageFailure {
            throw failure
        } catch {
            throw .unexpected(error, while: "making the finishing commit")
        }
    }

    private func journalPlan(_ finish: Finish, _ plan: FinishingPlan?, _ old: ObjectID) throws(StageFailure) {
        do {
            try journal.recordFinishing(
                run: finish.run.id,
                FinishingRecord(
                    target: target.text, old: old.text, tip: (finish.branchTip ?? old).text, commit: plan?.commit.text))
        } catch {
            throw .unexpected(error, while: "journaling the finishing commit")
        }
    }

    /// F3: moves the target; the index entries' earlier values are journaled before they change.
    private func moved(
        _ plan: FinishingPlan?,
        _ computed: FinishedSpecs,
        old: ObjectID,
        _ finish: Finish
    ) async -> Result<TargetMoveOutcome, any Error> {
        do {
            guard let plan else {
                try journal.recordFinishing(
                    run: finish.run.id,
                    FinishingRecord(target: target.text, old: old.text, tip: old.text, isWithoutCommit: true))
                return .success(.moved)
            }
            let outcome = try await TargetMove(client: git).move(target, from: old, to: plan) { entries in
                try journal.recordFinishing(
                    run: finish.run.id,
                    FinishingRecord(
                        target: target.text, old: old.text, tip: (finish.branchTip ?? old).text, commit: plan.commit.text,
                        indexEntries: entries.map { FinishingRecord.IndexEntry($0) }))
            }
            return .success(outcome)
        } catch {
            return .failure(error)
        }
    }

    /// F4: the finished bytes over the files in the project's checkout.
    ///
    /// The commit is on the target: nothing here undoes that, so what cannot be written is logged, and the next
    /// start of the service finishes it.
    func writeFiles(_ computed: FinishedSpecs, _ finish: Finish, at moment: String) async {
        for file in computed.files {
            do {
                try await lifecycle.writeFinished(file.spec, expecting: file.before, finished: file.finished) { current in
                    guard file.spec == finish.spec else { return try SpecLifecycle.completingDriver(SpecDocument(bytes: current), completedAt: moment).bytes }
                    return try await specs.again(finish, onto: current, at: moment)
                }
            } catch {
                logger.error("finished spec not written", metadata: ["spec": "\(file.spec)", "error": "\(error)"])
            }
        }
    }

    private static func awaitingMerge(_ finish: Finish) -> StageFailure {
        StageFailure(
            .awaitingMerge, "The work is done and waits to be merged: the policy is `merge: manual`. The branch is kept.",
            ["branch": .text(finish.run.branch)])
    }

    private static func failure(_ refusal: TargetMoveOutcome, target: BranchName, _ finish: Finish) -> StageFailure {
        let branch: [String: Evidence] = ["branch": .text(finish.run.branch), "target": .text(target.text)]
        switch refusal {
        case .dirty(let files):
            return StageFailure(
                .checkoutDirty, "Changes in the checkout of \(target) are in the way; commit or move them, the branch is kept.",
                branch.merging(["files": .texts(files)]) { first, _ in first })
        case .busy(let what):
            return StageFailure(
                .checkoutBusy, "The checkout of \(target) is in the middle of something: \(what). The branch is kept.",
                branch.merging(["state": .text(what)]) { first, _ in first })
        case .missing:
            return StageFailure(.targetMissing, "The target \(target) was deleted during the run; the branch is kept.", branch)
        case .moved, .lost:
            return StageFailure(.targetMoving, "The target \(target) moved; the branch is kept.", branch)
        }
    }
}
