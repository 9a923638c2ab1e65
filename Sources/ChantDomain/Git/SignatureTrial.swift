/// What came of a signature that was tried as it would be made for a commit (R62).
enum SignatureTrial: Sendable, Equatable {
    /// Commits are not signed.
    case notAsked
    /// It was made.
    case made
    /// It was not; what git and its signing program said.
    case failed(String)
    /// It was not made in time: somebody was asked for a passphrase, most likely.
    case notInTime
}

extension GitClient {
    /// How long a trial may take.
    static let signatureLimit = Duration.seconds(5)

    /// Tries a signature as an agent's commit would get it: as the user's configuration says, without a terminal.
    ///
    /// - Parameter environment: the whole environment of an agent.
    /// - Returns: what came of it; nothing is left in the repository.
    /// - Throws: `GitError` where git itself does not answer.
    func tryAgentSignature(environment: [String: String]) async throws(GitError) -> SignatureTrial {
        let asked = try await trial(["config", "--type=bool", "--get", "commit.gpgSign"], environment)
        guard asked.exit == .code(0), String(decoding: asked.output, as: UTF8.self).hasPrefix("true") else {
            return .notAsked
        }
        return try await trySignature("-S", environment)
    }

    /// Tries one with the key of the service's own commits, in the service's own way.
    func tryServiceSignature(key: String, identity: Identity) async throws(GitError) -> SignatureTrial {
        let call = GitCall(arguments: [], folder: repository.checkout, environment: identity.environment)
        return try await trySignature("-S\(key)", session.git.command(for: call).environment)
    }

    private func trySignature(_ option: String, _ environment: [String: String]) async throws(GitError)
        -> SignatureTrial
    {
        try await GitFiles.withTemporaryFolder { (folder) async throws(GitError) in
            // What is made on the way lies there, and goes with it.
            var environment = environment
            environment["GIT_OBJECT_DIRECTORY"] = folder
            environment["GIT_ALTERNATE_OBJECT_DIRECTORIES"] = "\(repository.commonDir)/objects"
            let made = try await trial(["mktree"], environment)
            let tree = String(decoding: made.output, as: UTF8.self).filter(\.isHexDigit)
            let result = try await trial(["commit-tree", tree, option, "-m", "A trial"], environment)
            if result.timedOut { return .notInTime }
            return result.succeeded ? .made : .failed(result.errorText)
        }
    }

    private func trial(_ arguments: [String], _ environment: [String: String]) async throws(GitError) -> CommandResult {
        var command = Command(
            "git",
            arguments,
            folder: repository.checkout,
            environment: environment,
            timeLimit: Self.signatureLimit
        )
        command.hasOwnSession = true
        do { return try await session.runner.run(command) } catch { throw .command(error) }
    }
}
