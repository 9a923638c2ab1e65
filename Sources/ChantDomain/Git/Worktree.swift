/// A run's own worktree.
public struct Worktree: Codable, Sendable, Hashable {
    /// Its folder.
    public var path: String
    /// The last part of the path, which is also git's name for it.
    public var name: String
    /// The branch that is checked out in it.
    public var branch: BranchName
    /// The commit that the run's work counts from.
    public var base: ObjectID

    /// A worktree that was made.
    public init(path: String, name: String, branch: BranchName, base: ObjectID) {
        self.path = path
        self.name = name
        self.branch = branch
        self.base = base
    }
}

/// What a run asks a worktree for.
struct WorktreeRequest: Sendable {
    /// The run, whose id names the worktree.
    var runID: RunID
    /// The spec, whose id names kept refs.
    var spec: SpecID
    /// The run's branch.
    var branch: BranchName
    /// Where the branch starts (R49).
    var start: StartPoint
    /// The target's tip, resolved once for the whole run.
    var targetTip: ObjectID
    /// What the work on the branch has counted from so far, where the run goes on with it.
    var base: ObjectID?
}

/// What becomes of a worktree that is given back.
enum WorktreeHolding: Sendable, Equatable {
    /// It goes, after what nobody holds was stored (R53).
    case remove
    /// It stays for a person to look at, or to go on in.
    case keep
}

/// What the service itself placed into a worktree: no leftover, as long as nobody changed it.
struct PlacedFile: Sendable, Equatable {
    /// The path inside the repository.
    var path: String
    /// The bytes that were placed.
    var bytes: [UInt8]
}

/// What a worktree held that no branch has.
public struct LeftOver: Sendable, Hashable {
    /// The ref that holds it now: `refs/chant/left/<run>`.
    public var ref: String
    /// The stored commit.
    public var commit: ObjectID
}

extension Repository {
    /// A worktree's own git directory, and its folder.
    func place(of worktree: Worktree) -> WorkTreePlace {
        WorkTreePlace(folder: worktree.path, gitDir: "\(worktreeRecords)/\(worktree.name)")
    }
}

/// The refs of our own.
enum ChantRef {
    static func finish(_ run: RunID) -> String { "refs/chant/finish/\(run)" }
    static func kept(_ spec: SpecID, _ run: RunID) -> String { "refs/chant/kept/\(spec.refComponent)/\(run)" }
    /// Holds the commit of a request's edit until the target has it; one for each project.
    static func edit(_ project: ProjectIdentity) -> String {
        "refs/chant/edit/\(Digest(of: Array(project.path.utf8)).short16)"
    }
    static func left(_ run: String) -> String { "refs/chant/left/\(run)" }
}
