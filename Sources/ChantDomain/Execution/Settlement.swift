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
    let clock = BootClock()
    /// Masks what is secret in a run's evidence (R34).
    var redactor = SecretRedactor()

    /// After so many interruptions of one spec in one order no run follows any more (R45).
    static let maximumInterruptions = 3

    /// Settles a run that an executor carried; where the journal refuses, again until it does not.
    ///
    /// Else the run would stay live, and its spec could not be started, as long as this service runs.
    ///
    /// - Returns: how it ended after all, since somebody may have asked for a stop meanwhile; `nil` where the service stops
    ///   before: the next one decides the run.
    func settle(_ ending: RunEnding, _ context: RunContext) async -> RunEnding? {
        var ending = ending
        switch context.control.beginSettling() {
        case .asItEnded: break
        case .stopped(let reason): ending = ending.stopped(reason)
        // Neither its spec nor the spec's lock is this run's any more.
        case .notAtAll: return ending
        }
        var pause = Self.shortestPause
        var noted: NotedStatus?
        var tries = Self.statusTries
        while true {
            if let settled = await attempt(ending, context, &noted, &tries) { return settled }
            guard await context.control.pause(for: pause) else { return nil }
            pause = min(pause * 2, Self.longestPause)
        }
    }

    private static let shortestPause: Duration = .milliseconds(250)
    /// A service that stops waits for it.
    private static let longestPause: Duration = .seconds(2)

    /// How often the status of a spec is written before its run settles without it.
    private static let statusTries = 4

    /// Once more all of it; `noted` is the spec's status as it was written last, which is not written twice.
    private func attempt(
        _ ending: RunEnding,
        _ context: RunContext,
        _ noted: inout NotedStatus?,
        _ tries: inout Int
    ) async -> RunEnding? {
        switch ending {
        case .completed(let finalized):
            releaseLock(context)
            let isSettled = await settle(
                finalized.run,
                as: nil,
                mergeCommit: finalized.mergeCommit,
                warnings: context.traces.warnings,
                gitTime: context.traces.gitTime
            )
            return isSettled ? ending : nil
        case .failed(let failed):
            guard let run = read(context.run) else { return nil }
            let final = decided(failed, run)
            let written = await write(final, run, context, after: noted)
            noted = written
            tries -= 1
            // What is to follow would find the spec in progress, and be refused (R45, R50); so would a person.
            if !written.isWritten, tries > 0 { return nil }
            releaseLock(context)
            // Of a spec that was cancelled, that its status is another one is why the run ends.
            let news = written.warnings.filter {
                final.reason != .specCancelled || $0.code != .statusChangedOutside
            }
            let warnings = context.traces.warnings + news
            let git = context.traces.gitTime
            let isSettled = await settle(run, as: final, mergeCommit: nil, warnings: warnings, gitTime: git)
            return isSettled ? .failed(final) : nil
        }
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
        let failure = redactor.masked(await unlessCancelled(failure, run))
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

    /// Notes an order that goes on for a while in a file of its own, from which a journal that is lost is made again (R73).
    func note(_ order: Order) {
        do {
            try OrderFiles(stateFolder: stateFolder).note(order)
        } catch {
            logger.warning("an order is in the journal only", metadata: ["order": "\(order.id)", "why": "\(error)"])
        }
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

    /// A spec whose order was cancelled, or that a person cancelled in its file, does not start again (R35).
    private func unlessCancelled(_ failure: StageFailure?, _ run: Run) async -> StageFailure? {
        guard let failure, failure.isFollowed else { return failure }
        // Nothing follows in an order that somebody has cancelled.
        if (try? journal.order(run.orderID))?.isStopping == true { return .stopped(.cancelled) }
        guard let spec = SpecID(run.specID),
            let status = try? await lifecycle.store.read(spec).spec().status, status == .cancelled
        else { return failure }
        return .stopped(.specCancelled)
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
    fileprivate func masked(_ failure: StageFailure?) -> StageFailure? { failure.map { masked($0) } }

    /// The failure with its sentence and its evidence masked.
    func masked(_ failure: StageFailure) -> StageFailure {
        guard !isEmpty else { return failure }
        var masked = failure
        let problem = self.masked(masked.problem)
        masked.detail = problem.detail
        masked.evidence = problem.members
        return masked
    }
}
