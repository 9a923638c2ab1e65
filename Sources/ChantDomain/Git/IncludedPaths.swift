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

    /// Notes beside the worktree's index what the service itself placed there: unchanged, it is no leftover (R53).
    func notePlaced(_ file: PlacedFile, in worktree: Worktree) throws(GitError) {
        let note = "\(file.path)\0\(Digest(of: file.bytes).hex)"
        try GitFiles.write(Array(note.utf8), to: Self.placedNote(in: repository.place(of: worktree)))
    }

    /// The path of the file that the service placed, where it is unchanged; `nil` else, or where nobody noted one.
    func unchangedPlaced(in place: WorkTreePlace) -> String? {
        let note = (GitFiles.bytes(of: Self.placedNote(in: place)) ?? []).split(separator: 0)
        guard note.count == 2, let digest = note.last else { return nil }
        let path = String(decoding: note[0], as: UTF8.self)
        guard let bytes = GitFiles.bytes(of: "\(place.folder)/\(path)") else { return nil }
        return Array(Digest(of: bytes).hex.utf8).elementsEqual(digest) ? path : nil
    }

    private static func placedNote(in place: WorkTreePlace) -> String { "\(place.gitDir)/chant-placed" }

    private static func list(in place: WorkTreePlace) -> String { "\(place.gitDir)/chant-included" }
}
