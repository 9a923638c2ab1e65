import Foundation
import Logging

/// Decides every run that an earlier service left, before this one says that it is ready (R18, R29).
///
/// Finishing commit reachable: completed. Agent alive: stopped through its supervisor. Everything ends in the one
/// `Settlement`. What was queued stays queued.
struct Recovery: Sendable {
    let rooms: ExecutionRooms
    let settlement: Settlement

    /// As long as a checkout through slow filters may take.
    private static let gitPatience = Duration.seconds(120)

    /// Settles what was under way.
    ///
    /// - Returns: how many runs that were, and the branches of those whose worktree was just being made.
    func recover() async throws -> (decided: Int, abandoned: [BranchName]) {
        await waitForGit()
        for file in try await rooms.store.sweepTemporaryFiles() {
            rooms.logger.notice("temporary file", metadata: ["path": "\(file.path)", "action": "\(file.action)"])
        }
        let left = try rooms.journal.liveRuns(project: rooms.project.path).filter { $0.state != .queued }
        for run in left { await decide(run) }
        let preparing = left.filter { $0.state == .preparing }
        return (left.count, preparing.compactMap { BranchName($0.branch) })
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

    private func decide(_ run: Run) async {
        guard let spec = SpecID(run.specID) else { return }
        let lost = await stopAgent(of: run)
        copyTranscript(of: run, spec)
        var isCompleted = false
        do {
            if let record = try rooms.journal.finishing(run: run.id), try await isCommitted(record) {
                isCompleted = true
                await complete(run, spec, record)
            } else {
                await interrupt(run, spec, supervisorLost: lost)
            }
        } catch {
            rooms.logger.error("run undecided", metadata: ["run": "\(run.id)", "error": "\(error)"])
            await leaveUndecided(run, spec, error)
        }
        SpecLock.releaseStale(spec, chantFolder: rooms.project.path)
        await giveBackWorktree(of: run, spec, isCompleted: isCompleted)
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
    private func isCommitted(_ record: FinishingRecord) async throws -> Bool {
        if record.isWithoutCommit { return true }
        guard let commit = record.commit.flatMap({ ObjectID($0) }), let target = BranchName(record.target) else {
            return false
        }
        return try await rooms.git.isReachable(commit, from: target)
    }

    /// Stops what still lives of the run; returns whether its supervisor was gone without a record.
    private func stopAgent(of run: Run) async -> Bool {
        let folder = rooms.folder(of: run.id)
        guard let agent = SupervisedAgent.read(runFolder: folder.path) else {
            _ = await ProcessTree.stopMarked(runID: run.id, grace: .seconds(run.limits.stopGraceSeconds))
            return false
        }
        askToStop(agent)
        let record = await waitForEnd(of: agent)
        if record == nil {
            _ = await ProcessTree.stopMarked(runID: run.id, grace: .seconds(run.limits.stopGraceSeconds))
        }
        try? rooms.journal.processExited(
            run: run.id,
            exitCode: record?.code.map(Int.init),
            signal: record?.signal.map(Int.init)
        )
        return record == nil
    }

    /// F4 and F5 of a run whose finishing commit is on the target.
    private func complete(_ run: Run, _ spec: SpecID, _ record: FinishingRecord) async {
        let folder = rooms.folder(of: run.id)
        let files = LocalFileSystem()
        let placed = (try? files.read(folder.specBeforeFile)) ?? []
        let finish = Finish(
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
        let commit = record.commit.flatMap { ObjectID($0) }
        await rooms.finisher.completeFiles(finish, commit: commit)
        await settlement.settle(run, as: nil, mergeCommit: commit, warnings: [])
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
        await settlement.leaveAfterRestart(spec, failure.specEvent)
        await settlement.settle(run, as: failure, mergeCommit: nil, warnings: [])
    }

    private func interrupt(_ run: Run, _ spec: SpecID, supervisorLost: Bool) async {
        await rooms.finisher.undo(run)
        let stopped = StageFailure.stopped(run.cancelRequested ? .cancelled : .serviceStopped)
        let lost = StageFailure(
            .supervisorLost,
            "The agent's supervisor was gone without a record when the service started."
        )
        let failure = settlement.tooOften(supervisorLost && !run.cancelRequested ? lost : stopped, run)
        await settlement.leaveAfterRestart(spec, failure.specEvent)
        await settlement.settle(run, as: failure, mergeCommit: nil, warnings: [])
    }

    private func shortHashes(_ commits: [String]) async -> [String] {
        var short: [String] = []
        for commit in commits.compactMap({ ObjectID($0) }) {
            short.append((try? await rooms.git.shortHash(commit)) ?? String(commit.hex.prefix(7)))
        }
        return short
    }

    private func giveBackWorktree(of run: Run, _ spec: SpecID, isCompleted: Bool) async {
        guard let path = run.worktree, let branch = BranchName(run.branch),
            let base = run.baseCommit.flatMap({ ObjectID($0) })
        else { return }
        let worktree = Worktree(path: path, name: run.id.text, branch: branch, base: base)
        do {
            _ = try await rooms.worktrees.giveBack(
                worktree,
                run: run.id,
                holding: .remove,
                placed: await placed(run, spec),
                droppingBranchIn: isCompleted ? rooms.target : nil
            )
        } catch {
            rooms.logger.warning("worktree kept", metadata: ["run": "\(run.id)", "path": "\(path)", "why": "\(error)"])
        }
    }

    /// The spec as it was placed, which is no leftover (R53).
    private func placed(_ run: Run, _ spec: SpecID) async -> [PlacedFile] {
        let file = rooms.folder(of: run.id).specBeforeFile
        guard let bytes = try? LocalFileSystem().read(file) else { return [] }
        let found = try? await rooms.store.read(spec)
        return [PlacedFile(path: found.map(rooms.repositoryPath) ?? rooms.specPath(spec), bytes: bytes)]
    }
}
