/// What follows a run that did not get to its end: another one after an interruption, or after a failure that passes.
extension Settlement {
    /// How a run ends whose stages ended so: what follows it is known before its spec's status is written.
    func decided(_ failed: StageFailure, _ run: Run) -> StageFailure {
        let failure = retrying(failed, run)
        let isFollowed = failure.outcome == .interrupted || failure.retry != nil
        // A stop that came while the service was stopping, or while the failure was looked at: nothing follows.
        if isFollowed, let asked = run.stopReason { return .stopped(asked) }
        return tooOften(failure, run)
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

    /// An interruption too many is a failure (R45).
    func tooOften(_ failure: StageFailure, _ run: Run) -> StageFailure {
        guard failure.outcome == .interrupted, run.interruptions >= Self.maximumInterruptions else { return failure }
        return StageFailure(
            .interruptedTooOften,
            "The run was interrupted \(run.interruptions + 1) times in this order (last: \(failure.reason.rawValue)).",
            failure.evidence
        )
    }

    /// The queued run that follows: after an interruption at once, after a failure that passes in a while.
    func successor(of run: Run, after failure: StageFailure) -> Run? {
        if failure.outcome == .interrupted { return drafts.afterInterruption(of: run) }
        return failure.retry.map { drafts.retrying(run, notBefore: $0.notBefore) }
    }
}
