import Logging

/// The one exception to "no force": an administrator's reset, which always works and is on record (R44).
extension SpecControl {
    /// How often a run that somebody starts meanwhile is stopped, too.
    private static let rounds = 3
    /// The longest that a stop is waited for before the run is given up.
    private static let longestWait: Duration = .seconds(60)

    /// Puts a spec back to `pending`, from whatever status and whatever works on it.
    ///
    /// Its run is stopped; one that cannot be is given up: it is settled as cancelled, and what it still does touches neither
    /// spec nor target.
    ///
    /// - Parameters:
    ///   - id: the spec.
    ///   - name: who asked for it, as the event will say.
    /// - Returns: the spec.
    /// - Throws: only where there is nothing to write to: no file, or one that cannot be read; a run whose work is being
    ///   merged at this moment; a journal that does not write.
    public func forceReset(_ id: SpecID, by name: String) async throws(SpecControlError) -> ControlledSpec {
        for round in 1...Self.rounds {
            let live = try await holding(id, "forced reset") { () async throws(SpecControlError) -> Run? in
                let (spec, live) = try await look(id)
                if let live, round < Self.rounds || live.state != .queued {
                    try ask(live, toStop: .cancelled)
                    return live
                }
                do throws(SpecEditError) { _ = try await settlement.lifecycle.forceReset(id, by: name) } catch {
                    throw .edit(error)
                }
                releaseLock(of: id)
                logger.notice(
                    "spec reset by force",
                    metadata: ["spec": "\(id)", "by": "\(name)", "from": "\(spec.status.rawValue)"]
                )
                return nil
            }
            guard let live else { break }
            try await end(live, of: id)
        }
        return try await shown(id, isDone: true)
    }

    /// Gives up what a supervisor that is gone has left, whoever has its number by now (R27).
    ///
    /// Not the last run's alone: those after it may have been refused because of the lock.
    private func releaseLock(of id: SpecID) {
        let query = RunQuery(projectPath: project.path, specID: id.text)
        for run in (try? journal.runs(query))?.items ?? [] {
            guard let process = (try? journal.process(of: run.id)).flatMap(\.self) else { continue }
            let agent = SupervisedAgent(of: process, folder: RunFolder(stateFolder: stateFolder, run: run.id))
            SpecLock.release(id, chantFolder: project.path, of: agent.supervisor)
        }
    }

    private func end(_ live: Run, of id: SpecID) async throws(SpecControlError) {
        let waiting = try? await runs.settleWaiting(live.id, .cancelled)
        if waiting != nil { return }
        _ = await dispatcher.stop(live.id, .cancelled)
        let grace = Duration.seconds(live.limits.stopGraceSeconds)
        if try await !ended(live.id, within: min(grace + margin, Self.longestWait)).state.isLive { return }
        // What provably carries the run's mark is stopped without its supervisor.
        let stopped = await ProcessTree.stopMarked(runID: live.id, grace: .zero)
        if try await !ended(live.id, within: .seconds(2)).state.isLive { return }
        guard await dispatcher.giveUp(live.id) else {
            let run = try await ended(live.id, within: Self.longestWait)
            guard run.state.isLive else { return }
            throw .run(.tooLate(run))
        }
        let supervisor = (try? journal.process(of: live.id))??.supervisor.pid
        SpecLock.giveUp(id, chantFolder: project.path, supervisor: supervisor)
        logger.warning("run given up", metadata: ["run": "\(live.id)", "spec": "\(id)"])
        let run = try asking { () throws(RunError) in try runs.run(live.id) }
        let isSettled = run.state.isLive ? await settlement.giveUp(run, stopped: stopped) : true
        guard isSettled else {
            let detail = "the service's log says why"
            throw .run(.journal(.storage(operation: "give up run \(live.id)", code: 0, detail: detail)))
        }
        dispatcher.changed()
    }
}
