/// Files that the service copied into a worktree and must never commit (`server.worktree.include`).
extension GitClient {
    /// Which of these paths git ignores in a worktree; a tracked file never is.
    ///
    /// - Parameters:
    ///   - paths: seen from the worktree's top.
    ///   - worktree: whose rules count.
    /// - Returns: those that are ignored.
    /// - Throws: `GitError`.
    func ignored(_ paths: [String], in worktree: Worktree) async throws(GitError) -> [String] {
        guard !paths.isEmpty else { return [] }
        let place = repository.place(of: worktree)
        let answer = try await run(
            ["check-ignore", "-z", "--stdin"],
            in: place.folder,
            environment: place.environment,
            input: paths.flatMap { Array($0.utf8) + [0] },
            accepted: [0, 1]
        )
        return answer.fields
    }

    /// The files of the project's checkout that git neither tracks nor ignores, seen from its top.
    func unknownFiles() async throws(GitError) -> Set<String> {
        Set(try await run(["ls-files", "--others", "--exclude-standard", "-z"]).fields)
    }

    /// Notes beside the worktree's index what was copied in: an agent may change what is ignored.
    func noteIncluded(_ paths: [String], in worktree: Worktree) throws(GitError) {
        let place = repository.place(of: worktree)
        try GitFiles.write(paths.flatMap { Array($0.utf8) + [0] }, to: Self.list(in: place))
    }

    /// What was copied in; none where nobody noted it.
    func included(in place: WorkTreePlace) -> [String] {
        (GitFiles.bytes(of: Self.list(in: place)) ?? []).split(separator: 0).map { String(decoding: $0, as: UTF8.self) }
    }

    private static func list(in place: WorkTreePlace) -> String { "\(place.gitDir)/chant-included" }
}
