extension Identity {
    /// The service's own, where the configuration says nothing (R62).
    public static let service = Identity(name: "Chant Server", email: "server@chant.invalid")

    /// What makes git use it, whatever the configuration says.
    var environment: [String: String] {
        [
            "GIT_AUTHOR_NAME": name, "GIT_AUTHOR_EMAIL": email,
            "GIT_COMMITTER_NAME": name, "GIT_COMMITTER_EMAIL": email,
        ]
    }
}

extension GitClient {
    /// A commit's tree.
    func tree(of commit: ObjectID) async throws(GitError) -> ObjectID {
        let text = try await run(["rev-parse", "--verify", "\(commit.hex)^{tree}"]).text
        guard let tree = ObjectID(text) else { throw .malformed("rev-parse: \(text)") }
        return tree
    }

    /// Makes a commit that no ref holds yet.
    ///
    /// - Parameters:
    ///   - tree: its contents.
    ///   - parents: its parents in order.
    ///   - message: the whole message.
    ///   - identity: author and committer.
    ///   - signingKey: signs with this key; `nil` makes an unsigned commit, whatever the user's configuration says.
    /// - Returns: the commit.
    /// - Throws: `GitError`.
    func commit(
        tree: ObjectID,
        parents: [ObjectID],
        message: String,
        identity: Identity,
        signingKey: String?
    ) async throws(GitError) -> ObjectID {
        let answer = try await run(
            ["-c", "i18n.commitEncoding=UTF-8", "commit-tree", tree.hex] + parents.flatMap { ["-p", $0.hex] }
                + [signingKey.map { "-S\($0)" } ?? "--no-gpg-sign", "-F", "-"],
            environment: identity.environment,
            input: Array(message.utf8)
        )
        guard let commit = ObjectID(answer.text) else { throw .malformed("commit-tree: \(answer.text)") }
        return commit
    }
}
