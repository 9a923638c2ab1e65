/// What follows a run that did not get to its end: another one after an interruption, or after a failure that passes.
extension Settlement {
    /// How a run ends whose stages ended so: what follows it is known before its spec's status is written.
    func decided(_ failed: StageFailure, _ run: Run) -> StageFailure {
        let failure = retrying(failed, run)
        // A stop that came while the service was stopping, or while the failure was looked at: nothing follows.
        if failure.isFollowed, let asked = run.stopReason { return .stopped(asked) }
        return tooOften(failure, run)
    }

    /// A resume that was interrupted before its agent started leaves its spec paused: the work is as it was (R45).
    private func leavingPaused(_ failure: StageFailure, _ run: Run) -> StageFailure {
        let work = PausedWork(journal: journal, project: drafts.project)
        guard failure.outcome == .interrupted, work.isUntouched(by: run) else { return failure }
        var failure = failure
        failure.specEvent = .pause
        return failure
    }

    /// The failure with the attempt that follows it, where it passes with time and attempts are left (R50).
    private func retrying(_ failed: StageFailure, _ run: Run) -> StageFailure {
        let jitter = Surroundings.jitter
        guard let wait = retries.wait(attempt: run.attempt, cause: failed.transience, jitter: jitter),
            (try? journal.order(run.orderID))?.isStopping != true
        else { return failed }
        var failure = failed
        let moment = clock.moment(after: wait, now: now())
        failure.retry = PlannedRetry(attempts: run.attempt, failedAt: now(), notBefore: moment)
        failure.specEvent = .release
        failure.evidence["retry_at"] = .text(Timestamps.milliseconds(moment.at))
        failure.detail += " It is tried again at \(Timestamps.seconds(moment.at))."
        return failure
    }

    /// An interruption too many is a failure (R45); any other leaves what a resume had not come to touch.
    func tooOften(_ failure: StageFailure, _ run: Run) -> StageFailure {
        guard failure.outcome == .interrupted, run.interruptions >= Self.maximumInterruptions else {
            return leavingPaused(failure, run)
        }
        return StageFailure(
            .interruptedTooOften,
            "The run was interrupted \(run.interruptions + 1) times in this order (last: \(failure.reason.rawValue)).",
            failure.evidence
        )
    }

    /// The queued run that follows: after an interruption at once, after a failure that passes in a while.
    func successor(of run: Run, after failure: StageFailure) -> Run? {
        if failure.outcome == .interrupted {
            return drafts.afterInterruption(of: run, goingOn: failure.leavesPaused)
        }
        return failure.retry.map { drafts.retrying(run, notBefore: $0.notBefore) }
    }
}

extension StageFailure {
    /// Whether somebody will go on in the run's worktree: a person, or the run that follows an interrupted resume (R71).
    var leavesPaused: Bool { outcome == .paused || specEvent == .pause }
}
