import Glibc

/// Judges what a run's commits change below `.chant/` (R56).
///
/// Allowed are the paths of `server.agent_may_write`, with `approval` unchanged: an agent cannot approve anything.
struct ForbiddenChanges: Sendable {
    let rooms: ExecutionRooms
    let spec: SpecID
    /// Where that spec lies inside the repository.
    let specPath: String
    /// The run's spec as placed: its approval in the checkout may never have been committed.
    let placed: [UInt8]
    /// Where a conflict spec's original lies: its branch, which is to be merged, may have changed it, and the target keeps
    /// it as it is.
    var original: String?

    /// - Throws: `touches-chant` with the files, and with what git said of those that it could not read.
    func check(_ commits: RunCommits) async throws(StageFailure) {
        var files: [String] = []
        var unread: [String] = []
        for change in commits.chantChanges {
            do {
                if try await isForbidden(change) { files.append(change.path) }
            } catch {
                // Whose approval cannot be compared may not pass for unchanged.
                files.append(change.path)
                unread.append("\(change.path): \(error.sentence)")
            }
        }
        guard !files.isEmpty else { return }
        var evidence: [String: Evidence] = ["files": .texts(files)]
        if !unread.isEmpty { evidence["unreadable"] = .texts(unread) }
        throw StageFailure(
            .touchesChant,
            unread.isEmpty
                ? "The run's commits change files below .chant that an agent may not write."
                : "The run's commits change files below .chant that an agent may not write, or that git cannot read.",
            evidence
        )
    }

    private func isForbidden(_ change: FileChange) async throws(GitError) -> Bool {
        if change.path == original { return false }
        let isOwn = change.path == specPath
        // The run's own spec may lie in a folder below `specs`; the patterns know it by its name.
        let inside =
            isOwn ? "specs/\(spec).md" : String(change.path.dropFirst(rooms.git.repository.chantPrefix.count))
        let patterns = rooms.configuration.server.agentMayWrite.map { $0.replacing("<id>", with: Self.literal(spec)) }
        guard change.after?.mode.hasPrefix("100") ?? true,
            patterns.contains(where: { fnmatch($0, inside, FNM_PATHNAME) == 0 })
        else {
            return true
        }
        let before = isOwn ? placed : try await bytes(change.before?.blob)
        return Self.approval(before) != Self.approval(try await bytes(change.after?.blob))
    }

    /// An id may hold what a pattern would read as a wildcard.
    private static func literal(_ spec: SpecID) -> String {
        String(spec.text.flatMap { "*?[]\\".contains($0) ? ["\\", $0] : [$0] })
    }

    private func bytes(_ blob: ObjectID?) async throws(GitError) -> [UInt8] {
        guard let blob else { return [] }
        return try await rooms.git.blob(blob)
    }

    /// A file that is no spec has no approval; one that cannot be read is told apart from all others.
    private static func approval(_ bytes: [UInt8]) -> String {
        let document = SpecDocument(bytes: bytes)
        let lines: [UInt8]?
        do { lines = try document.rawLines(of: "approval") } catch { return "unreadable" }
        return String(decoding: lines ?? [], as: UTF8.self)
    }
}
