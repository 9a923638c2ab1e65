import Foundation

/// Starts, shows and cancels runs: what HTTP and later MCP call.
public struct RunService: Sendable {
    let project: ProjectIdentity
    let gatekeeper: Gatekeeper
    let store: SpecStore
    let journal: Journal
    let drafts: RunDrafts
    let dispatcher: Dispatcher
    let settlement: Settlement
    let floors: Floors
    let queueLimit: Int
    let now: @Sendable () -> Date

    /// One run.
    public func run(_ id: RunID) throws(RunError) -> Run {
        guard let run = try asking({ () throws(JournalError) in try journal.run(id) }), run.projectPath == project.path
        else { throw .notFound(id) }
        return run
    }

    /// Runs, newest first.
    public func list(_ query: RunQuery) throws(RunError) -> (items: [Run], total: Int) {
        var query = query
        query.projectPath = project.path
        return try asking { () throws(JournalError) in try journal.runs(query) }
    }

    /// What a queued run waits for; empty for one that is under way or settled.
    public func waiting(for run: Run) async -> [WaitingFor] { await dispatcher.waiting(for: run) }

    /// How long the end of a run is waited for that is being settled.
    private static let patience: Duration = .seconds(10)

    /// Stops a run in any stage; asking again while it stops is the same.
    ///
    /// - Returns: the run as it is now; it settles a moment later.
    /// - Throws: `RunError.tooLate` when it has settled, or its finishing commit is on the target.
    public func cancel(_ id: RunID) async throws(RunError) -> Run {
        let current = try run(id)
        guard current.state.isLive else { throw .tooLate(current) }
        if let settled = try await settleWaiting(id, .cancelled) { return settled }
        // First the journal: were the service to end between the two, the run must not start again.
        do {
            try journal.update(id, from: [.queued, .preparing, .running, .settling]) { $0.ask(toStop: .cancelled) }
        } catch {
            if case .stale(let settled) = error { throw .tooLate(settled) }
            throw .journal(error)
        }
        switch await dispatcher.stop(id) {
        case .willStop, .undecided: return try run(id)
        case .tooLate, nil:
            // One that is just being settled obeys all the same, where another one was to follow it.
            let run = try await ended(id, within: Self.patience)
            guard run.outcome == .cancelled else { throw .tooLate(run) }
            return run
        }
    }

    /// Stops the live run of a spec that a person set to `cancelled` in its file (R35).
    ///
    /// Nothing needs to be journaled first: the file says so also to a service that starts after a crash.
    func specWasCancelled(_ spec: String) async {
        do {
            guard let id = SpecID(spec),
                let live = try asking({ () throws(JournalError) in try journal.liveRun(of: id, project: project.path) }
                ),
                try await settleWaiting(live.id, .specCancelled) == nil
            else { return }
            _ = await dispatcher.stop(live.id, .specCancelled)
        } catch {
            // Settled meanwhile; what cannot be read now is judged when the run is finished.
        }
    }

    /// The same for what was cancelled while no service looked.
    func stopCancelled() async {
        let live = try? journal.liveRuns(project: project.path)
        for run in live ?? [] {
            guard let spec = SpecID(run.specID),
                let status = try? await settlement.lifecycle.store.read(spec).spec().status, status == .cancelled
            else { continue }
            await specWasCancelled(run.specID)
        }
    }

    /// Settles a run that nobody will start any more: it never touched the file.
    ///
    /// - Returns: the settled run; `nil` where a worker has it.
    func settleWaiting(_ id: RunID, _ reason: StopReason) async throws(RunError) -> Run? {
        guard await dispatcher.withdraw(id) else { return nil }
        let isSettled: Bool
        do throws(RunError) {
            let waiting = try run(id)
            guard waiting.state == .queued else { throw .tooLate(waiting) }
            isSettled = await settlement.settleWaiting(waiting, reason)
        } catch {
            // Else nobody would ever start it.
            await dispatcher.forget(id)
            dispatcher.changed()
            throw error
        }
        await dispatcher.forget(id)
        dispatcher.changed()
        guard isSettled else {
            throw .journal(.storage(operation: "settle run \(id)", code: 0, detail: "the service's log says why"))
        }
        return try run(id)
    }
}

extension RunService {
    func asking<Answer>(_ question: () throws(JournalError) -> Answer) throws(RunError) -> Answer {
        do {
            return try question()
        } catch {
            throw .journal(error)
        }
    }
}
