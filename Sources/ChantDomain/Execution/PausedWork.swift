import Foundation

/// What the runs of a spec that was paused have left to go on with (R45, R49).
struct PausedWork: Sendable {
    let journal: Journal
    let project: ProjectIdentity

    /// How many runs of a spec are looked through.
    private static let runsLookedAt = 50

    /// The paused run whose work a new run of a paused spec goes on with; `nil` where none of ours was.
    ///
    /// Runs that came after it and never had a worktree, or never an agent there, left everything as it was.
    ///
    /// - Parameters:
    ///   - spec: the spec.
    ///   - run: the one that asks.
    /// - Returns: the latest paused run.
    /// - Throws: `storage`.
    func predecessor(of spec: SpecID, besides run: RunID? = nil) throws(JournalError) -> Run? {
        let query = RunQuery(
            projectPath: project.path,
            specID: spec.text,
            states: [.settled],
            limit: Self.runsLookedAt
        )
        var withoutWorktree: Run?
        for earlier in try journal.runs(query).items where earlier.id != run {
            if try neverHadAgent(earlier) { continue }
            guard earlier.worktree == nil else { return earlier.outcome == .paused ? earlier : withoutWorktree }
            // Paused before it had a worktree: an earlier one may have left one.
            if earlier.outcome == .paused { withoutWorktree = withoutWorktree ?? earlier }
        }
        return withoutWorktree
    }

    /// Whether somebody will go on in the worktree of a run, or may: that the journal cannot tell.
    func isLeft(by run: Run) -> Bool { run.outcome == .paused || ((try? neverHadAgent(run)) ?? true) }

    /// Whether a run was to go on with paused work, and was interrupted before it had an agent, or may still be.
    ///
    /// Where the journal cannot tell, an agent may have worked.
    func isUntouched(by run: Run) -> Bool { (try? neverHadAgent(run)) ?? false }

    private func neverHadAgent(_ run: Run) throws(JournalError) -> Bool {
        guard run.resumedFrom != nil, run.outcome == nil || run.outcome == .interrupted else { return false }
        return try journal.process(of: run.id) == nil
    }

    /// When the work began that a run goes on with: with the first run of those that were paused one after the other.
    ///
    /// One that was dropped is not followed any further.
    func begin(of run: Run) -> Date {
        let first = line(to: run).last ?? run
        return first.startedAt ?? first.queuedAt
    }

    /// The run, the one that it went on after, and so on, the first run last.
    func line(to run: Run) -> [Run] {
        var line = [run]
        while line.count < Self.runsLookedAt, let id = line.last?.resumedFrom, let earlier = try? journal.run(id) {
            line.append(earlier)
        }
        return line
    }

    /// The run that used the worktree of `first` last; a live one that is about to go on there counts.
    func last(onWorktreeOf first: Run) -> Run {
        let query = RunQuery(projectPath: first.projectPath, specID: first.specID, limit: Self.runsLookedAt)
        let runs = (try? journal.runs(query).items) ?? []
        return runs.first { run in
            run.id > first.id && (run.worktree.map { $0 == first.worktree } ?? (run.state.isLive))
                && (run.state.isLive || !isUntouched(by: run))
        } ?? first
    }
}
