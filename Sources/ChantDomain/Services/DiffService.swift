/// Why there is no difference to show.
public enum DiffError: Error, Sendable {
    case spec(SpecError)
    /// No run has this id.
    case runNotFound(RunID)
    /// No run has worked on the spec yet.
    case neverRun(SpecID)
    /// The run has no branch: it waits, was refused, or could not be prepared.
    case noBranch(RunID)
    /// The commits are not in the repository any more.
    case gone(RunID)
    case git(GitError)
    case journal(JournalError)
}

/// What a run has changed.
public struct RunDiff: Sendable {
    /// The run.
    public let run: Run
    /// The commit that its work counts from.
    public let base: String
    /// The last commit of its branch; of a live run, at this moment.
    public let head: String
    /// The difference between the two, masked (R34).
    public let diff: CommitDiff
}

/// Shows what runs have committed, from their start to their end and after it (R49).
///
/// Commits only: what an agent has not committed yet is no part of what will be merged.
public struct DiffService: Sendable {
    let rooms: ExecutionRooms

    /// How many bytes all patches of an answer may have.
    public static let limit = 4 << 20

    /// What a run changed.
    public func diff(of id: RunID) async throws(DiffError) -> RunDiff {
        let run = try asking { () throws(JournalError) in try rooms.journal.run(id) }
        guard let run, run.projectPath == rooms.project.path, let spec = SpecID(run.specID) else {
            throw .runNotFound(id)
        }
        guard let base = run.baseCommit.flatMap({ ObjectID($0) }) else { throw .noBranch(id) }
        do throws(GitError) {
            let tip = try await head(of: run, spec)
            // Of a live run whose branch is just being made there is nothing yet.
            guard let head = tip ?? (run.state.isLive ? base : nil), try await rooms.git.resolve(base.hex) != nil,
                try await rooms.git.resolve(head.hex) != nil
            else { throw GitError.malformed(Self.gone) }
            var diff = try await rooms.git.diff(from: base, to: head, limit: Self.limit)
            for index in diff.files.indices {
                diff.files[index].patch = diff.files[index].patch.map { rooms.redactor.masked($0) }
            }
            return RunDiff(run: run, base: base.hex, head: head.hex, diff: diff)
        } catch {
            guard error != .malformed(Self.gone) else { throw .gone(id) }
            throw .git(error)
        }
    }

    /// What the live run of a spec, else the latest that has a branch, changed.
    public func diff(ofSpec spec: SpecID) async throws(DiffError) -> RunDiff {
        let query = RunQuery(projectPath: rooms.project.path, specID: spec.text, limit: 50)
        let runs = try asking { () throws(JournalError) in try rooms.journal.runs(query) }.items
        guard let latest = runs.first else { throw .neverRun(spec) }
        return try await diff(of: (runs.first { $0.baseCommit != nil } ?? latest).id)
    }

    private static let gone = "the commits are gone"

    /// As stored where the run has ended; the branch, as long as it is the run's, else.
    private func head(of run: Run, _ spec: SpecID) async throws(GitError) -> ObjectID? {
        if !run.state.isLive, let head = run.headCommit.flatMap({ ObjectID($0) }) { return head }
        let newer = try? rooms.journal.runs(
            RunQuery(projectPath: rooms.project.path, specID: spec.text, limit: 50)
        ).items.last { $0.id > run.id && $0.baseCommit != nil }
        return try await KeptWorkSearch(rooms: rooms).tip(of: run, spec, before: newer)
    }

    private func asking<Answer>(_ question: () throws(JournalError) -> Answer) throws(DiffError) -> Answer {
        do { return try question() } catch { throw .journal(error) }
    }
}
