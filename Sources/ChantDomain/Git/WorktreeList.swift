import Foundation

/// One worktree as `git worktree list` tells it.
struct ListedWorktree: Sendable, Hashable {
    /// Its folder.
    var path: String
    /// Its commit; `nil` for an unborn branch or a bare repository.
    var head: ObjectID?
    /// The full ref that it is on; `nil` if HEAD is detached.
    var ref: String?
    /// Whether somebody locked it.
    var isLocked = false

    /// Reads the output of `worktree list --porcelain -z`.
    static func parse(_ output: [UInt8]) -> [ListedWorktree] {
        var listed: [ListedWorktree] = []
        for field in output.split(separator: 0) {
            let line = String(decoding: field, as: UTF8.self)
            let word = line.prefix { $0 != " " }
            let rest = String(line.dropFirst(word.count + 1))
            if word == "worktree" {
                listed.append(ListedWorktree(path: rest))
                continue
            }
            guard var last = listed.popLast() else { continue }
            switch word {
            case "HEAD": last.head = ObjectID(rest).flatMap { $0 == $0.zero ? nil : $0 }
            case "branch": last.ref = rest
            case "locked": last.isLocked = true
            default: break
            }
            listed.append(last)
        }
        return listed
    }
}

extension GitClient {
    /// All worktrees of the repository, the main one first.
    func worktrees() async throws(GitError) -> [ListedWorktree] {
        var listed = ListedWorktree.parse(try await run(["worktree", "list", "--porcelain", "-z"]).output)
        // git guesses the main folder from the git directory, which need not lie in it.
        if !listed.isEmpty { listed[0].path = repository.mainFolder }
        return listed
    }

    /// The worktrees that have `branch` checked out; one whose folder is gone and that nobody locked does not count.
    func checkouts(of branch: BranchName) async throws(GitError) -> [ListedWorktree] {
        try await worktrees().filter { worktree in
            worktree.ref == branch.ref && (worktree.isLocked || GitFiles.kind(of: worktree.path) != nil)
        }
    }
}
