import Foundation
import Logging

/// Decides every run that an earlier service left, before this one says that it is ready (R18, R29).
///
/// Finishing commit reachable: completed. An agent was started: adopted, whether it lives or has ended, and its run goes
/// on through the stages. Nothing was started: undone and interrupted. Everything ends in the one `Settlement`.
struct Recovery: Sendable {
    let rooms: ExecutionRooms
    let settlement: Settlement
    let adoption: Adoption

    /// What became of the runs that an earlier service left.
    struct Findings: Sendable {
        /// How many were decided at once.
        var decided = 0
        /// The branches of those whose worktree was just being made.
        var abandoned: [BranchName] = []
        /// Those that go on.
        var adopted: [AdoptedRun] = []
    }

    /// As long as its own service would have let it go on: a checkout through slow filters takes its time.
    private static let gitPatience = GitCommand.slowTimeLimit
    /// The pauses between the attempts at a run that the journal refuses.
    private static let pauses: [Duration] = [.milliseconds(100), .milliseconds(500), .seconds(2)]

    /// Looks at what was under way.
    func recover() async throws -> Findings {
        await waitForGit()
        for file in try await rooms.store.sweepTemporaryFiles() {
            rooms.logger.notice("temporary file", metadata: ["path": "\(file.path)", "action": "\(file.action)"])
        }
        var findings = Findings()
        for run in try rooms.journal.liveRuns(project: rooms.project.path) where run.state != .queued {
            if let adopted = try await decided(run) {
                findings.adopted.append(adopted)
            } else {
                findings.decided += 1
                if run.state == .preparing, let branch = BranchName(run.branch) { findings.abandoned.append(branch) }
            }
        }
        await decideMerges()
        await mend()
        await completeDrivers()
        return findings
    }

    /// A git of the earlier service may still move the target: what is decided meanwhile would be wrong a moment later.
    private func waitForGit() async {
        let mark = "\(ServiceMark.variable)=\(ServiceMark.value(stateFolder: rooms.stateFolder))"
        let left = await ProcessTree.waitUntilGone(mark, atMost: Self.gitPatience)
        guard !left.isEmpty else { return }
        rooms.logger.warning(
            "a git of an earlier service is still at work",
            metadata: ["pids": "\(left.map(String.init).joined(separator: " "))"]
        )
    }

    /// The decision, made again where the journal refused it for a moment.
    ///
    /// A run that stays live with nobody to carry it could be neither stopped nor started again: then the start fails,
    /// and is repeated by whoever started the service.
    ///
    /// - Returns: the run, where it goes on.
    private func decided(_ run: Run) async throws(JournalError) -> AdoptedRun? {
        var pauses = Self.pauses[...]
        while true {
            var refusal = JournalError.storage(operation: "settle run \(run.id)", code: 0, detail: "the log says why")
            do throws(JournalError) {
                if let adopted = try await decide(run) { return adopted }
                guard try rooms.journal.run(run.id)?.state.isLive == true else { return nil }
            } catch {
                rooms.logger.error("run undecided", metadata: ["run": "\(run.id)", "error": "\(error)"])
                refusal = error
            }
            guard let pause = pauses.popFirst() else { throw refusal }
            try? await Surroundings.sleep(for: pause)
        }
    }

    /// - Returns: the run, where it goes on.
    private func decide(_ run: Run) async throws(JournalError) -> AdoptedRun? {
        guard let spec = SpecID(run.specID) else { return nil }
        var isCompleted = false
        do {
            let record = try await finishing(run)
            if let record, try await isCommitted(record) {
                isCompleted = true
                _ = await stopAgent(of: run)
                copyTranscript(of: run, spec)
                await complete(run, spec, record)
            } else if let adopted = try await adoption.adopt(run, spec) {
                await rooms.finisher.undo(run)
                tellAdopted(adopted)
                return adopted
            } else {
                let lost = await stopAgent(of: run)
                copyTranscript(of: run, spec)
                await interrupt(run, spec, lost)
            }
        } catch let error as JournalError {
            // It says nothing of the run, whose agent may be well.
            throw error
        } catch {
            rooms.logger.error("run undecided", metadata: ["run": "\(run.id)", "error": "\(error)"])
            _ = await stopAgent(of: run)
            copyTranscript(of: run, spec)
            await leaveUndecided(run, spec, error)
        }
        await giveBackWorktree(of: run, spec, isCompleted: isCompleted)
        return nil
    }

    /// What finishing set out to do; where the journal was lost, its commit is held by our ref, or is on the target.
    private func finishing(_ run: Run) async throws -> FinishingRecord? {
        if let record = try rooms.journal.finishing(run: run.id) { return record }
        var commit = try await rooms.git.value(ofRef: ChantRef.finish(run.id))
        if commit == nil, run.state != .preparing { commit = try await rooms.git.finishingCommit(of: run) }
        guard let commit else { return nil }
        let old = try await rooms.git.resolve("\(commit.hex)^1")
        let tip = try await rooms.git.resolve("\(commit.hex)^2")
        guard let old else { return nil }
        return FinishingRecord(target: run.target, old: old.hex, tip: (tip ?? old).hex, commit: commit.hex)
    }

    private func tellAdopted(_ adopted: AdoptedRun) {
        let run = adopted.started.run
        rooms.logger.notice(
            adopted.isAlive ? "adopted an agent" : "finishing a run whose agent ended meanwhile",
            metadata: ["run": "\(run.id)", "spec": "\(run.specID)", "pid": "\(adopted.started.agent.agent.pid)"]
        )
    }

    /// What the agent wrote while nobody copied goes to the spec's log of all runs, before the next run's part begins.
    private func copyTranscript(of run: Run, _ spec: SpecID) {
        do {
            try rooms.chantLog(of: spec, Provider(run.provider).dialect).copyRest(of: rooms.folder(of: run.id))
        } catch {
            rooms.logger.warning("log of all runs not completed", metadata: ["run": "\(run.id)", "why": "\(error)"])
        }
    }

    /// The point of no return (R58): M reachable from the target, or journaled that there is nothing to commit.
    func isCommitted(_ record: FinishingRecord) async throws -> Bool {
        if record.isWithoutCommit { return true }
        guard let commit = record.commit.flatMap({ ObjectID($0) }), let target = BranchName(record.target) else {
            return false
        }
        return try await rooms.git.isReachable(commit, from: target)
    }

    /// Stops what still lives of the run.
    ///
    /// - Returns: why it counts as lost; `nil` where there was no supervisor, or it left its record.
    private func stopAgent(of run: Run) async -> StageFailure? {
        let folder = rooms.folder(of: run.id)
        let grace = Duration.seconds(run.limits.stopGraceSeconds)
        guard let agent = SupervisedAgent.read(runFolder: folder.path) else {
            _ = await ProcessTree.stopMarked(runID: run.id, grace: grace)
            return nil
        }
        askToStop(agent)
        let record = await waitForEnd(of: agent)
        let stopped = record == nil ? await ProcessTree.stopMarked(runID: run.id, grace: grace) : 0
        try? rooms.journal.processExited(
            run: run.id,
            exitCode: record?.code.map(Int.init),
            signal: record?.signal.map(Int.init)
        )
        guard record == nil else { return nil }
        return .agentLost(wasRestarted: agent.supervisor.isOfEarlierBoot, stopped: stopped)
    }

    /// F4 and F5 of a run whose finishing commit is on the target.
    private func complete(_ run: Run, _ spec: SpecID, _ record: FinishingRecord) async {
        let commit = record.commit.flatMap { ObjectID($0) }
        let warnings = await rooms.finisher.completeFiles(await finish(of: run, spec), commit: commit)
        releaseLock(of: spec)
        await settlement.settle(run, as: nil, mergeCommit: commit, warnings: warnings)
    }

    /// What a run whose commit is on the target had set out to finish.
    func finish(of run: Run, _ spec: SpecID) async -> Finish {
        let folder = rooms.folder(of: run.id)
        let files = LocalFileSystem()
        let placed = (try? files.read(folder.specBeforeFile)) ?? []
        return Finish(
            run: run,
            spec: spec,
            placed: placed,
            left: (try? files.read(folder.specAfterFile)) ?? placed,
            branchTip: nil,
            commits: await shortHashes(run.commits),
            model: ModelChoice.recorded(reported: nil, asked: run.model, agent: run.agent),
            criteria: run.options.criteria ?? rooms.configuration.server.criteria,
            merge: .auto
        )
    }

    /// Its work may be on the target: it does not start again by itself, and what it made is kept (R58).
    private func leaveUndecided(_ run: Run, _ spec: SpecID, _ error: any Error) async {
        let record = try? rooms.journal.finishing(run: run.id)
        let failure: StageFailure
        if let commit = record?.commit.flatMap({ ObjectID($0) }), let target = record?.target,
            let error = error as? GitError
        {
            failure = .undecided(commit, on: target, of: run, error)
        } else {
            failure = .unexpected(error, while: "finding out whether the run had been finished")
        }
        let warnings = await settlement.leaveAfterRestart(spec, failure.specEvent)
        releaseLock(of: spec)
        await settlement.settle(run, as: failure, mergeCommit: nil, warnings: warnings)
    }

    private func interrupt(_ run: Run, _ spec: SpecID, _ lost: StageFailure?) async {
        await rooms.finisher.undo(run)
        let asked = run.stopReason.map(StageFailure.stopped)
        let failure = settlement.tooOften(asked ?? lost ?? .stopped(.serviceStopped), run)
        let note = await settlement.note(of: run, failure, at: rooms.folder(of: run.id).readRecord()?.specPath)
        let warnings = await settlement.leaveAfterRestart(spec, failure.specEvent, note)
        releaseLock(of: spec)
        await settlement.settle(run, as: failure, mergeCommit: nil, warnings: warnings)
    }

    private func shortHashes(_ commits: [String]) async -> [String] {
        var short: [String] = []
        for commit in commits.compactMap({ ObjectID($0) }) {
            short.append((try? await rooms.git.shortHash(commit)) ?? String(commit.hex.prefix(7)))
        }
        return short
    }
}

extension GitClient {
    /// The commit on the target that names this run as its own, since the run began.
    fileprivate func finishingCommit(of run: Run) async throws(GitError) -> ObjectID? {
        guard let base = run.baseCommit.flatMap({ ObjectID($0) }), let target = BranchName(run.target),
            let tip = try await tip(of: target)
        else { return nil }
        let grep = ["--fixed-strings", "--grep=Chant-Run: \(run.id)"]
        let range = ["--max-count=1", "--format=%H", "^" + base.hex, tip.hex]
        let answer = try await self.run(["log", "--first-parent"] + grep + range, accepted: [0, 128])
        return answer.code == 0 ? ObjectID(answer.text) : nil
    }
}
