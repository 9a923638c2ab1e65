/// Why a request's edit of a spec was not written.
public enum SpecEditError: Error, Sendable {
    case spec(SpecError)
    /// The spec exists and the request does not say which version it replaces.
    case preconditionRequired(SpecID, revision: String)
    /// The spec is another version than the request names; `nil` where there is none.
    case preconditionFailed(SpecID, revision: String?)
    /// The dependencies would close this circle (R10).
    case cycle([SpecID])
    /// Requests may write `pending` and `cancelled` only, by the doors of the table (R6).
    case illegalStatus(from: SpecStatus, to: SpecStatus, allowed: [SpecStatus])
    /// A new spec that says it has come further than it can have.
    case firstStatus(SpecStatus)
    /// A run of it is live.
    case alreadyRunning(Run, pid: Int32?)
    /// Another program works on it (R35).
    case lockedByOther(SpecID, pid: Int32)
    /// The edit could not be committed to the target, so it was not made (R40).
    case notCommitted(EditObstacle)
    /// git failed while the edit was to be committed; the edit was not made.
    case git(GitError)
    case journal(JournalError)
}

/// What stands in the way of a commit of an edit (R40).
public enum EditObstacle: Sendable, Equatable {
    /// A person has staged or changed these files.
    case dirty([String])
    /// The checkout is amid something; a sentence says what and what to do.
    case busy(String)
    /// The target branch kept moving.
    case moving(target: String)
    /// There is no target branch.
    case missing(target: String)
    /// The repository has no commit yet.
    case empty
}

/// Which version of a spec a request is about.
public struct RevisionCondition: Sendable {
    /// Revisions of a spec.
    public enum Revisions: Sendable, Equatable {
        /// Whatever there is, as long as there is something.
        case any
        case these([String])

        func includes(_ revision: String?) -> Bool {
            guard let revision else { return false }
            switch self {
            case .any: return true
            case .these(let revisions): return revisions.contains(revision)
            }
        }
    }

    /// The spec has to be one of these.
    public var match: Revisions?
    /// The spec must be none of these.
    public var noneMatch: Revisions?

    /// A condition; without either, none.
    public init(match: Revisions? = nil, noneMatch: Revisions? = nil) {
        self.match = match
        self.noneMatch = noneMatch
    }

    /// Whether a spec of this revision is meant; `nil` for one that is not there.
    func allows(_ revision: String?) -> Bool {
        (match?.includes(revision) ?? true) && !(noneMatch?.includes(revision) ?? false)
    }
}
