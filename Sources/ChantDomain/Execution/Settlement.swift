import Foundation
import Logging

/// The one door through which every run ends: the spec's status on disk, then outcome and events in the journal (R18).
///
/// A failing stage, a stop, a success and the recovery of a run that an earlier service left all come here
/// (crash path = normal path).
struct Settlement: Sendable {
    let journal: Journal
    let lifecycle: SpecLifecycle
    let logs: LogBroadcaster
    let settlements: SettlementCount
    let stateFolder: String
    let logger: Logger
    let now: @Sendable () -> Date
    let drafts: RunDrafts
    let retries: RetryDecision
    var clock = BootClock()
    /// Masks what is secret in a run's evidence (R34).
    var redactor = SecretRedactor()

    /// After so many interruptions of one spec in one order no run follows any more (R45).
    static let maximumInterruptions = 3

    /// Settles a run that an executor carried; where the journal refuses, again until it does not.
    ///
    /// Else the run would stay live, and its spec could not be started, as long as this service runs.
    ///
    /// - Returns: `false` where the service stops before: the next one decides the run.
    func settle(_ ending: RunEnding, _ context: RunContext) async -> Bool {
        var pause = Self.shortestPause
        var noted: [RunWarning]?
        while await !attempt(ending, context, &noted) {
            guard await context.control.pause(for: pause) else { return false }
            pause = min(pause * 2, Self.longestPause)
        }
        return true
    }

    private static let shortestPause: Duration = .milliseconds(250)
    /// A service that stops waits for it.
    private static let longestPause: Duration = .seconds(2)

    /// Once more all of it; `noted` is what writing the spec's status said, which is not written twice.
    private func attempt(_ ending: RunEnding, _ context: RunContext, _ noted: inout [RunWarning]?) async -> Bool {
        switch ending {
        case .completed(let finalized):
            releaseLock(context)
            return await settle(
                finalized.run,
                as: nil,
                mergeCommit: finalized.mergeCommit,
                warnings: context.traces.warnings,
                gitTime: context.traces.gitTime
            )
        case .failed(let failed):
            guard let run = read(context.run) else { return false }
            let final = decided(failed, run)
            let applied = context.traces.specStarted ? final.specEvent : nil
            if noted?.contains(where: { $0.code == .statusNotWritten }) ?? true {
                noted = await leave(context.spec, applied, final.retry)
            }
            releaseLock(context)
            // That the status is another one is why the run ends.
            let warnings = context.traces.warnings + (final.reason == .specCancelled ? [] : noted ?? [])
            return await settle(run, as: final, mergeCommit: nil, warnings: warnings, gitTime: context.traces.gitTime)
        }
    }

    /// How a run ends whose stages ended so: what follows it is known before its spec's status is written.
    private func decided(_ failed: StageFailure, _ run: Run) -> StageFailure {
        let failure = retrying(failed, run)
        let isFollowed = failure.outcome == .interrupted || failure.retry != nil
        // A cancel that came while the service was stopping, or while the failure was looked at: nothing follows.
        return isFollowed && run.cancelRequested ? .stopped(.cancelled) : tooOften(failure, run)
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

    /// The final status is on disk: the lock goes before the run is settled, so that the next start never meets it (R35).
    private func releaseLock(_ context: RunContext) {
        if let lock = context.traces.lock {
            lock.release()
        } else if context.traces.isAdopted {
            // What the earlier service had locked, and this one could not take over.
            SpecLock.releaseStale(context.spec, chantFolder: lifecycle.store.chantFolder)
        }
        context.traces.lock = nil
    }

    /// Settles a run with its outcome; `failure` is `nil` for a completed one.
    ///
    /// The spec's file has been written before: a crash in between leaves a live run, which recovery decides again.
    ///
    /// - Returns: whether it is settled now; `false` where the journal could not write.
    @discardableResult
    func settle(
        _ run: Run,
        as failure: StageFailure?,
        mergeCommit: ObjectID?,
        warnings: [RunWarning],
        gitTime: Duration = .zero
    ) async -> Bool {
        let failure = redactor.masked(await unlessCancelledInFile(failure, run))
        let warnings = warnings.map { redactor.masked($0) }
        let next = failure.flatMap { successor(of: run, after: $0) }
        do {
            let agentEnded = try journal.process(of: run.id)?.exitedAt
            let moment = now()
            let change: (inout Run) -> Void = { run in
                run.outcome = failure?.outcome ?? .completed
                run.reason = failure?.reason
                run.problem = failure?.problem
                run.mergeCommit = mergeCommit?.hex
                run.warnings += warnings
                run.finishedAt = moment
                run.timings.settleMs = agentEnded.map { milliseconds(from: $0, to: moment) }
                if gitTime > .zero { run.timings.gitMs = Int(gitTime / .milliseconds(1)) }
            }
            noteInFolder(run, next: next, change)
            try journal.settle(run.id, change, next: next)
            if let next { noteWaiting(next) }
        } catch {
            // Cancelled since it was read: what was to follow must not.
            if case .stale(let old) = error, old.state.isLive { return false }
            logger.critical("run not settled", metadata: ["run": "\(run.id)", "error": "\(error)"])
            // What is settled already, or is no run any more, will not be another time.
            if case .storage = error { return false }
        }
        settlements.add()
        logs.end(run.id)
        logger.info(
            "run settled",
            metadata: [
                "run": "\(run.id)", "spec": "\(run.specID)", "outcome": "\(failure?.outcome.rawValue ?? "completed")",
                "reason": "\(failure?.reason.rawValue ?? "-")",
            ]
        )
        return true
    }

    /// Notes a run that waits in a folder of its own, from which a journal that is lost is made again (R73).
    func noteWaiting(_ run: Run) {
        do {
            try RunFolder(stateFolder: stateFolder, run: run.id).noteWaiting(run)
        } catch {
            logger.warning("a waiting run is in the journal only", metadata: ["run": "\(run.id)", "why": "\(error)"])
        }
    }

    /// A journal that is lost later is rebuilt from this; before it is settled, so that it is never settled there only.
    private func noteInFolder(_ run: Run, next: Run?, _ change: (inout Run) -> Void) {
        var settled = (try? journal.run(run.id)) ?? run
        change(&settled)
        settled.state = .settled
        settled.nextRun = next?.id
        RunFolder(stateFolder: stateFolder, run: run.id).noteDetails(settled)
    }

    /// Writes the status that the outcome asks for; what cannot be written is logged, and the run settles all the same.
    func leave(_ spec: SpecID, _ event: SpecEvent?, _ retry: PlannedRetry? = nil) async -> [RunWarning] {
        guard let event else { return [] }
        do {
            guard let other = try await lifecycle.leave(spec, event, retryState: retry?.header) else { return [] }
            return [
                RunWarning(
                    .statusChangedOutside,
                    "The spec's status was \(other.rawValue) in the file when the run ended."
                )
            ]
        } catch {
            logger.error("spec status not written", metadata: ["spec": "\(spec)", "error": "\(error)"])
            return [.statusNotWritten(error)].compactMap(\.self)
        }
    }

    /// The same after a restart: only a status that the interrupted run had written is changed, since the crash may have
    /// come before it wrote one, or after it wrote its last.
    func leaveAfterRestart(_ spec: SpecID, _ event: SpecEvent?) async -> [RunWarning] {
        guard let event else { return [] }
        do {
            try await lifecycle.leaveIfInProgress(spec, event)
            return []
        } catch {
            logger.error("spec status not written", metadata: ["spec": "\(spec)", "error": "\(error)"])
            return [.statusNotWritten(error)].compactMap(\.self)
        }
    }

    /// A spec that a person cancelled in its file does not start again after an interruption (R35).
    private func unlessCancelledInFile(_ failure: StageFailure?, _ run: Run) async -> StageFailure? {
        guard let failure, failure.outcome == .interrupted, let spec = SpecID(run.specID),
            let status = try? await lifecycle.store.read(spec).spec().status, status == .cancelled
        else { return failure }
        return .stopped(.specCancelled)
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
    private func successor(of run: Run, after failure: StageFailure) -> Run? {
        if failure.outcome == .interrupted { return drafts.afterInterruption(of: run) }
        return failure.retry.map { drafts.retrying(run, notBefore: $0.notBefore) }
    }

    private func read(_ id: RunID) -> Run? {
        do {
            return try journal.run(id)
        } catch {
            logger.critical("run not readable", metadata: ["run": "\(id)", "error": "\(error)"])
            return nil
        }
    }
}

extension SecretRedactor {
    /// The failure with its sentence and its evidence masked.
    fileprivate func masked(_ failure: StageFailure?) -> StageFailure? {
        guard var masked = failure, !isEmpty else { return failure }
        let problem = self.masked(masked.problem)
        masked.detail = problem.detail
        masked.evidence = problem.members
        return masked
    }
}
