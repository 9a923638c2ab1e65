import Foundation

/// A run whose agent has ended well, by its provider's own word (R65).
struct InvokedRun: Sendable {
    let prepared: PreparedRun
    let run: Run
    let exit: ExitRecord
    /// What the agent had in its environment.
    let environment: [String: String]
    /// What its output says; empty for plain text.
    let report: AgentReport

    fileprivate init(
        prepared: PreparedRun,
        run: Run,
        exit: ExitRecord,
        environment: [String: String],
        report: AgentReport
    ) {
        self.prepared = prepared
        self.run = run
        self.exit = exit
        self.environment = environment
        self.report = report
    }
}

extension SpecExecutor {
    /// How much of a spec's `context` files goes into its prompt, in bytes.
    private static let contextLimit = 1 << 20

    /// Stage 3: hands the prompt over as a file, starts the agent under a supervisor of its own and waits for its end.
    func invokeAgent(_ prepared: PreparedRun, _ context: RunContext) async throws(StageFailure) -> InvokedRun {
        let begun = rooms.now()
        let launch = try await launch(prepared, context)
        let agent = try await start(launch, prepared.folder, context)
        let run: Run
        do throws(StageFailure) {
            run = try register(agent, begun, context)
        } catch {
            // Nothing that was started is left behind (R28).
            askToStop(agent)
            _ = await waitForEnd(of: agent)
            throw error
        }
        let exit = try await end(of: agent, prepared, context)
        let report = report(of: prepared)
        try exited(exit, report, context)
        try context.control.checkpoint()
        try judge(exit, report, prepared)
        context.traces.deniedTools = report.result?.deniedTools ?? []
        return InvokedRun(prepared: prepared, run: run, exit: exit, environment: launch.environment, report: report)
    }

    private func launch(_ prepared: PreparedRun, _ context: RunContext) async throws(StageFailure) -> AgentLaunch {
        let run = prepared.run
        let agent = prepared.pass.agent
        let request = agentRequest(prepared, context)
        do {
            let prompt = PromptTemplate(prompt: prepared.pass.prompt).message(with: promptValues(prepared, request))
            try LocalFileSystem().replace(Array(prompt.utf8), at: prepared.folder.promptFile, mode: 0o600)
            let provider = try rooms.catalog.provider(of: agent)
            let command = try provider.command(for: request)
            let needsIdentity = try await !rooms.git.userIdentity(in: prepared.worktree.path)
            let environment = AgentEnvironment.make(
                from: rooms.environment,
                keys: rooms.configuration.server,
                request: request,
                provider: agent.provider,
                needsIdentity: needsIdentity
            )
            return AgentLaunch(
                runID: run.id,
                runFolder: prepared.folder.path,
                program: command.program,
                arguments: command.arguments,
                environment: environment,
                workingFolder: workingFolder(prepared.worktree),
                limits: SupervisorLimits(of: run.limits),
                separateErrorFile: provider.separatesError
            )
        } catch {
            throw StageFailure(
                .agentStartFailed,
                "The agent's command could not be made: \(error).",
                ["error": .text("\(error)")]
            )
        }
    }

    /// The worktree, and in it the project's folder: in a monorepo an agent starts where `.chant` lies.
    private func workingFolder(_ worktree: Worktree) -> String {
        rooms.git.repository.prefix.isEmpty ? worktree.path : worktree.path + "/" + rooms.git.repository.prefix
    }

    private func agentRequest(_ prepared: PreparedRun, _ context: RunContext) -> AgentRequest {
        AgentRequest(
            runID: prepared.run.id,
            spec: context.spec,
            specFile: prepared.worktree.path + "/" + context.specPath,
            worktree: prepared.worktree.path,
            branch: prepared.run.branch,
            promptFile: prepared.folder.promptFile,
            model: prepared.run.model,
            attempt: prepared.run.attempt,
            gitDir: rooms.git.repository.place(of: prepared.worktree).gitDir,
            gitCommonDir: rooms.git.repository.commonDir,
            costLimitUSD: prepared.run.limits.costUSD
        )
    }

    private func start(
        _ launch: AgentLaunch,
        _ folder: RunFolder,
        _ context: RunContext
    ) async throws(StageFailure) -> SupervisedAgent {
        try context.control.checkpoint()
        rooms.logs.hold(folder)
        do throws(SpawnError) {
            return try await rooms.spawner.start(launch, deadline: .seconds(30))
        } catch {
            throw StageFailure(
                .agentStartFailed,
                "The agent's program \(launch.program) could not be started: \(error.sentence)",
                ["program": .text(launch.program), "error": .text(error.sentence)]
            )
        }
    }

    /// Registers the agent before its output is read (R26), and names its supervisor in the spec's lock (R35).
    private func register(_ agent: SupervisedAgent, _ begun: Date, _ context: RunContext) throws(StageFailure) -> Run {
        do {
            guard let preparing = try rooms.journal.run(context.run) else { throw JournalError.noSuchRun(context.run) }
            // First the process, then the state: who sees the run running finds its agent among the processes.
            try rooms.journal.registerProcess(run: context.run, ProcessRow(agent, of: preparing))
            let run = try rooms.journal.update(context.run, from: [.preparing]) { run in
                run.state = .running
                run.stage = .invokeAgent
                run.timings.spawnMs = milliseconds(from: begun, to: rooms.now())
            }
            context.traces.lock?.handOver(to: agent.supervisor.pid)
            rooms.logs.begin(rooms.folder(of: run.id))
            return run
        } catch {
            throw .unexpected(error, while: "registering the agent's process")
        }
    }

    /// Waits for the agent's end, passes a stop on to its supervisor, and keeps the original's log file growing.
    private func end(
        of agent: SupervisedAgent,
        _ prepared: PreparedRun,
        _ context: RunContext
    ) async throws(StageFailure) -> ExitRecord {
        context.control.onStop { _ in askToStop(agent) }
        let transcript = TranscriptCopy(
            log: rooms.chantLog(of: context.spec, prepared.pass.agent.provider.dialect),
            folder: prepared.folder,
            prompt: prepared.pass.prompt.name
        )
        let record = await transcript.during { await waitForEnd(of: agent) }
        guard let record else {
            let stopped = await ProcessTree.stopMarked(
                runID: context.run,
                grace: .seconds(context.stopGrace(prepared.run))
            )
            throw StageFailure(
                .supervisorLost,
                "The agent's supervisor ended without a record; what it left behind was stopped.",
                ["stopped": .number(stopped)]
            )
        }
        return record
    }

    /// What the agent's output says about the run; nothing where it cannot be read, which ends no run.
    private func report(of prepared: PreparedRun) -> AgentReport {
        guard let dialect = prepared.pass.agent.provider.dialect else { return AgentReport() }
        return (try? AgentReport.read(prepared.folder, dialect)) ?? AgentReport()
    }

    private func exited(_ exit: ExitRecord, _ report: AgentReport, _ context: RunContext) throws(StageFailure) {
        do {
            try rooms.journal.processExited(
                run: context.run,
                exitCode: exit.code.map(Int.init),
                signal: exit.signal.map(Int.init)
            )
            try rooms.journal.update(context.run, from: [.running]) { run in
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

    private func judge(
        _ exit: ExitRecord,
        _ report: AgentReport,
        _ prepared: PreparedRun
    ) throws(StageFailure) {
        let verdict: AgentVerdict
        do throws(AgentError) {
            let limit = prepared.run.limits.costUSD
            verdict = try rooms.catalog.provider(of: prepared.pass.agent).verdict(on: exit, report, costLimit: limit)
        } catch {
            throw .unexpected(error, while: "judging the agent's end")
        }
        if case .failed(let problem) = verdict { throw StageFailure(problem.reason, problem.detail, problem.members) }
    }

    private func promptValues(_ prepared: PreparedRun, _ request: AgentRequest) -> PromptValues {
        let spec = prepared.pass.spec
        let folder = workingFolder(prepared.worktree)
        return PromptValues(
            projectName: rooms.configuration.project.name ?? rooms.project.name,
            specID: spec.id.text,
            title: spec.title,
            body: spec.body,
            specPath: request.specFile,
            targetFiles: spec.targetFiles,
            context: PromptContext.read(spec.context, in: folder, within: request.worktree, limit: Self.contextLimit),
            folder: folder,
            branch: request.branch
        )
    }
}

extension RunContext {
    /// The run's stop grace in seconds.
    func stopGrace(_ run: Run) -> Double { run.limits.stopGraceSeconds }
}

extension SupervisorLimits {
    /// The limits of a run, for its supervisor.
    fileprivate init(of limits: RunLimits) {
        self.init(
            wall: .seconds(limits.wallSeconds),
            idle: .seconds(limits.idleSeconds),
            stopGrace: .seconds(limits.stopGraceSeconds),
            logBytes: limits.logBytes
        )
    }
}
