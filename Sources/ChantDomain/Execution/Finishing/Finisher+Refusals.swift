extension StageFailure {
    /// Whether a finishing commit is on the target could not be found out (R58).
    static func undecided(
        _ commit: ObjectID,
        on target: String,
        of run: Run,
        _ error: GitError,
        after failure: String? = nil
    ) -> StageFailure {
        var result = StageFailure(
            .internalError,
            "git could not say whether the finishing commit \(commit.hex) is on \(target): \(error.sentence) "
                + "Look at \(target); the commit is kept as \(ChantRef.finish(run.id)), the branch as \(run.branch).",
            [
                "commit": .text(commit.hex), "target": .text(target), "branch": .text(run.branch),
                "stderr": .text(error.stderr),
            ]
        )
        if let failure { result.evidence["error"] = .text(failure) }
        result.isUndecided = true
        return result
    }
}

extension Finisher {
    func evidence(_ finish: Finish) -> [String: Evidence] {
        ["branch": .text(finish.run.branch), "target": .text(target.text)]
    }

    func awaitingMerge(_ finish: Finish) -> StageFailure {
        StageFailure(
            .awaitingMerge,
            "The work is done and waits to be merged: the policy is `merge: manual`. The branch is kept.",
            evidence(finish)
        )
    }

    func failure(_ result: TargetMoveResult, _ finish: Finish) -> StageFailure {
        var evidence = evidence(finish)
        switch result {
        case .dirty(let files):
            evidence["files"] = .texts(files)
            return StageFailure(
                .checkoutDirty,
                "Changes in the checkout of \(target) are in the way: \(files.joined(separator: ", ")). "
                    + "Commit or move them; the branch is kept.",
                evidence
            )
        case .busy(let sentence):
            evidence["state"] = .text(sentence)
            return StageFailure(.checkoutBusy, sentence + " The branch is kept.", evidence)
        case .missing:
            return StageFailure(
                .targetMissing,
                "The target branch \(target) was deleted or renamed during the run; the branch is kept.",
                evidence
            )
        case .moved, .lost:
            return StageFailure(.targetMoving, "The target \(target) moved; the branch is kept.", evidence)
        }
    }
}
