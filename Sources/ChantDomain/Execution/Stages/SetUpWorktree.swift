import Foundation

/// The command `server.worktree.setup`, run in a fresh worktree under a supervisor of its own.
extension SpecExecutor {
    /// Runs the command to its end; its output is part of the run's log.
    func setUp(_ command: [String], _ place: RunPlace, _ run: Run, _ context: RunContext) async throws(StageFailure) {
        try context.control.checkpointBeforeStart()
        place.folder.note("[setup] \(command.joined(separator: " "))")
        let begin = place.folder.outputFigures.bytes
        let launch = try await setupLaunch(command, place, run, context)
        defer { place.folder.removeSetup() }
        // Who follows the log sees it from its first line.
        rooms.logs.begin(place.folder)
        let setup: SupervisedAgent
        do throws(SpawnError) {
            setup = try await rooms.spawner.start(launch, deadline: .seconds(30))
        } catch {
            throw setupFailure("could not be started: \(error.sentence)", place, begin)
        }
        let exit = try await end(ofSetup: setup, run, context)
        try judge(setup: exit, place, begin)
        do throws(FileError) {
            try place.folder.noteAgentBegin()
        } catch {
            throw .unexpected(error, while: "noting where the agent's output begins")
        }
    }

    private func setupLaunch(
        _ command: [String],
        _ place: RunPlace,
        _ run: Run,
        _ context: RunContext
    ) async throws(StageFailure) -> AgentLaunch {
        let search = ProgramSearch(
            projectFolder: rooms.project.folder,
            searchPath: rooms.environment["PATH"] ?? ""
        )
        let program: String
        switch search.find(command.first ?? "") {
        case .success(let path): program = path
        case .failure(let missing): throw setupFailure("could not be started: \(missing.detail)", place, nil)
        }
        let limits = rooms.configuration.server.limits
        do {
            return AgentLaunch(
                runID: run.id,
                runFolder: try place.folder.makeSetup(),
                program: program,
                arguments: Array(command.dropFirst()),
                environment: try await environment(for: agentRequest(run, place, context), .command),
                workingFolder: workingFolder(place.worktree),
                limits: SupervisorLimits(
                    wall: limits.setup,
                    idle: limits.setup,
                    stopGrace: limits.stopGrace,
                    logBytes: limits.logBytes
                ),
                separateErrorFile: false
            )
        } catch {
            if let full = StageFailure.diskFull(error, while: "starting the set-up command") { throw full }
            throw setupFailure("could not be started: \(error).", place, nil)
        }
    }

    /// Waits for the end; a stop of the run, or of the service in any way, stops the command (R30: only agents are left
    /// to the next service).
    private func end(
        ofSetup setup: SupervisedAgent,
        _ run: Run,
        _ context: RunContext
    ) async throws(StageFailure) -> ExitRecord {
        context.control.onStop { _ in askToStop(setup) }
        let (record, isDetached) = await withTaskGroup(of: Bool.self) { group in
            group.addTask {
                guard await context.control.isDetached() else { return false }
                askToStop(setup)
                return true
            }
            let record = await withoutCancellation { await waitForEnd(of: setup) }
            group.cancelAll()
            return (record, await group.contains(true))
        }
        guard let record else {
            let stopped = await ProcessTree.stopMarked(
                runID: run.id,
                grace: .seconds(run.limits.stopGraceSeconds)
            )
            throw .agentLost(wasRestarted: false, stopped: stopped)
        }
        try context.control.checkpoint()
        if isDetached, record.by == .asked { throw .stopped(.serviceStopped) }
        return record
    }

    private func judge(setup exit: ExitRecord, _ place: RunPlace, _ begin: Int) throws(StageFailure) {
        let limits = rooms.configuration.server.limits
        switch (exit.by, exit.code, exit.signal) {
        case (.exit, 0?, _): return
        case (.wall, _, _), (.idle, _, _):
            throw setupFailure("took longer than limits.setup, \(limits.setup), and was stopped.", place, begin, exit)
        case (.log, _, _):
            throw setupFailure("printed more than limits.log_bytes and was stopped.", place, begin, exit)
        case (_, let code?, _): throw setupFailure("ended with exit code \(code).", place, begin, exit)
        case (_, _, let signal?): throw setupFailure("was ended by signal \(signal).", place, begin, exit)
        default: throw setupFailure("could not be started: \(exit.startError ?? "no record").", place, begin, exit)
        }
    }

    /// What the end of the command's output says belongs to the evidence.
    private static var shownOutput: Int { 4096 }

    private func setupFailure(
        _ what: String,
        _ place: RunPlace,
        _ begin: Int?,
        _ exit: ExitRecord? = nil
    ) -> StageFailure {
        let sentence = "The command of server.worktree.setup \(what)"
        var evidence: [String: Evidence] = ["worktree": .text(place.worktree.path)]
        if let begin {
            let output = place.folder.output(from: begin, atMost: Self.shownOutput, masking: rooms.redactor)
            evidence["stderr"] = .text(output)
        }
        if let code = exit?.code { evidence["code"] = .number(Int(code)) }
        if let signal = exit?.signal { evidence["signal"] = .number(Int(signal)) }
        place.folder.note("[setup] \(sentence)")
        return StageFailure(.setupFailed, sentence, evidence)
    }
}
