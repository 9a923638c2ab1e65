/// The spec as it is put into a worktree, and what its changes are seen against later (R57).
struct PlacedCopy: Sendable {
    /// What a merge compares both sides with.
    let base: [UInt8]
    /// What is written there; `nil` where what stands there stays.
    let written: [UInt8]?
}

/// How a run goes on with the work of one that was paused (R45, R49).
extension SpecExecutor {
    /// The paused run that this one goes on with; `nil` where it starts over, or there is none.
    func continued(_ validated: ValidatedRun, _ context: RunContext) throws(StageFailure) -> Run? {
        guard validated.pass.spec.status == .paused, validated.run.options.from != .target else { return nil }
        do {
            return try rooms.pausedWork.predecessor(of: context.spec, besides: context.run)
        } catch {
            throw .unexpected(error, while: "looking for the paused run")
        }
    }

    /// Whether an agent has worked in the earlier run's worktree: then nothing is furnished there again.
    func hadAgent(_ earlier: Run?) throws(StageFailure) -> Bool {
        guard let earlier else { return false }
        do throws(JournalError) {
            for run in rooms.pausedWork.line(to: earlier) where try rooms.journal.process(of: run.id) != nil {
                return true
            }
            return false
        } catch {
            throw .unexpected(error, while: "looking for the agent of the paused run")
        }
    }

    /// The spec as it was placed last in the worktree that an earlier run left.
    private func placed(before earlier: Run) -> [UInt8]? {
        rooms.pausedWork.line(to: earlier).lazy.compactMap { run in
            try? LocalFileSystem().read(rooms.folder(of: run.id).specBeforeFile)
        }.first
    }

    /// The spec's copy for a worktree: the file as it is now, and in it what an earlier agent changed in its own copy.
    ///
    /// A person may have edited the file while the spec was paused. Where both changed the same part, the agent's copy stays,
    /// and is still compared with what its first run was given: the end of the work says what does not fit.
    func copy(
        of file: [UInt8],
        in worktree: Worktree,
        after earlier: Run?,
        _ folder: RunFolder,
        _ context: RunContext
    ) async -> PlacedCopy {
        let fresh = PlacedCopy(base: file, written: file)
        guard let earlier, let placed = placed(before: earlier),
            let left = try? SpecCopy(worktree: worktree, path: context.specPath).read()
        else { return fresh }
        do throws(GitError) {
            if let merged = try await rooms.git.mergeSpec(placed: placed, current: file, left: left) {
                return PlacedCopy(base: file, written: merged)
            }
            folder.note("[resume] the spec was edited where the agent had changed it: its copy stays as it was")
        } catch {
            folder.note("[resume] the spec's copy stays as it was: \(error.sentence)")
        }
        return PlacedCopy(base: placed, written: nil)
    }
}

extension GitClient {
    /// The three versions of a spec in one (R57); `nil` where two changed the same part, or one cannot be read.
    fileprivate func mergeSpec(
        placed: [UInt8],
        current: [UInt8],
        left: [UInt8]
    ) async throws(GitError) -> [UInt8]? {
        let outcome = SpecMerge.merge(
            placed: SpecDocument(bytes: placed),
            current: SpecDocument(bytes: current),
            agent: SpecDocument(bytes: left)
        )
        switch outcome {
        case .merged(let document): return document.bytes
        case .conflict, .unreadable: return nil
        case .needsTextMerge(let pending):
            let text = try await mergeText(base: pending.base, ours: pending.ours, theirs: pending.theirs)
            return text.conflicted ? nil : pending.finish(body: text.bytes).bytes
        }
    }
}

extension Run {
    /// Takes the place of a paused run; without one of ours it goes on from whatever the spec's branch holds.
    mutating func goOn(after earlier: Run?) {
        resumedFrom = earlier?.id
        if options.from == nil { options.from = .branch }
        guard let earlier else { return }
        attempt = earlier.attempt
        // A session belongs to one kind of agent.
        sessionID = earlier.provider == provider ? earlier.sessionID : nil
    }

    /// Where a new worktree starts: a run that was paused before it had one starts as that would have.
    func start(after earlier: Run?) -> StartPoint {
        guard let earlier, earlier.worktree == nil else { return start }
        return earlier.start
    }
}
