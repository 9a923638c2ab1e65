/// Finishes specs by a person's word: merges what a run has left, or makes a spec of what stands in the way (R59).
public struct MergeService: Sendable {
    let rooms: ExecutionRooms
    let specs: SpecService

    /// Brings the kept work of a spec onto the target and completes the spec.
    ///
    /// - Parameters:
    ///   - spec: the full id.
    ///   - rebasing: puts the commits onto the target first; the old ones are kept by a ref.
    ///   - person: who says so.
    /// - Returns: how it ended; where it did not complete, the spec and the branch are as they were.
    /// - Throws: `MergeError` where nothing was tried.
    public func merge(_ spec: SpecID, rebasing: Bool, by person: String?) async throws(MergeError) -> MergeReport {
        try await SpecMerging(rooms: rooms).merge(spec, rebasing: rebasing, by: person)
    }

    /// Makes a spec to resolve the conflict that a merge would meet.
    ///
    /// - Parameter spec: the spec whose work cannot be merged.
    /// - Returns: the new spec.
    /// - Throws: `MergeError`; `spec(.exists)` where there is one that is not done yet.
    public func makeConflictSpec(for spec: SpecID) async throws(MergeError) -> SpecView {
        try await SpecMerging(rooms: rooms).withConflict(of: spec) { conflict async throws(MergeError) in
            try await make(conflict, of: spec)
        }
    }

    /// Looks for an earlier one and makes it under the original's claim: two at once would make two.
    private func make(_ conflict: SpecMerging.Conflict, of spec: SpecID) async throws(MergeError) -> SpecView {
        let index: SpecIndex
        do { index = try await rooms.store.index() } catch { throw .spec(error) }
        if let open = index.active.first(where: { $0.isOpenConflict(of: spec) }) { throw .spec(.exists(open.id)) }
        let facts = SpecConflict(
            sourceBranch: conflict.work.run.branch,
            targetBranch: conflict.target,
            files: conflict.files,
            blockedSpecs: SpecConflict.blocked(by: conflict.files, besides: spec, in: index),
            originalSpec: spec.text
        )
        do {
            let commits = conflict.commits.map { String($0.hex.prefix(12)) }
            return try await specs.create(NewSpec(resolving: facts, title: index[spec]?.title, commits: commits))
        } catch {
            throw .edit(error)
        }
    }

    /// Says that a spec is done (R7): the only way to `completed` without the service's own merge.
    public func finalize(_ spec: SpecID, commits: [String]?, by person: String) async throws(FinalizeError) -> SpecView
    {
        try await SpecFinalizing(rooms: rooms, specs: specs).finalize(spec, commits: commits, by: person)
    }
}

extension Spec {
    fileprivate func isOpenConflict(of original: SpecID) -> Bool {
        kind == .conflict && originalSpec == original.text && status != .completed && status != .cancelled
    }
}
