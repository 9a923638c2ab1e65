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
