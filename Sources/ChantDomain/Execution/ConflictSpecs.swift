import Foundation

/// What is particular about the run of a conflict spec: its work is to merge another spec's branch.
extension ExecutionRooms {
    /// The commit that the spec's branch to merge is at now; `nil` for a spec of another type.
    ///
    /// - Parameter bytes: the spec, as it was placed into the worktree.
    /// - Returns: the branch's tip; `nil` also where the branch is gone.
    /// - Throws: `GitError`.
    func conflictSource(_ bytes: [UInt8]) async throws(GitError) -> ObjectID? {
        guard let spec = conflict(bytes), let branch = spec.sourceBranch.flatMap({ BranchName($0) }) else { return nil }
        return try await git.tip(of: branch)
    }

    /// Where the spec that could not be merged lies inside the repository; `nil` for a spec of another type.
    func conflictOriginal(_ bytes: [UInt8]) async -> String? {
        guard let original = conflict(bytes)?.originalSpec.flatMap({ SpecID($0) }) else { return nil }
        return await finisher.specs.path(of: original) ?? specPath(original)
    }

    private func conflict(_ bytes: [UInt8]) -> Spec? {
        guard let id = SpecID("conflict"),
            let spec = try? Spec(id: id, path: "", document: SpecDocument(bytes: bytes)), spec.kind == .conflict
        else { return nil }
        return spec
    }
}
