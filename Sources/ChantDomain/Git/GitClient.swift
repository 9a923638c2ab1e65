/// git as verbs, for one repository.
public struct GitClient: Sendable {
    /// The repository that the verbs are about.
    public let repository: Repository
    let session: GitSession

    /// A client for a repository.
    ///
    /// - Parameters:
    ///   - repository: what `Repository.discover` found.
    ///   - git: how to call git.
    ///   - runner: runs it.
    public init(repository: Repository, git: GitCommand, runner: any ProcessRunner) {
        self.repository = repository
        session = GitSession(git: git, runner: runner)
    }

    /// The version of git.
    public func version() async throws(GitError) -> GitVersion {
        try await session.version()
    }

    // MARK: - Objects and refs

    /// The commit that `revision` names; `nil` if there is none.
    func resolve(_ revision: String) async throws(GitError) -> ObjectID? {
        let answer = try await run(
            ["rev-parse", "--verify", "--quiet", "--end-of-options", "\(revision)^{commit}"],
            accepted: [0, 1, 128]
        )
        return answer.code == 0 ? ObjectID(answer.text) : nil
    }

    /// The tip of a branch; `nil` if there is no such branch.
    public func tip(of branch: BranchName) async throws(GitError) -> ObjectID? {
        try await value(ofRef: branch.ref)
    }

    /// The commit that a full ref names; `nil` if there is no such ref.
    func value(ofRef ref: String) async throws(GitError) -> ObjectID? {
        let answer = try await run(["show-ref", "--verify", "--hash", ref], accepted: [0, 1, 128])
        if answer.code == 0 {
            // Silence is no answer: a ref that is there must not be taken for one that is not.
            guard let id = ObjectID(answer.text) else { throw .malformed("show-ref: \(answer.text)") }
            return id
        }
        guard answer.code == 128 else { return nil }
        // The same code says that git failed: a ref that nobody could look for is not one that is not there (R58).
        let listed = try await run(["for-each-ref", "--format=%(refname) %(objectname)", ref])
        let line = listed.text.split(separator: "\n").first { $0.hasPrefix(ref + " ") }
        return line.flatMap { ObjectID(String($0.dropFirst(ref.utf8.count + 1))) }
    }

    /// The branch that the project's checkout is on, also an unborn one; `nil` if HEAD is detached.
    public func headBranch() async throws(GitError) -> BranchName? {
        let answer = try await run(["symbolic-ref", "--quiet", "HEAD"], accepted: [0, 1])
        guard answer.code == 0, answer.text.hasPrefix("refs/heads/") else { return nil }
        return BranchName(String(answer.text.dropFirst("refs/heads/".count)))
    }

    /// Whether the repository has no commit on any branch yet.
    public func isEmpty() async throws(GitError) -> Bool {
        if try await resolve("HEAD") != nil { return false }
        return try await run(["for-each-ref", "--count=1", "refs/heads/"]).output.isEmpty
    }

    /// The branch that finished work goes to: the configured one, else `main`, `master` or HEAD's, the first that exists.
    ///
    /// A configured branch need not exist; nor need HEAD's, in a repository without commits.
    ///
    /// - Parameter configured: `defaults.main_branch`.
    /// - Returns: the branch; `nil` where HEAD is detached and there is neither `main` nor `master`.
    /// - Throws: `GitError.invalidBranch` for a name that cannot be one.
    public func defaultTarget(configured: String?) async throws(GitError) -> BranchName? {
        if let configured {
            guard let branch = BranchName(configured) else { throw .invalidBranch(configured) }
            return branch
        }
        for name in ["main", "master"] {
            if let branch = BranchName(name), try await tip(of: branch) != nil { return branch }
        }
        return try await headBranch()
    }

    /// Whether `ancestor` is reachable from `descendant`.
    func isAncestor(_ ancestor: ObjectID, of descendant: ObjectID) async throws(GitError) -> Bool {
        if ancestor == descendant { return true }
        return try await run(["merge-base", "--is-ancestor", ancestor.hex, descendant.hex], accepted: [0, 1]).code == 0
    }

    /// A best common ancestor; `nil` for unrelated histories.
    func mergeBase(_ left: ObjectID, _ right: ObjectID) async throws(GitError) -> ObjectID? {
        let answer = try await run(["merge-base", left.hex, right.hex], accepted: [0, 1])
        return answer.lines.first.flatMap { ObjectID($0) }
    }

    /// Whether `commit` is on the branch: the one point of no return of a run (R58).
    func isReachable(_ commit: ObjectID, from branch: BranchName) async throws(GitError) -> Bool {
        guard let tip = try await tip(of: branch) else { return false }
        do throws(GitError) {
            return try await isAncestor(commit, of: tip)
        } catch {
            // A commit that is gone altogether, lost in a power cut, was never reached: a tip names what it holds.
            if try await run(["cat-file", "-e", commit.hex], accepted: [0, 1]).code == 1 { return false }
            throw error
        }
    }

    /// Moves, creates or deletes a ref, if it still has the value that the caller saw.
    ///
    /// - Parameters:
    ///   - ref: its full name.
    ///   - new: its new value; `nil` deletes it.
    ///   - old: the value seen; `nil` means that there was no such ref.
    /// - Throws: `GitError`; a lost race is a failure that says "cannot lock ref".
    func updateRef(_ ref: String, to new: ObjectID?, from old: ObjectID?) async throws(GitError) {
        if let new {
            try await run(["update-ref", "--no-deref", "-m", "chant", ref, new.hex, (old ?? new.zero).hex])
        } else if let old {
            try await run(["update-ref", "--no-deref", "-d", ref, old.hex])
        }
    }

    // MARK: - Contents

    /// A file's bytes in a commit or tree; `nil` if there is no such file.
    func contents(of path: String, in commit: ObjectID) async throws(GitError) -> [UInt8]? {
        guard let entry = try await treeEntries([path], in: commit)[path] else { return nil }
        return try await blob(entry.blob)
    }

    /// A blob's bytes.
    func blob(_ blob: ObjectID) async throws(GitError) -> [UInt8] {
        try await run(["cat-file", "blob", blob.hex]).output
    }

    /// The abbreviation that `git rev-parse --short` gives, but at least 7 digits.
    func shortHash(_ commit: ObjectID) async throws(GitError) -> String {
        let text = try await run(["rev-parse", "--short", commit.hex]).text
        if text.utf8.count >= 7 { return text }
        return try await run(["rev-parse", "--short=7", commit.hex]).text
    }

    /// Whether git knows a name and an address for commits made in `folder` (R62).
    public func userIdentity(in folder: String) async throws(GitError) -> Bool {
        try await run(["var", "GIT_AUTHOR_IDENT"], in: folder, accepted: [0, 1, 128]).code == 0
    }

    /// A text merge as `git merge-file` does it.
    ///
    /// - Parameters:
    ///   - base: the common text.
    ///   - ours: the first changed one; its side comes first in conflict marks.
    ///   - theirs: the second one.
    ///   - labels: the sides' names in conflict marks: ours, base, theirs.
    /// - Returns: the merged bytes, and whether there are conflict marks in them.
    /// - Throws: `GitError`.
    func mergeText(
        base: [UInt8],
        ours: [UInt8],
        theirs: [UInt8],
        labels: [String] = ["current", "base", "agent"]
    ) async throws(GitError) -> (bytes: [UInt8], conflicted: Bool) {
        let client = self
        return try await GitFiles.withTemporaryFolder { (folder) async throws(GitError) in
            try GitFiles.write(base, to: "\(folder)/base")
            try GitFiles.write(ours, to: "\(folder)/ours")
            try GitFiles.write(theirs, to: "\(folder)/theirs")
            let answer = try await client.run(
                ["-c", "merge.conflictStyle=merge", "merge-file", "-p", "-q"] + labels.flatMap { ["-L", $0] }
                    + ["ours", "base", "theirs"],
                in: folder,
                accepted: Set(0...127)
            )
            return (answer.output, answer.code != 0)
        }
    }

    // MARK: - Calls

    /// Runs git in the project's checkout, or in `folder`.
    @discardableResult
    func run(
        _ arguments: [String],
        in folder: String? = nil,
        environment: [String: String] = [:],
        input: [UInt8]? = nil,
        writesWorkTree: Bool = false,
        accepted: Set<Int32> = [0]
    ) async throws(GitError) -> GitAnswer {
        try await session.run(
            GitCall(
                arguments: arguments,
                folder: folder ?? repository.checkout,
                environment: environment,
                input: input,
                writesWorkTree: writesWorkTree,
                accepted: accepted
            )
        )
    }
}
