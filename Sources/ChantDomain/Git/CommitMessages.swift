extension GitClient {
    /// So many commits are named in one call.
    private static let messagesAtOnce = 500

    /// The messages of commits, in their order.
    func messages(of commits: [ObjectID]) async throws(GitError) -> [String] {
        var messages: [String] = []
        for start in stride(from: 0, to: commits.count, by: Self.messagesAtOnce) {
            let part = commits[start..<min(start + Self.messagesAtOnce, commits.count)]
            let answer = try await run(["log", "--no-walk=unsorted", "-z", "--format=%B"] + part.map(\.hex) + ["--"])
            messages += answer.fields
        }
        return messages
    }
}
