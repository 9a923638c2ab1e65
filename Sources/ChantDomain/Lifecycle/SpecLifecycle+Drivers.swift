import Foundation

extension SpecLifecycle {
    /// Completes the drivers that have no open member left, now that this member is done (R9); by the store alone.
    ///
    /// Every path that ends a member ends here, also after a finishing commit that completed them already. Called *after*
    /// the member's own file was written: of two last members that end at the same moment, the one that is written last
    /// sees the other.
    ///
    /// - Parameters:
    ///   - member: the spec that is completed, cancelled, or gone.
    ///   - moment: what the drivers' `completed_at` will say.
    /// - Returns: the drivers that were completed, the innermost first.
    /// - Throws: `SpecError`; drivers before the one that could not be written are completed.
    @discardableResult
    func completeDrivers(
        after member: SpecID,
        at moment: Date
    ) async throws(SpecError) -> [SpecGroup.Completion] {
        let index = try await store.index()
        let status: SpecStatus
        if let spec = index[member] {
            guard spec.archived || spec.status == .completed || spec.status == .cancelled else { return [] }
            status = spec.status == .cancelled ? .cancelled : .completed
        } else {
            // A driver whose only member was deleted has nothing that could make it complete.
            guard let driver = index.driver(of: member), !index.members(of: driver).isEmpty else { return [] }
            status = .cancelled
        }
        var completed: [SpecGroup.Completion] = []
        for completion in SpecGroup.completions(after: member, becomes: status, in: index) {
            do {
                _ = try await change(completion.driver, .completeDriver) { document, _ throws(SpecError) in
                    try document.finishedAsDriver(completedAt: Timestamps.seconds(moment))
                }
                completed.append(completion)
            } catch {
                // Done, or cancelled, by somebody else since the index was read: that stands.
                guard case .illegalTransition = error else { throw error }
                return completed
            }
        }
        return completed
    }
}
