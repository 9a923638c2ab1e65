/// What else an edit that may end a spec has to do with it.
extension SpecEditing {
    /// R9, where the edit ended a member: it was cancelled, or is gone.
    func completeDrivers(_ before: SpecFile?, _ after: SpecFile?) async {
        guard let id = (after ?? before)?.id else { return }
        let from = (try? before?.spec())?.status
        let to = (try? after?.spec())?.status
        guard after == nil || to == .cancelled && from != .cancelled else { return }
        await lifecycle.completeDrivers(after: id, at: now(), logger)
    }

    /// Holds the spec's claim while an edit may change its status: an action such as a merge comes first, or later.
    ///
    /// Before the line, since who holds a claim may have to wait for a turn in the line.
    func claimed<Value>(
        _ id: SpecID,
        as holder: String,
        _ body: () async throws(SpecEditError) -> Value
    ) async throws(SpecEditError) -> Value {
        try await claims.withClaim(of: id, as: holder, orThrow: SpecEditError.git(.cancelled), body)
    }
}
