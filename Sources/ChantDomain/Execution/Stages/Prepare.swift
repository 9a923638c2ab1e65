import Foundation

/// What a run works with from its preparation to its end, whichever service looks after it.
struct RunPlace: Sendable {
    let worktree: Worktree
    let folder: RunFolder
    /// The spec's bytes as placed in the worktree.
    let placed: [UInt8]
    /// When the agent's commits may begin.
    let since: Date
    /// What the project's checkout looked like, and how many runs had settled by then (R54).
    let checkoutBefore: CheckoutFingerprint
    let agent: Agent
    let promptName: String
}

/// A run with a worktree of its own, its spec in progress and placed there.
struct PreparedRun: Sendable {
    let run: Run
    let pass: GatePass
    let place: RunPlace

    fileprivate init(run: Run, pass: GatePass, place: RunPlace) {
        self.run = run
        self.pass = pass
        self.place = place
    }
}

extension SpecExecutor {
    /// Stage 2: journal and run folder first, then the lock, the status, the worktree, and the spec placed in it.
    func prepare(_ validated: ValidatedRun, _ context: RunContext) async throws(StageFailure) -> PreparedRun {
        let begun = rooms.now()
        let tip = try await targetTip()
        let earlier = try continued(validated, context)
        var run = try enter(.prepare, .preparing, context) { run in
            run.baseCommit = tip.hex
            run.agent = validated.pass.agent.name
            run.provider = validated.pass.agent.provider.word
            if validated.pass.spec.status == .paused { run.goOn(after: earlier) }
        }
        let folder = try makeFolder(for: run)
        rooms.lookForSecrets()
        let started = try await startSpec(run, context)
        let fingerprint = await CheckoutFingerprint(rooms)
        let (worktree, isKept) = try await obtainWorktree(run, after: earlier, tip: tip, folder: folder, context)
        run = try enter(.prepare, .preparing, context) { run in
            run.worktree = worktree.path
            run.baseCommit = worktree.base.hex
            run.timings.prepareMs = milliseconds(from: begun, to: rooms.now())
        }
        let pass = validated.pass
        let copy = await copy(of: started, in: worktree, after: earlier, folder, context)
        try self.place(copy, in: worktree, run, folder, prompt: pass.prompt.name, context)
        let place = RunPlace(
            worktree: worktree,
            folder: folder,
            placed: copy.base,
            since: earlier == nil ? begun : rooms.pausedWork.begin(of: run),
            checkoutBefore: fingerprint,
            agent: pass.agent,
            promptName: pass.prompt.name
        )
        let isFurnished = isKept ? try hadAgent(earlier) : false
        if rooms.configuration.server.worktree.furnishes, !isFurnished {
            try await furnish(place, run, context)
            run = try enter(.prepare, .preparing, context) { run in
                run.timings.prepareMs = milliseconds(from: begun, to: rooms.now())
            }
        }
        return PreparedRun(run: run, pass: pass, place: place)
    }

    private func targetTip() async throws(StageFailure) -> ObjectID {
        do {
            guard let tip = try await rooms.git.tip(of: rooms.target) else {
                throw StageFailure.refused(.targetMissing(rooms.target.text))
            }
            return tip
        } catch let failure as StageFailure {
            throw failure
        } catch {
            throw .unexpected(error, while: "resolving the target")
        }
    }

    private func makeFolder(for run: Run) throws(StageFailure) -> RunFolder {
        let folder = rooms.folder(of: run.id)
        do {
            try folder.create(for: run)
            return folder
        } catch {
            throw .unexpected(error, while: "making the run's folder")
        }
    }

    private func takeLock(_ context: RunContext) throws(StageFailure) {
        do {
            context.traces.lock = try SpecLock(taking: context.spec, chantFolder: rooms.project.path)
        } catch let held as SpecLock.Held {
            throw .refused(.lockedByOther(context.spec, pid: held.pid))
        } catch {
            throw .unexpected(error, while: "taking the spec's lock")
        }
    }

    /// The file says `in_progress` before the worktree is made, and is placed there as it is then.
    private func startSpec(_ run: Run, _ context: RunContext) async throws(StageFailure) -> [UInt8] {
        let claims = rooms.claims
        let interrupted = StageFailure.init(spec: .changedMeanwhile(context.spec), context.spec, while: "starting it")
        return try await claims.withClaim(of: context.spec, as: run.id.text, orThrow: interrupted) {
            () async throws(StageFailure) in
            // Whoever asked for a stop before this knows the spec as it was.
            try context.control.checkpoint()
            // Under the claim, which a merge holds as long as its lock: both would be this process's.
            try takeLock(context)
            return try await writeStart(run, context)
        }
    }

    private func writeStart(_ run: Run, _ context: RunContext) async throws(StageFailure) -> [UInt8] {
        do throws(SpecError) {
            let file = try await rooms.lifecycle.start(context.spec, branch: run.branch)
            context.traces.specStarted = true
            context.traces.specPath = rooms.repositoryPath(of: file)
            return file.document.bytes
        } catch {
            // The gates have just read it; what it became since then refuses the start (R11).
            if case .unreadable(let file) = error { throw .refused(.unreadable(file)) }
            throw .init(spec: error, context.spec, while: "marking the spec as in progress")
        }
    }

    private func obtainWorktree(
        _ run: Run,
        after earlier: Run?,
        tip: ObjectID,
        folder: RunFolder,
        _ context: RunContext
    ) async throws(StageFailure) -> (Worktree, isKept: Bool) {
        try context.control.checkpointBeforeStart()
        do throws(GitError) {
            guard let branch = BranchName(run.branch) else { throw GitError.invalidBranch(run.branch) }
            let kept = earlier.flatMap(Worktree.init(of:))
            let request = WorktreeRequest(
                runID: run.id,
                spec: context.spec,
                branch: branch,
                start: run.start(after: earlier),
                targetTip: tip,
                base: kept?.base
            )
            let (worktree, isKept) = try await context.traces.timingGit {
                () async throws(GitError) -> (Worktree, Bool) in
                if let kept, let worktree = try await rooms.worktrees.takeUp(kept, for: run.id) {
                    return (worktree, true)
                }
                return (try await rooms.worktrees.obtain(request) { line in folder.note(line) }, false)
            }
            context.traces.worktree = worktree
            return (worktree, isKept)
        } catch {
            let worktrees = rooms.worktrees.folder
            if let full = StageFailure.diskFull(error, while: "making the worktree", in: worktrees) { throw full }
            let damaged = rooms.git.repository.damagedRecords.map(Repository.sentence(ofDamaged:))
            throw StageFailure(
                .worktreeFailed,
                (["The worktree could not be made: \(error.sentence)"] + damaged).joined(separator: " "),
                ["stderr": .text(error.stderr), "branch": .text(run.branch)]
            )
        }
    }

    /// The bytes go into the run's folder and into the worktree; `run.json` now names that.
    private func place(
        _ copy: PlacedCopy,
        in worktree: Worktree,
        _ run: Run,
        _ folder: RunFolder,
        prompt: String,
        _ context: RunContext
    ) throws(StageFailure) {
        do {
            try folder.write(run, specPath: context.specPath, prompt: prompt)
            try LocalFileSystem().replace(copy.base, at: folder.specBeforeFile, mode: 0o600)
            guard let bytes = copy.written else { return }
            try SpecCopy(worktree: worktree, path: context.specPath).write(bytes)
            // What an agent has changed is its work, and none of ours.
            guard bytes == copy.base else { return }
            try rooms.git.notePlaced(PlacedFile(path: context.specPath, bytes: bytes), in: worktree)
        } catch {
            if let full = StageFailure.diskFull(error, while: "placing the spec in the worktree") { throw full }
            throw StageFailure(
                .worktreeFailed,
                "The spec could not be placed in the worktree: \(error).",
                ["stderr": .text("\(error)"), "branch": .text(run.branch)]
            )
        }
    }
}
