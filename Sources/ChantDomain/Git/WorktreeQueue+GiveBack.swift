import Foundation

extension WorktreeQueue {
    /// Takes a worktree back.
    ///
    /// - Parameters:
    ///   - worktree: what `obtain` gave.
    ///   - run: whose leftovers are stored.
    ///   - holding: whether it goes or stays.
    ///   - placed: what the service itself put there; unchanged, it is no leftover.
    ///   - target: after a completed run: the branch goes, too, if this branch contains all of it. `nil` keeps it.
    /// - Returns: where the leftovers are, if there were any.
    /// - Throws: `GitError`; then the worktree is still there.
    func giveBack(
        _ worktree: Worktree,
        run: RunID,
        holding: WorktreeHolding,
        placed: [PlacedFile] = [],
        droppingBranchIn target: BranchName? = nil
    ) async throws(GitError) -> LeftOver? {
        guard holding == .remove else { return nil }
        let place = client.repository.place(of: worktree)
        let left = try await leftOvers.store(of: place, run: run.text, placed: placed)
        try await section.run(as: "give back \(run)") { () async throws(GitError) in
            try self.discard(worktree)
            if let target { try await self.dropBranch(worktree.branch, containedIn: target) }
        }
        await emptyTrash()
        return left
    }

    /// Takes a kept worktree up again, as it was left.
    ///
    /// - Parameters:
    ///   - kept: what an earlier run had.
    ///   - run: who goes on in it.
    /// - Returns: the worktree; `nil` where it is gone, or git cannot use it any more.
    /// - Throws: `GitError` where the lock cannot be had.
    func takeUp(_ kept: Worktree, for run: RunID) async throws(GitError) -> Worktree? {
        try await section.run(as: "take up \(run)") { () async throws(GitError) in
            let place = self.client.repository.place(of: kept)
            guard GitFiles.kind(of: place.folder) == S_IFDIR, GitFiles.kind(of: "\(place.gitDir)/index") != nil,
                !self.client.repository.isDamaged(place.gitDir)
            else { return nil }
            return kept
        }
    }

    /// Tidies up at start, while nothing of ours runs: half-made worktrees, those nobody needs any more, the trash.
    ///
    /// - Parameters:
    ///   - live: the names of worktrees that stay.
    ///   - branches: branches of runs that an earlier service left amid `obtain`; a lock on their ref is provably ours, since
    ///     only the service makes these branches and its processes are gone.
    /// - Returns: what was done and what could not be, one sentence each.
    func recoverOwn(live: Set<String>, abandoned branches: [BranchName] = []) async -> [String] {
        var report: [String] = []
        do {
            report = try await section.run(as: "recovery") { () async throws(GitError) in
                for branch in branches {
                    LocalFileSystem().discardFile("\(self.client.repository.commonDir)/\(branch.ref).lock")
                }
                return await self.sweep(live: live)
            }
        } catch {
            report.append("The worktrees were not tidied up: \(error.sentence)")
        }
        await emptyTrash()
        return report
    }

    /// Gives up a worktree of ours that holds `branch`; refuses where somebody else's does.
    func freeBranch(_ branch: BranchName, log: @Sendable (String) -> Void) async throws(GitError) {
        for worktree in try await client.worktreesUsing(branch) {
            guard GitFiles.realPath(worktree.path).hasPrefix("\(folder)/") else {
                throw .branchInUse(branch: branch.text, worktree: worktree.path)
            }
            let name = worktree.path.split(separator: "/").last.map(String.init) ?? worktree.path
            let kept = Worktree(path: "\(folder)/\(name)", name: name, branch: branch, base: worktree.head)
            if let left = try await leftOvers.store(of: client.repository.place(of: kept), run: name, placed: []) {
                log("what the worktree of \(name) held is stored as \(left.ref)")
            }
            try discard(kept)
        }
    }

    /// Moves the folder, then git's record of it, out of the way.
    ///
    /// In this order, since a record whose folder is gone is something that git itself can tidy up.
    func discard(_ worktree: Worktree) throws(GitError) {
        let repository = client.repository
        try GitFiles.moveToTrash(worktree.path, trash: trash)
        try GitFiles.moveToTrash("\(repository.worktreeRecords)/\(worktree.name)", trash: repository.trash)
    }

    private var leftOvers: LeftOvers { LeftOvers(client: client, identity: identity) }

    /// Deletes the branch of a completed run, by compare-and-swap, if the target has all of it.
    ///
    /// Not where a worktree has it: the spec's next run may work on it already, from the target's tip.
    private func dropBranch(_ branch: BranchName, containedIn target: BranchName) async throws(GitError) {
        guard branch != target, try await client.worktreesUsing(branch).isEmpty,
            let tip = try await client.tip(of: branch),
            let end = try await client.tip(of: target), try await client.isAncestor(tip, of: end)
        else { return }
        try await client.updateRef(branch.ref, to: nil, from: tip)
    }

    /// Deletes the branch of a completed run where it is as the run left it, nobody has it checked out, and the target
    /// has all of it.
    func dropFinished(
        _ branch: BranchName,
        at tip: ObjectID,
        containedIn target: BranchName
    ) async throws(GitError) {
        try await section.run(as: "drop \(branch.text)") { () async throws(GitError) in
            guard try await self.client.tip(of: branch) == tip else { return }
            try await self.dropBranch(branch, containedIn: target)
        }
    }

    // MARK: - Recovery

    private func sweep(live: Set<String>) async -> [String] {
        var report: [String] = []
        let records = client.repository.worktreeRecords
        let ours = GitFiles.names(in: records).filter { name in
            if RunID(name) == nil { return false }
            guard let pointer = GitFiles.text(of: "\(records)/\(name)/gitdir"), !pointer.isEmpty else { return true }
            return GitFiles.realPath(String(pointer.dropLast("/.git".count))).hasPrefix("\(folder)/")
                || pointer.hasPrefix("\(folder)/")
        }
        // Under the lock nobody is amid making one: a damaged record is of no use to anybody, and stops git everywhere.
        for name in ours where !live.contains(name) || client.repository.isDamaged("\(records)/\(name)") {
            let worktree = WorkTreePlace(folder: "\(folder)/\(name)", gitDir: "\(records)/\(name)")
            do {
                // Without an index its files were never all written, so no agent ever worked there.
                if GitFiles.kind(of: "\(worktree.gitDir)/index") != nil,
                    let left = try await leftOvers.store(of: worktree, run: name, placed: [])
                {
                    report.append("What the worktree of \(name) held is stored as \(left.ref).")
                }
                try GitFiles.moveToTrash(worktree.folder, trash: trash)
                try GitFiles.moveToTrash(worktree.gitDir, trash: client.repository.trash)
            } catch {
                report.append("The worktree of \(name) stays: \(error.sentence)")
            }
        }
        let unknown = GitFiles.names(in: folder).filter { !live.contains($0) && !ours.contains($0) }
        report += unknown.map { "\(folder)/\($0) has no record in the repository and was left alone." }
        return report
    }

    /// Deletes what was moved away; by a program, so that a large tree blocks no thread of ours.
    private func emptyTrash() async {
        for folder in [trash, client.repository.trash] {
            let paths = GitFiles.names(in: folder).map { "\(folder)/\($0)" }
            guard !paths.isEmpty else { continue }
            await client.session.delete(paths)
        }
    }
}

extension GitSession {
    /// Deletes files and folders, also folders that are read-only (as some package caches are).
    func delete(_ paths: [String]) async {
        for (program, arguments) in [("rm", ["-rf", "--"]), ("chmod", ["-R", "u+rwX", "--"]), ("rm", ["-rf", "--"])] {
            let left = paths.filter { GitFiles.kind(of: $0) != nil }
            guard !left.isEmpty else { return }
            let command = Command(
                program,
                arguments + left,
                folder: "/",
                environment: git.plainEnvironment,
                timeLimit: GitCommand.slowTimeLimit
            )
            // What stays is found again at the next start.
            _ = try? await runner.run(command)
        }
    }
}
