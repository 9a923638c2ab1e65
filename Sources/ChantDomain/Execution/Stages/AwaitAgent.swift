import Foundation
import Glibc

/// A run whose agent has ended well, by its provider's own word (R65).
struct InvokedRun: Sendable {
    let place: RunPlace
    let run: Run
    let exit: ExitRecord
    /// What the agent had in its environment.
    let environment: [String: String]
    /// What its output says; empty for plain text.
    let report: AgentReport

    fileprivate init(_ started: StartedRun, exit: ExitRecord, report: AgentReport) {
        place = started.place
        run = started.run
        environment = started.environment
        self.exit = exit
        self.report = report
    }
}

extension SpecExecutor {
    /// Stage 3, its end: waits for the agent, whoever started it, and judges how it ended.
    ///
    /// - Returns: `nil` where the service stops and leaves the agent to the next one (R30).
    func awaitAgent(_ started: StartedRun, _ context: RunContext) async throws(StageFailure) -> InvokedRun? {
        guard let exit = try await end(of: started, context) else { return nil }
        let report = report(of: started.place)
        try exited(exit, report, context)
        try context.control.checkpoint()
        try checkInterruption(exit, started)
        try judge(exit, report, started)
        context.traces.deniedTools = report.result?.deniedTools ?? []
        return InvokedRun(started, exit: exit, report: report)
    }

    private enum Waiting: Sendable {
        case ended(ExitRecord?)
        case detached
    }

    /// Waits for the agent's end, passes a stop on to its supervisor, and keeps the original's log file growing.
    private func end(of started: StartedRun, _ context: RunContext) async throws(StageFailure) -> ExitRecord? {
        let agent = started.agent
        context.control.onStop { _ in askToStop(agent) }
        let transcript = TranscriptCopy(
            log: rooms.chantLog(of: context.spec, started.place.agent.provider.dialect),
            folder: started.place.folder,
            prompt: started.place.promptName
        )
        let waiting = await transcript.during { await wait(for: agent, context.control) }
        guard case .ended(let record) = waiting else { return nil }
        guard let record else { throw await lost(started) }
        return record
    }

    private func wait(for agent: SupervisedAgent, _ control: RunControl) async -> Waiting {
        await withTaskGroup(of: Waiting?.self) { group in
            group.addTask {
                let record = await waitForEnd(of: agent)
                return Task.isCancelled && record == nil ? nil : .ended(record)
            }
            group.addTask { await control.isDetached() ? .detached : nil }
            var first: Waiting?
            for await waiting in group where first == nil {
                first = waiting
                group.cancelAll()
            }
            return first ?? .detached
        }
    }

    /// The supervisor went without a record: what carries the run's mark is stopped first.
    private func lost(_ started: StartedRun) async -> StageFailure {
        let stopped = await ProcessTree.stopMarked(
            runID: started.run.id,
            grace: .seconds(started.run.limits.stopGraceSeconds)
        )
        return .agentLost(wasRestarted: started.agent.supervisor.isOfEarlierBoot, stopped: stopped)
    }

    /// What the agent's output says about the run; nothing where it cannot be read, which ends no run.
    private func report(of place: RunPlace) -> AgentReport {
        guard let dialect = place.agent.provider.dialect else { return AgentReport() }
        return (try? AgentReport.read(place.folder, dialect)) ?? AgentReport()
    }

    private func exited(_ exit: ExitRecord, _ report: AgentReport, _ context: RunContext) throws(StageFailure) {
        do {
            try rooms.journal.processExited(
                run: context.run,
                exitCode: exit.code.map(Int.init),
                signal: exit.signal.map(Int.init)
            )
            // A run that was being settled when its service was killed comes by here again.
            try rooms.journal.update(context.run, from: [.running, .settling]) { run in
                run.exitCode = exit.code.map(Int.init)
                run.signal = exit.signal.map(Int.init)
                run.model = report.model ?? run.model
                run.sessionID = report.session
                run.usage = report.usage.isEmpty ? nil : report.usage
            }
        } catch {
            throw .unexpected(error, while: "journaling the agent's exit")
        }
    }

    /// An agent that was asked to end while nobody here could ask was stopped together with its service or its machine.
    private func checkInterruption(_ exit: ExitRecord, _ started: StartedRun) throws(StageFailure) {
        guard started.isAdopted else { return }
        let isOfEarlierBoot = started.agent.supervisor.isOfEarlierBoot
        if exit.by == .asked { throw isOfEarlierBoot ? .machineRestarted() : .stopped(.serviceStopped) }
        // A machine that shuts down signals everybody: the agent may have ended before its supervisor was told.
        if isOfEarlierBoot, exit.by == .exit, let signal = exit.signal, [SIGTERM, SIGKILL].contains(signal) {
            throw .machineRestarted()
        }
    }

    private func judge(_ exit: ExitRecord, _ report: AgentReport, _ started: StartedRun) throws(StageFailure) {
        let provider = rooms.catalog.judge(of: started.place.agent)
        let verdict = provider.verdict(on: exit, report, costLimit: started.run.limits.costUSD)
        guard case .failed(let problem) = verdict else { return }
        var failure = StageFailure(problem.reason, problem.detail, problem.members)
        failure.transience = transience(of: failure, report, started)
        throw failure.transience.map { failure.passing(with: $0) } ?? failure
    }

    /// Whether what the agent failed for passes with time (R50): only where the agent itself gave up.
    private func transience(
        of failure: StageFailure,
        _ report: AgentReport,
        _ started: StartedRun
    ) -> Transience.Cause? {
        guard [.agentExit, .agentError, .agentUnfinished, .rateLimited].contains(failure.reason) else { return nil }
        let end = rooms.prompting.logEnd(of: started.run)
        return Transience(rooms.configuration.retries).cause(status: report.refusedStatus, end: end)
    }
}
