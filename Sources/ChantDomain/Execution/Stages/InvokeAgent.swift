import Foundation

/// A run whose agent is under way, or was when somebody last looked.
///
/// Made by this service's start of the agent, or by the adoption of one that an earlier service had started.
struct StartedRun: Sendable {
    let run: Run
    let place: RunPlace
    let agent: SupervisedAgent
    /// What the agent had in its environment.
    let environment: [String: String]
    /// Whether an earlier service had started it.
    let isAdopted: Bool
}

extension SpecExecutor {
    /// Stage 3, its beginning: hands the prompt over as a file and starts the agent under a supervisor of its own.
    func startAgent(_ prepared: PreparedRun, _ context: RunContext) async throws(StageFailure) -> StartedRun {
        let begun = rooms.now()
        let launch = try await launch(prepared, context)
        let agent = try await start(launch, prepared.place.folder, context)
        let run: Run
        do throws(StageFailure) {
            run = try register(agent, begun, context)
        } catch {
            // Nothing that was started is left behind (R28).
            askToStop(agent)
            _ = await waitForEnd(of: agent)
            throw error
        }
        return StartedRun(
            run: run,
            place: prepared.place,
            agent: agent,
            environment: launch.environment,
            isAdopted: false
        )
    }

    private func launch(_ prepared: PreparedRun, _ context: RunContext) async throws(StageFailure) -> AgentLaunch {
        let prompt = await message(prepared, agentRequest(prepared.run, prepared.place, context))
        do {
            try LocalFileSystem().replace(Array(prompt.utf8), at: prepared.place.folder.promptFile, mode: 0o600)
        } catch {
            throw commandFailure(error)
        }
        return try await launch(prepared.run, prepared.place, prepared.pass.agent, context)
    }

    /// What is started for a run whose prompt is written.
    func launch(
        _ run: Run,
        _ place: RunPlace,
        _ agent: Agent,
        _ context: RunContext
    ) async throws(StageFailure) -> AgentLaunch {
        let request = agentRequest(run, place, context)
        do {
            let provider = try rooms.catalog.provider(of: agent)
            let command = try provider.command(for: request)
            let environment = try await environment(for: request, agent.provider)
            return AgentLaunch(
                runID: run.id,
                runFolder: place.folder.path,
                program: command.program,
                arguments: command.arguments,
                environment: environment,
                workingFolder: workingFolder(place.worktree),
                limits: SupervisorLimits(of: run.limits),
                separateErrorFile: provider.separatesError
            )
        } catch {
            throw commandFailure(error)
        }
    }

    private func commandFailure(_ error: any Error) -> StageFailure {
        if let full = StageFailure.diskFull(error, while: "writing the prompt") { return full }
        return StageFailure(
            .agentStartFailed,
            "The agent's command could not be made: \(error).",
            ["error": .text("\(error)")]
        )
    }

    private func message(_ prepared: PreparedRun, _ request: AgentRequest) async -> String {
        let folder = workingFolder(prepared.place.worktree)
        return await rooms.prompting.message(
            prepared.pass.prompt,
            for: prepared.pass.spec,
            at: PromptPlace(specFile: request.specFile, folder: folder, branch: request.branch),
            sources: WorktreeSources(folder: folder, worktree: request.worktree),
            note: prepared.run.options.note,
            run: prepared.run.id
        )
    }

    /// The worktree, and in it the project's folder: in a monorepo an agent starts where `.chant` lies.
    func workingFolder(_ worktree: Worktree) -> String {
        rooms.git.repository.prefix.isEmpty ? worktree.path : worktree.path + "/" + rooms.git.repository.prefix
    }

    func agentRequest(_ run: Run, _ place: RunPlace, _ context: RunContext) -> AgentRequest {
        AgentRequest(
            runID: run.id,
            spec: context.spec,
            specFile: place.worktree.path + "/" + context.specPath,
            worktree: place.worktree.path,
            branch: run.branch,
            promptFile: place.folder.promptFile,
            model: run.model,
            attempt: run.attempt,
            gitDir: rooms.git.repository.place(of: place.worktree).gitDir,
            gitCommonDir: rooms.git.repository.commonDir,
            costLimitUSD: run.limits.costUSD,
            session: run.resumedFrom == nil ? nil : run.sessionID
        )
    }

    /// What an agent has in its environment (R61, R62).
    func environment(
        for request: AgentRequest,
        _ provider: Provider
    ) async throws(GitError) -> [String: String] {
        AgentEnvironment.make(
            from: rooms.environment,
            keys: rooms.configuration.server,
            request: request,
            provider: provider,
            needsIdentity: try await !rooms.git.userIdentity(in: request.worktree)
        )
    }

    func start(
        _ launch: AgentLaunch,
        _ folder: RunFolder,
        _ context: RunContext
    ) async throws(StageFailure) -> SupervisedAgent {
        try context.control.checkpointBeforeStart()
        rooms.logs.hold(folder)
        do throws(SpawnError) {
            return try await rooms.spawner.start(launch, deadline: .seconds(30))
        } catch {
            if error.sentence.contains("No space left on device") {
                throw StageFailure(
                    .diskFull,
                    "The disk was full while the agent was started. Make room and start the spec again.",
                    ["error": .text(error.sentence)]
                )
            }
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
