/// What went wrong with a repository; each case carries its evidence.
public enum GitError: Error, Sendable, Equatable {
    /// git ended with an unexpected code or signal.
    case failed(GitFailure)
    /// There is no git program.
    case gitMissing
    /// git is older than 2.38 (R60).
    case tooOld(found: String)
    /// The folder is in no repository's work tree.
    case notARepository(folder: String, detail: String)
    /// The repository has no work tree.
    case bare(folder: String)
    /// The repository belongs to another user, and git refuses it (`safe.directory`).
    case foreignOwner(folder: String, detail: String)
    /// This git cannot read the repository's format or extensions.
    case unreadableFormat(detail: String)
    /// A name from outside that cannot be a branch.
    case invalidBranch(String)
    /// Another worktree, not one of ours, has the branch checked out.
    case branchInUse(branch: String, worktree: String)
    /// Files lie in a worktree that git cannot store, so the worktree stays (R53).
    case notStorable(worktree: String, paths: [String])
    /// Another process held a lock of ours all the time.
    case lockHeld(path: String, holder: String)
    /// A call of the system failed; `code` is its error number.
    case system(operation: String, path: String, code: Int32)
    /// What had to be written down before the index was changed could not be.
    case notJournaled(String)
    /// git's answer is not what its manual says.
    case malformed(String)
    /// The command could not be run at all.
    case command(CommandError)
    /// The task was cancelled.
    case cancelled
}

/// A git call that failed.
public struct GitFailure: Sendable, Equatable {
    /// How a caller may react.
    public enum Kind: String, Sendable, Equatable, CaseIterable {
        /// The same call may work in a moment (rule 16 of the git notes).
        case transient
        /// A named object or ref does not exist.
        case missing
        /// Everything else.
        case other
    }

    /// The arguments without the neutral configuration.
    public var arguments: [String]
    /// How git ended.
    public var exit: CommandResult.Exit
    /// Everything git wrote to its standard error.
    public var stderr: String
    /// Whether the call's time was up.
    public var timedOut: Bool

    /// A failed call with its evidence.
    public init(arguments: [String], exit: CommandResult.Exit, stderr: String, timedOut: Bool = false) {
        self.arguments = arguments
        self.exit = exit
        self.stderr = stderr
        self.timedOut = timedOut
    }

    /// How a caller may react, as read from git's words in the C locale.
    public var kind: Kind {
        let lines = stderr.split(separator: "\n")
        if lines.contains(where: Self.isTransient) { return .transient }
        let missing = ["unknown revision", "Needed a single revision", "Not a valid object name", "bad revision"]
        return missing.contains(where: stderr.contains) ? .missing : .other
    }

    private static func isTransient(_ line: Substring) -> Bool {
        line.contains("failed to read ") && line.contains("commondir")
            || line.contains("could not lock config file")
            || line.contains("Unable to create '") && line.contains(".lock': File exists")
            || line.contains("cannot lock ref")
            || line.contains("bad object worktrees/")
            // `worktree prune` took a half-made entry away.
            || line.contains("could not open '") && line.contains("/worktrees/") && line.contains("for writing")
    }
}

extension GitError {
    /// Whether the same thing may work in a moment.
    public var isTransient: Bool {
        guard case .failed(let failure) = self else { return false }
        return failure.kind == .transient
    }

    /// git's own words, where it said any.
    public var stderr: String {
        switch self {
        case .failed(let failure): failure.stderr
        case .notARepository(_, let detail), .foreignOwner(_, let detail), .unreadableFormat(let detail): detail
        default: sentence
        }
    }

    /// What happened and what to do, for a person.
    public var sentence: String {
        switch self {
        case .failed(let failure): Self.sentence(of: failure)
        case .gitMissing: "There is no git on the PATH. Install git 2.38 or newer."
        case .tooOld(let found): "This machine's git is \(found); 2.38 or newer is needed (merge-tree --write-tree)."
        case .notARepository(let folder, _): "\(folder) is not inside a git repository. Run `git init` there first."
        case .bare(let folder): "\(folder) is a bare repository. The service needs a checkout: clone it."
        case .foreignOwner(let folder, _):
            "The repository of \(folder) belongs to another user. If you trust it, run "
                + "`git config --global --add safe.directory <its folder>` as the service's user."
        case .unreadableFormat(let detail): "This git cannot read the repository's format: \(detail)"
        case .invalidBranch(let name): "“\(name)” cannot be the name of a branch."
        case .branchInUse(let branch, let worktree):
            "The branch \(branch) is checked out in \(worktree), which is not the service's. Switch it to another branch."
        case .notStorable(let worktree, let paths):
            paths.isEmpty
                ? "git's record of \(worktree) is gone or damaged, so what it holds cannot be stored, and it stays."
                : "\(worktree) holds what git cannot store (\(paths.joined(separator: ", "))), so it stays."
        case .lockHeld(let path, let holder):
            "The lock \(path) is held\(holder.isEmpty ? "" : " by process \(holder)")."
        case .system(let operation, let path, let code): "\(operation) \(path): \(Self.words(of: code))."
        case .notJournaled(let detail): "The change of the index could not be journaled: \(detail)."
        case .malformed(let what): "git's answer could not be understood: \(what)."
        case .command(let error): Self.sentence(of: error)
        case .cancelled: "The work was cancelled."
        }
    }

    private static func sentence(of failure: GitFailure) -> String {
        let call = "git \(failure.arguments.first ?? "")"
        if failure.timedOut { return "\(call) took too long and was stopped. \(failure.stderr)" }
        let end =
            switch failure.exit {
            case .code(let code): "ended with code \(code)"
            case .signal(let signal): "was ended by signal \(signal)"
            }
        return failure.stderr.isEmpty ? "\(call) \(end)." : "\(call) \(end): \(failure.stderr)"
    }

    private static func sentence(of error: CommandError) -> String {
        switch error {
        case .notFound(let program): "There is no program \(program)."
        case .cannotRun(let program, let detail): "\(program) could not be run: \(detail)."
        case .outputLimit(let program, let bytes): "\(program) wrote more than \(bytes) bytes and was stopped."
        }
    }
}
