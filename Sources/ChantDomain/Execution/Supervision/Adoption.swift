import Foundation
import Logging

/// A run whose agent an earlier service had started, ready to go on where that service left it.
struct AdoptedRun: Sendable {
    let started: StartedRun
    let context: RunContext
    /// Whether the agent was alive when it was adopted.
    let isAlive: Bool
}

/// Takes over what an earlier service started (R29): the run is restored from the journal and its folder, and goes on
/// through the same stages as any other.
struct Adoption: Sendable {
    let executor: SpecExecutor

    private var rooms: ExecutionRooms { executor.rooms }

    /// Adopts the run's agent, alive or ended; it is registered before anybody reads its output (R26).
    ///
    /// - Returns: `nil` where nothing shows that an agent was started, or what it worked with is gone.
    func adopt(_ left: Run, _ spec: SpecID) async throws(JournalError) -> AdoptedRun? {
        let folder = rooms.folder(of: left.id)
        guard let agent = SupervisedAgent.read(runFolder: folder.path), agent.runID == left.id,
            let worktree = Worktree(of: left), let placed = try? LocalFileSystem().read(folder.specBeforeFile)
        else { return nil }
        let isAlive = try register(agent, left)
        let run = try running(left)
        rooms.logs.begin(folder)
        let place = RunPlace(
            worktree: worktree,
            folder: folder,
            placed: placed,
            since: rooms.pausedWork.begin(of: run),
            checkoutBefore: .unknown,
            agent: Agent(
                name: run.agent,
                provider: Provider(run.provider),
                command: [],
                maxConcurrent: 1,
                weight: 1
            ),
            promptName: folder.readRecord()?.prompt ?? run.options.prompt ?? "standard"
        )
        let context = await context(of: run, spec, place, agent)
        let started = StartedRun(
            run: run,
            place: place,
            agent: agent,
            environment: await environment(run, place, context),
            isAdopted: true
        )
        return AdoptedRun(started: started, context: context, isAlive: isAlive)
    }

    /// An agent that lives is registered as adopted; one that ended before anybody had registered it, too, so that its
    /// exit has a beginning.
    private func register(_ agent: SupervisedAgent, _ run: Run) throws(JournalError) -> Bool {
        let known = try rooms.journal.process(of: run.id)
        // One that took the place of an agent whose session was gone has not been registered yet.
        let isNew = known.map { $0.supervisor != ProcessRow(agent, of: run).supervisor } ?? true
        guard isNew || known?.exitedAt == nil else { return false }
        let isAlive = agent.supervisor.liveness == .alive
        if isAlive || isNew {
            var row = ProcessRow(agent, of: run)
            row.adopted = true
            try rooms.journal.registerProcess(run: run.id, row)
        }
        return isAlive
    }

    /// A service that was killed right after the start had not journaled it.
    private func running(_ run: Run) throws(JournalError) -> Run {
        guard run.state == .preparing else { return run }
        return try rooms.journal.update(run.id, from: [.preparing]) { run in
            run.state = .running
            run.stage = .invokeAgent
        }
    }

    private func context(
        of run: Run,
        _ spec: SpecID,
        _ place: RunPlace,
        _ agent: SupervisedAgent
    ) async -> RunContext {
        let traces = RunTraces()
        traces.worktree = place.worktree
        traces.specStarted = true
        traces.specPath = await specPath(of: run, spec)
        do {
            traces.lock = try SpecLock(
                adopting: spec,
                chantFolder: rooms.project.path,
                supervisor: agent.supervisor
            )
        } catch {
            rooms.logger.warning("lock not taken over", metadata: ["spec": "\(spec)", "why": "\(error)"])
        }
        let control = RunControl()
        // Asked for before the service went away: that is not forgotten (R58).
        if let reason = run.stopReason { _ = await control.stop(reason) }
        return RunContext(rooms: rooms, control: control, traces: traces, run: run.id, spec: spec)
    }

    /// Where the spec was placed in the worktree: what was noted then, else where its file lies now.
    private func specPath(of run: Run, _ spec: SpecID) async -> String? {
        if let noted = rooms.folder(of: run.id).readRecord()?.specPath { return noted }
        return (try? await rooms.store.read(spec)).map(rooms.repositoryPath)
    }

    /// Only what the service commits for an agent needs it (R52), so that a worktree that is gone is no obstacle here.
    private func environment(_ run: Run, _ place: RunPlace, _ context: RunContext) async -> [String: String] {
        let request = executor.agentRequest(run, place, context)
        return (try? await executor.environment(for: request, place.agent.provider)) ?? [:]
    }
}
