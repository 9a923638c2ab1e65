/// An agent that does not know its earlier session any more gets a new one, in the same worktree and the same run (R67).
extension SpecExecutor {
    /// Stage 3 once the agent is under way: to its end, and once more from a new session where its old one is gone.
    func invoke(_ started: StartedRun, _ context: RunContext) async throws(StageFailure) -> InvokedRun? {
        do throws(StageFailure) {
            return try await awaitAgent(started, context)
        } catch {
            guard error.hasLostSession else { throw error }
            return try await awaitAgent(try await startAgain(started, context), context)
        }
    }

    /// The session that the agent was to go on with and did not find; `nil` where that is not why it ended.
    func lostSession(of started: StartedRun, _ exit: ExitRecord, _ report: AgentReport) -> String? {
        let run = started.run
        guard run.resumedFrom != nil, let session = run.sessionID,
            !run.warnings.contains(where: { $0.code == .sessionLost })
        else { return nil }
        let provider = rooms.catalog.judge(of: started.place.agent)
        let isLost = provider.hasLostSession(session, exit, report, errors: errors(of: started.place.folder))
        return isLost ? session : nil
    }

    private func errors(of folder: RunFolder) -> String {
        let file = LogFile(path: folder.errFile)
        let limit = 4096
        guard let size = try? file.size(), let bytes = try? file.read(from: max(0, size - limit), limit: limit) else {
            return ""
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The first agent has ended and is on record, so that there is never more than one.
    ///
    /// Were the service to end before the second one is started, the next one would find the first one's end, and come by
    /// here again; afterwards it finds the second one.
    private func startAgain(_ started: StartedRun, _ context: RunContext) async throws(StageFailure) -> StartedRun {
        var fresh = started.run
        fresh.sessionID = nil
        let configured: Agent
        do throws(AgentError) { configured = try rooms.catalog.agent(named: started.run.agent) } catch {
            throw .unexpected(error, while: "looking for the agent")
        }
        let launch = try await launch(fresh, started.place, configured, context)
        let agent = try await start(launch, started.place.folder, context)
        let run: Run
        do {
            try rooms.journal.registerProcess(run: context.run, ProcessRow(agent, of: fresh))
            run = try rooms.journal.update(context.run, from: [.running]) { run in
                run.sessionID = nil
                run.exitCode = nil
                run.signal = nil
                run.warnings.append(
                    RunWarning(
                        .sessionLost,
                        "The agent no longer knew its session; it began a new one in the same worktree."
                    )
                )
            }
        } catch {
            // Nothing that was started is left behind (R28).
            askToStop(agent)
            _ = await waitForEnd(of: agent)
            throw .unexpected(error, while: "registering the agent's process")
        }
        context.traces.lock?.handOver(to: agent.supervisor.pid)
        return StartedRun(
            run: run,
            place: started.place,
            agent: agent,
            environment: launch.environment,
            isAdopted: false
        )
    }
}
