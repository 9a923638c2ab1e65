/// Why a spec's kept work was not even tried to be merged.
public enum MergeError: Error, Sendable {
    /// The spec's file: unknown, unreadable, or with a status that does not allow it.
    case spec(SpecError)
    /// A run of it is live, another program has its lock, or its approval is open.
    case refused(GateRefusal)
    /// It is a driver: its members are merged, each by itself.
    case driver(SpecID)
    /// No run of it has left commits.
    case nothingKept(SpecID)
    /// No conflict stands in the way, so that no conflict spec is needed.
    case noConflict(SpecID)
    /// git could not answer.
    case git(GitError)
    /// The journal could not answer.
    case journal(JournalError)
    /// Something that nobody foresees.
    case unexpected(String)
    /// The conflict spec was not written.
    case edit(SpecEditError)
}

/// How a merge by a person's word ended.
public struct MergeReport: Sendable {
    /// The run whose work it is.
    public let run: Run
    /// Why it did not complete; `nil` where the work is on the target and the spec completed.
    public let problem: RunProblem?
    /// How it ended, in the words of runs.
    public let outcome: RunOutcome
    /// The finishing commit; `nil` where none was needed.
    public let mergeCommit: String?
    /// What was noteworthy.
    public let warnings: [RunWarning]
}

extension MergeError {
    /// The same for errors of other rooms.
    init(_ error: any Error) {
        switch error {
        case let error as MergeError: self = error
        case let error as SpecError: self = .spec(error)
        case let error as GitError: self = .git(error)
        case let error as JournalError: self = .journal(error)
        default: self = .unexpected("\(error)")
        }
    }
}
