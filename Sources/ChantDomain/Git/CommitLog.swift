import Foundation

/// What a run did to its branch and left in its worktree.
struct RunCommits: Sendable, Equatable {
    /// The run's commits, oldest first, never the service's own (R51).
    var commits: [ObjectID] = []
    /// The same as `git rev-parse --short` gives them, at least 7 digits.
    var short: [String] = []
    /// The branch's tip; `nil` if the branch is gone.
    var tip: ObjectID?
    /// Whether the agent brought its commits to the target itself.
    var agentMovedTarget = false
    /// The worktree's HEAD, if it is not the branch and has commits that the branch lacks.
    var headLeftBranch: ObjectID?
    /// Changed tracked files, the run's own spec file apart (R52).
    var uncommitted: [String] = []
    /// Files that are neither tracked nor ignored, the run's own spec file apart.
    var untracked: [String] = []
    /// What the run's commits change below `.chant/` (R56).
    var chantChanges: [FileChange] = []
}

/// One file that differs between two commits.
struct FileChange: Sendable, Hashable {
    /// The path inside the repository.
    var path: String
    /// The file before; `nil` if it was not there.
    var before: TreeEntry?
    /// The file after; `nil` if it is gone.
    var after: TreeEntry?

    /// Reads the output of a diff with `--raw -z --no-renames --no-abbrev`.
    static func parse(_ fields: [String]) throws(GitError) -> [FileChange] {
        var changes: [FileChange] = []
        for place in stride(from: 0, to: fields.count - 1, by: 2) {
            // :<old mode> <new mode> <old> <new> <letter>
            let words = fields[place].dropFirst().split(separator: " ")
            guard words.count == 5, let old = ObjectID(words[2]), let new = ObjectID(words[3]) else {
                throw .malformed("diff: \(fields[place])")
            }
            changes.append(
                FileChange(
                    path: fields[place + 1],
                    before: old == old.zero ? nil : TreeEntry(mode: String(words[0]), blob: old),
                    after: new == new.zero ? nil : TreeEntry(mode: String(words[1]), blob: new)
                )
            )
        }
        return changes
    }
}

/// Finds out which commits a run made.
struct CommitLog: Sendable {
    let client: GitClient

    /// Looks at a run's branch and worktree after its agent ended.
    ///
    /// - Parameters:
    ///   - worktree: the run's worktree, with the base that its work counts from.
    ///   - target: the branch that the work goes to.
    ///   - start: when the run began.
    ///   - end: when its agent had ended.
    ///   - specPath: the run's own spec file inside the repository.
    ///   - source: the branch that the run's work is to merge, where that is its work: its commits are not the run's, and
    ///     merges are.
    /// - Returns: what was found.
    /// - Throws: `GitError`.
    func collect(
        _ worktree: Worktree,
        target: BranchName,
        from start: Date,
        to end: Date,
        specPath: String,
        merging source: ObjectID? = nil
    ) async throws(GitError) -> RunCommits {
        var found = RunCommits()
        let place = client.repository.place(of: worktree)
        let targetTip = try await client.tip(of: target)
        found.tip = try await client.tip(of: worktree.branch)
        if let tip = found.tip {
            let known = [worktree.base, targetTip, source].compactMap(\.self)
            found.commits = try await commits(of: tip, without: known, withMerges: source != nil)
            if found.commits.isEmpty {
                found.commits = try await commits(of: tip, without: [worktree.base], from: start, to: end)
                found.agentMovedTarget = !found.commits.isEmpty
            }
            found.short = try await shortHashes(found.commits)
            let base = found.agentMovedTarget ? nil : try await base(of: tip, targetTip)
            found.chantChanges = try await chantChanges(from: base ?? worktree.base, to: tip)
        }
        guard GitFiles.kind(of: place.folder) == S_IFDIR, GitFiles.kind(of: place.gitDir) == S_IFDIR else {
            return found
        }
        found.headLeftBranch = try await headLeftBranch(place, worktree, tip: found.tip, targetTip: targetTip)
        let status = try await client.status(in: place, untracked: .files)
        found.uncommitted = status.tracked.filter { $0 != specPath }
        found.untracked = status.untracked.filter { $0 != specPath }
        return found
    }

    func commits(
        of tip: ObjectID,
        without known: [ObjectID],
        withMerges: Bool = false
    ) async throws(GitError) -> [ObjectID] {
        let answer = try await client.run(
            ["rev-list", "--reverse", "--topo-order"] + (withMerges ? [] : ["--no-merges"]) + [tip.hex, "--not"]
                + known.map(\.hex)
        )
        return answer.lines.compactMap { ObjectID($0) }
    }

    /// The commits whose committer date lies in the run.
    private func commits(
        of tip: ObjectID,
        without known: [ObjectID],
        from start: Date,
        to end: Date
    ) async throws(GitError) -> [ObjectID] {
        let answer = try await client.run(
            ["rev-list", "--reverse", "--topo-order", "--no-merges", "--timestamp", tip.hex, "--not"] + known.map(\.hex)
        )
        // git's dates are whole seconds.
        let window = start.timeIntervalSince1970.rounded(.down)...max(start, end).timeIntervalSince1970.rounded(.up)
        return answer.lines.compactMap { line in
            let words = line.split(separator: " ")
            guard words.count == 2, let date = Double(words[0]), window.contains(date) else { return nil }
            return ObjectID(words[1])
        }
    }

    func shortHashes(_ commits: [ObjectID]) async throws(GitError) -> [String] {
        guard !commits.isEmpty else { return [] }
        let answer = try await client.run(
            ["log", "--no-walk=unsorted", "--format=%h", "--stdin"],
            input: Array(commits.map { "\($0.hex)\n" }.joined().utf8)
        )
        let short = answer.lines
        guard short.count == commits.count else { throw .malformed("log: \(short.count) of \(commits.count) commits") }
        if short.allSatisfy({ $0.utf8.count >= 7 }) { return short }
        // The user's `core.abbrev` asks for less.
        var longer: [String] = []
        for commit in commits { longer.append(try await client.shortHash(commit)) }
        return longer
    }

    private func base(of tip: ObjectID, _ targetTip: ObjectID?) async throws(GitError) -> ObjectID? {
        guard let targetTip else { return nil }
        return try await client.mergeBase(tip, targetTip)
    }

    private func headLeftBranch(
        _ place: WorkTreePlace,
        _ worktree: Worktree,
        tip: ObjectID?,
        targetTip: ObjectID?
    ) async throws(GitError) -> ObjectID? {
        let branch = try await client.run(
            ["symbolic-ref", "--quiet", "HEAD"],
            in: place.folder,
            environment: place.environment,
            accepted: [0, 1]
        )
        if branch.code == 0, branch.text == worktree.branch.ref { return nil }
        let answer = try await client.run(
            ["rev-parse", "--verify", "--quiet", "HEAD^{commit}"],
            in: place.folder,
            environment: place.environment,
            accepted: [0, 1, 128]
        )
        guard answer.code == 0, let head = ObjectID(answer.text) else { return nil }
        let known = [tip, targetTip, worktree.base].compactMap(\.self)
        let own = try await client.run(["rev-list", "--max-count=1", head.hex, "--not"] + known.map(\.hex))
        return own.output.isEmpty ? nil : head
    }

    private func chantChanges(from base: ObjectID, to tip: ObjectID) async throws(GitError) -> [FileChange] {
        try await client.changes(from: base, to: tip, below: client.repository.chantPrefix)
    }
}

extension GitClient {
    /// The files that differ between two commits.
    ///
    /// - Parameters:
    ///   - old: the first commit.
    ///   - new: the second one.
    ///   - folder: looks only below this folder; `nil` is everything.
    /// - Returns: one entry for each file, renames as two.
    /// - Throws: `GitError`.
    func changes(from old: ObjectID, to new: ObjectID, below folder: String? = nil) async throws(GitError)
        -> [FileChange]
    {
        let answer = try await run(
            ["diff-tree", "-r", "-z", "--raw", "--no-abbrev", "--no-renames", "--no-ext-diff", old.hex, new.hex, "--"]
                + (folder.map { [$0] } ?? []),
            environment: ["GIT_LITERAL_PATHSPECS": "1"]
        )
        return try FileChange.parse(answer.fields)
    }

    /// Commits for the agent what it left uncommitted, its own spec file apart, with the user's hooks and the agent's
    /// environment (R52, `server.uncommitted: commit`).
    ///
    /// - Parameters:
    ///   - worktree: the run's worktree.
    ///   - message: the commit's message.
    ///   - environment: what the agent had.
    ///   - specPath: the run's own spec file inside the repository.
    /// - Throws: `GitError`, also where a hook refuses.
    func commitForAgent(
        _ worktree: Worktree,
        message: String,
        environment: [String: String],
        specPath: String
    ) async throws(GitError) {
        let place = repository.place(of: worktree)
        let environment = environment.merging(place.environment) { $1 }
        let tracked = ["add", "--update", "--", ":/", ":(top,exclude,literal)\(specPath)"]
        let commit = ["commit", "--quiet", "-m", message]
        for arguments in [tracked, commit] {
            try await session.runAsAgent(arguments, folder: place.folder, environment: environment)
        }
    }
}

extension GitSession {
    /// Runs git with somebody else's environment and configuration.
    func runAsAgent(_ arguments: [String], folder: String, environment: [String: String]) async throws(GitError) {
        let command = Command(
            "git",
            arguments,
            folder: folder,
            environment: environment,
            timeLimit: GitCommand.slowTimeLimit
        )
        let result: CommandResult
        do { result = try await runner.run(command) } catch { throw .command(error) }
        guard !result.succeeded else { return }
        throw .failed(
            GitFailure(arguments: arguments, exit: result.exit, stderr: result.errorText, timedOut: result.timedOut)
        )
    }
}
