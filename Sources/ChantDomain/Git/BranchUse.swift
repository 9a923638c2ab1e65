import Foundation

/// A worktree's own git directory and what goes on there, as read from its files.
struct GitDirState: Sendable, Hashable {
    /// The git directory.
    var gitDir: String
    /// The worktree's folder.
    var folder: String

    /// A merge, cherry-pick, revert, rebase or bisect that is not finished; `nil` if there is none.
    var unfinished: String? {
        let marks = [
            ("MERGE_HEAD", "a merge"), ("CHERRY_PICK_HEAD", "a cherry-pick"), ("REVERT_HEAD", "a revert"),
            ("rebase-merge", "a rebase"), ("rebase-apply", "a rebase or `git am`"), ("BISECT_LOG", "a bisect"),
            ("sequencer", "a cherry-pick or revert of several commits"),
        ]
        return marks.first { GitFiles.kind(of: "\(gitDir)/\($0.0)") != nil }?.1
    }

    /// The rebase or bisect here that will come back to `branch`; `nil` if there is none.
    func returning(to branch: BranchName) -> String? {
        for file in ["rebase-merge/head-name", "rebase-apply/head-name"]
        where GitFiles.text(of: "\(gitDir)/\(file)") == branch.ref {
            return "a rebase"
        }
        return GitFiles.text(of: "\(gitDir)/BISECT_START") == branch.text ? "a bisect" : nil
    }
}

extension Repository {
    /// The folder of the main worktree; of a bare repository, the repository itself.
    var mainFolder: String {
        if gitDir == commonDir { return checkout }
        return commonDir.hasSuffix("/.git") ? String(commonDir.dropLast("/.git".count)) : commonDir
    }

    /// The git directories of the main worktree and of all linked ones.
    ///
    /// Read from the files, since `git worktree list` fails as a whole where one record is damaged.
    var gitDirs: [GitDirState] {
        let main = GitDirState(gitDir: commonDir, folder: mainFolder)
        return [main]
            + GitFiles.names(in: worktreeRecords).compactMap { name in
                guard let pointer = GitFiles.text(of: "\(worktreeRecords)/\(name)/gitdir") else { return nil }
                let folder = pointer.hasSuffix("/.git") ? String(pointer.dropLast("/.git".count)) : pointer
                return GitDirState(gitDir: "\(worktreeRecords)/\(name)", folder: folder)
            }
    }
}

extension GitClient {
    /// The worktrees that have `branch` checked out, or that are amid a rebase or bisect of it.
    func worktreesUsing(_ branch: BranchName) async throws(GitError) -> [(path: String, head: ObjectID)] {
        let listed = try await worktrees()
        let returning = repository.gitDirs.filter { $0.returning(to: branch) != nil }.map {
            GitFiles.realPath($0.folder)
        }
        return listed.compactMap { worktree in
            guard worktree.ref == branch.ref || returning.contains(GitFiles.realPath(worktree.path)),
                let head = worktree.head
            else { return nil }
            return (worktree.path, head)
        }
    }
}
