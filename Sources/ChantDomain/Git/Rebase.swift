import Foundation

/// How a rebase ended.
enum RebaseResult: Sendable, Equatable {
    /// The commits stand on the new base; no ref holds them yet.
    case rebased(ObjectID)
    /// Both sides changed these files.
    case conflict([String])
}

/// Puts a branch's commits onto another commit, in a scratch repository of its own (R24).
///
/// The scratch repository has its own HEAD, index and files, and writes its objects into the project's: nothing is
/// registered, no branch moves, and what a crash leaves is a temporary folder.
struct Rebase: Sendable {
    let client: GitClient
    /// Who commits; the authors stay.
    let identity: Identity

    /// Rebases what `tip` has and `onto` has not.
    ///
    /// - Parameters:
    ///   - tip: the last of the commits.
    ///   - onto: what they are put on.
    ///   - ownPath: a file whose conflicts are no conflicts: each commit's own version of it is taken.
    /// - Returns: the new tip, or the files in conflict.
    /// - Throws: `GitError`.
    func run(_ tip: ObjectID, onto: ObjectID, ownPath: String) async throws(GitError) -> RebaseResult {
        try await GitFiles.withTemporaryFolder { (folder) async throws(GitError) in
            let scratch = Scratch(client: client, folder: folder, environment: environment)
            let format = tip.hex.utf8.count == 64 ? "sha256" : "sha1"
            try await scratch.git(["init", "--quiet", "--object-format=\(format)", "--template="])
            try await scratch.git(["checkout", "--quiet", "--detach", tip.hex])
            return try await rebase(in: scratch, tip, onto: onto, ownPath: ownPath)
        }
    }

    private func rebase(
        in scratch: Scratch,
        _ tip: ObjectID,
        onto: ObjectID,
        ownPath: String
    ) async throws(GitError) -> RebaseResult {
        let options = ["--no-autostash", "--no-fork-point", "--no-gpg-sign", "--empty=drop", "--quiet"]
        var answer = try await scratch.git(["rebase"] + options + [onto.hex], accepted: [0, 1])
        while answer.code != 0 {
            let files = try await scratch.git(["diff", "--name-only", "--diff-filter=U", "-z"]).fields
            guard !files.isEmpty else {
                throw .malformed("rebase stopped without a conflict: \(answer.stderr)")
            }
            guard files == [ownPath] else { return .conflict(files.sorted()) }
            // During a rebase "theirs" is the commit that is put on.
            let taken = try await scratch.git(
                ["checkout", "--theirs", "--", ":(top,literal)\(ownPath)"],
                accepted: [0, 1]
            )
            let keep = taken.code == 0 ? ["add", "--"] : ["rm", "--quiet", "--cached", "--"]
            try await scratch.git(keep + [":(top,literal)\(ownPath)"])
            answer = try await scratch.git(["-c", "core.editor=true", "rebase", "--continue"], accepted: [0, 1])
        }
        let head = try await scratch.git(["rev-parse", "--verify", "HEAD^{commit}"]).text
        guard let rebased = ObjectID(head) else { throw .malformed("rev-parse: \(head)") }
        return .rebased(rebased)
    }

    private var environment: [String: String] {
        let common = client.repository.commonDir
        var environment = identity.environment
        environment["GIT_OBJECT_DIRECTORY"] = "\(common)/objects"
        if GitFiles.kind(of: "\(common)/shallow") != nil { environment["GIT_SHALLOW_FILE"] = "\(common)/shallow" }
        // The project's own merge drivers, filters and line ends.
        environment["GIT_CONFIG_COUNT"] = "1"
        environment["GIT_CONFIG_KEY_0"] = "include.path"
        environment["GIT_CONFIG_VALUE_0"] = "\(common)/config"
        return environment
    }

    private struct Scratch {
        let client: GitClient
        let folder: String
        let environment: [String: String]

        @discardableResult
        func git(_ arguments: [String], accepted: Set<Int32> = [0]) async throws(GitError) -> GitAnswer {
            try await client.run(
                arguments,
                in: folder,
                environment: environment,
                writesWorkTree: true,
                accepted: accepted
            )
        }
    }
}
