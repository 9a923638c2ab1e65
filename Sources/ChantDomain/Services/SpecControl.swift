import Foundation
import Logging

/// A spec after an action on it.
public struct ControlledSpec: Sendable {
    /// The spec as it is now.
    public let view: SpecView
    /// Whether the action is done; else its run is still being stopped.
    public let isDone: Bool
}

/// What a person does to one spec: cancel, reset, pause, takeover.
///
/// Each is one transition of the table (R6), or refused. Each looks at status and run, and journals what it asks of the
/// run, while it holds the spec's claim. It waits for the run only after it gave the claim up: a run that begins wants it.
public struct SpecControl: Sendable {
    let specs: SpecService
    let runs: RunService
    let claims: SpecClaims
    let dispatcher: Dispatcher
    let settlement: Settlement
    let stateFolder: String
    let logger: Logger
    /// How long the end of a stopped run is waited for.
    var patience: Duration = .seconds(10)
    /// What a supervisor may need beyond the grace of a stop, before its run is given up.
    var margin: Duration = .seconds(5)

    var project: ProjectIdentity { specs.project }
    var journal: Journal { specs.journal }

    /// Cancels a spec: at once where no run of it is live, else with the end of its run.
    public func cancel(_ id: SpecID) async throws(SpecControlError) -> ControlledSpec {
        let live = try await holding(id, "cancel") { () async throws(SpecControlError) -> Run? in
            let (spec, live) = try await look(id)
            guard let live else {
                try check(spec, .cancel)
                try await write(.cancelled, id)
                return nil
            }
            guard spec.status != .completed else { throw .run(.tooLate(live)) }
            if spec.status != .cancelled { try check(spec, .cancel) }
            try ask(live, toStop: .specCancelled)
            return live
        }
        guard let live else { return try await shown(id, isDone: true) }
        return try await stop(live, .specCancelled, of: id)
    }

    /// Puts a spec back to `pending`; worktree and branch of its last run stay, and the next start keeps their work (R49).
    public func reset(_ id: SpecID) async throws(SpecControlError) -> ControlledSpec {
        try await holding(id, "reset") { () async throws(SpecControlError) in
            let (spec, live) = try await look(id)
            if let live { throw .edit(.alreadyRunning(live, pid: journal.agentPID(of: live.id))) }
            try check(spec, spec.status == .inProgress ? .resetStale : .reset)
            try await write(.pending, id)
        }
        return try await shown(id, isDone: true)
    }

    /// Stops the agent of a spec; its worktree stays, and `resume` goes on there.
    public func pause(_ id: SpecID) async throws(SpecControlError) -> ControlledSpec {
        try await stop(try await askToPause(id, .paused, .pause), .paused, of: id)
    }

    /// Stops the agent of a spec for a person, and says what it had done.
    ///
    /// - Returns: the spec, and what stands in its body now; no report while the run is still being stopped.
    public func takeover(
        _ id: SpecID
    ) async throws(SpecControlError) -> (spec: ControlledSpec, report: TakeoverReport?) {
        let live = try await askToPause(id, .takenOver, .takeover)
        let spec = try await stop(live, .takenOver, of: id)
        guard spec.isDone else { return (spec, nil) }
        let folder = RunFolder(stateFolder: stateFolder, run: live.id)
        let run = try asking { () throws(RunError) in try runs.run(live.id) }
        return (spec, TakeoverReport(of: run, in: folder, masking: settlement.redactor))
    }

    private func askToPause(
        _ id: SpecID,
        _ reason: StopReason,
        _ event: SpecEvent
    ) async throws(SpecControlError) -> Run {
        try await holding(id, reason.rawValue) { () async throws(SpecControlError) in
            let (spec, live) = try await look(id)
            if let live, spec.status == .completed { throw .run(.tooLate(live)) }
            try check(spec, event)
            guard let live, live.state != .queued else {
                if live == nil, let pid = SpecOwner.foreignLock(of: id, chantFolder: project.path) {
                    throw .edit(.lockedByOther(id, pid: pid))
                }
                throw .notRunning(id, allowed: spec.status.allowed.filter { $0 != .paused })
            }
            try ask(live, toStop: reason)
            return live
        }
    }
}

// MARK: - Looking and asking, under the spec's claim

extension SpecControl {
    func holding<R>(
        _ id: SpecID,
        _ name: String,
        _ body: () async throws(SpecControlError) -> R
    ) async throws(SpecControlError) -> R {
        try await claims.withClaim(of: id, as: "\(name) \(id)", orThrow: .spec(.changedMeanwhile(id)), body)
    }

    /// The spec as its file says now, and its live run.
    func look(_ id: SpecID) async throws(SpecControlError) -> (Spec, live: Run?) {
        let spec: Spec
        do throws(SpecError) { spec = try await specs.store.read(id).spec() } catch { throw .spec(error) }
        return (spec, try liveRun(of: id))
    }

    func liveRun(of id: SpecID) throws(SpecControlError) -> Run? {
        do { return try journal.liveRun(of: id, project: project.path) } catch { throw .run(.journal(error)) }
    }

    /// First the journal: were the service to end before the run hears of it, the run must end as was asked.
    func ask(_ run: Run, toStop reason: StopReason) throws(SpecControlError) {
        do throws(JournalError) {
            try journal.update(run.id, from: [.queued, .preparing, .running, .settling]) { $0.ask(toStop: reason) }
        } catch {
            if case .stale(let settled) = error { throw .run(.tooLate(settled)) }
            throw .run(.journal(error))
        }
    }

    private func check(_ spec: Spec, _ event: SpecEvent) throws(SpecControlError) {
        do throws(SpecError) { try spec.refuse(unlessAllowed: event) } catch { throw .spec(error) }
    }

    /// The file of a spec that nobody works on, by the doors of an edit: with its event and, where asked for, its commit.
    private func write(_ status: SpecStatus, _ id: SpecID) async throws(SpecControlError) {
        do {
            _ = try await specs.editing.write(id, if: RevisionCondition()) { file throws(SpecEditError) in
                do throws(SpecError) {
                    guard let file else { throw .notFound(id.text) }
                    return try file.document.with(status: status)
                } catch {
                    throw .spec(error)
                }
            }
        } catch {
            throw .edit(error)
        }
    }
}

// MARK: - Stopping and showing, without the claim

extension SpecControl {
    /// Stops a run that was asked to, and waits for its end.
    private func stop(_ live: Run, _ reason: StopReason, of id: SpecID) async throws(SpecControlError) -> ControlledSpec
    {
        let waiting = try await answered { () async throws(RunError) in try await runs.settleWaiting(live.id, reason) }
        if waiting == nil, await dispatcher.stop(live.id, reason) == .tooLate { try await refuseUnless(live, reason) }
        let run = try await ended(live.id, within: patience)
        if !run.state.isLive { try await refuseUnless(run, reason) }
        return try await shown(id, isDone: !run.state.isLive)
    }

    /// A run that ended in another way than was asked for: its last step came first.
    private func refuseUnless(_ run: Run, _ reason: StopReason) async throws(SpecControlError) {
        let run = try await ended(run.id, within: patience)
        guard !run.state.isLive, run.outcome == StageFailure.stopped(reason).outcome else { throw .run(.tooLate(run)) }
    }

    /// The run once it has settled; as it is where that takes longer.
    func ended(_ id: RunID, within limit: Duration) async throws(SpecControlError) -> Run {
        try await answered { () async throws(RunError) in try await runs.ended(id, within: limit) }
    }

    func shown(_ id: SpecID, isDone: Bool) async throws(SpecControlError) -> ControlledSpec {
        do throws(SpecError) {
            switch try await specs.get(id) {
            case .readable(let view): return ControlledSpec(view: view, isDone: isDone)
            case .unreadable(let file): throw .unreadable(file)
            }
        } catch {
            throw .spec(error)
        }
    }

    func asking<Answer>(_ question: () throws(RunError) -> Answer) throws(SpecControlError) -> Answer {
        do throws(RunError) { return try question() } catch { throw .run(error) }
    }

    func answered<Answer>(_ question: () async throws(RunError) -> Answer) async throws(SpecControlError) -> Answer {
        do throws(RunError) { return try await question() } catch { throw .run(error) }
    }
}
