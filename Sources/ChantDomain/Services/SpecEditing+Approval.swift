import Foundation

extension SpecEditing {
    /// Writes a person's word on a spec, with what a rejection makes; all of it one commit (R40).
    ///
    /// - Parameters:
    ///   - decision: the word.
    ///   - id: the spec.
    ///   - now: the time.
    /// - Returns: the spec as it is now.
    /// - Throws: why the word cannot be said or written now; nothing is left of it then.
    func decide(_ decision: ApprovalDecision, on id: SpecID, at now: Date) async throws(SpecEditError) -> SpecFile {
        let name = "\(decision.isApproval ? "approve" : "reject") \(id)"
        return try await claimed(id, as: name) { () async throws(SpecEditError) in
            try await inLine(name) { () async throws(SpecEditError) in
                try await retrying(id) { () async throws(SpecEditError) in
                    do throws(SpecEditError) {
                        return try await attempt(decision, on: id, at: now)
                    } catch {
                        // Another program has just taken the id of a spec that a rejection makes: the next one is free.
                        if case .spec(.exists) = error { throw .spec(.changedMeanwhile(id)) }
                        throw error
                    }
                }
            }
        }
    }

    private func attempt(
        _ decision: ApprovalDecision,
        on id: SpecID,
        at now: Date
    ) async throws(SpecEditError) -> SpecFile {
        guard let before = try await current(id) else { throw .spec(.notFound(id.text)) }
        let decided = try lifecycle.decide(
            decision,
            on: before,
            owner: try owner(of: id),
            at: Timestamps.seconds(now)
        )
        let result = try await rejection(decision, of: before, decided, now)
        return try await save(result, over: before, decision)
    }

    private func rejection(
        _ decision: ApprovalDecision,
        of file: SpecFile,
        _ decided: SpecDocument,
        _ now: Date
    ) async throws(SpecEditError) -> Rejection {
        guard !decision.isApproval else { return Rejection(decided) }
        do throws(SpecError) {
            let spec = try file.spec()
            let index = try await store.index()
            switch rejectionAction {
            case .manual: return Rejection(decided)
            case .group: return try Rejection(grouping: spec, decision, decided, index)
            case .dependency:
                return try Rejection(mending: spec, decision, decided, index) {
                    var random = SystemNumbers()
                    let taken = index.activeIDs + index.archivedIDs
                    return SpecID.fresh(on: LocalDay(of: now), taken: taken, random: &random)
                }
            }
        } catch {
            throw .spec(error)
        }
    }

    /// New specs first: a crash after any of them is gone on from by the next rejection.
    private func save(
        _ result: Rejection,
        over before: SpecFile,
        _ decision: ApprovalDecision
    ) async throws(SpecEditError) -> SpecFile {
        let verb = decision.isApproval ? "approve" : "reject"
        let write = { () async throws(SpecEditError) -> SpecFile in
            try await put(result, over: before, by: decision.by)
        }
        guard let commits else { return try await write() }
        var files = result.created.map { EditedFile(path: specPath($0.id), bytes: $0.document.bytes) }
        // What an earlier rejection left is in no commit either.
        for id in result.taken {
            if let file = try await current(id) {
                files.append(EditedFile(path: repositoryPath(file), bytes: file.document.bytes))
            }
        }
        files.append(EditedFile(path: repositoryPath(before), bytes: result.document.bytes))
        return try await commits.commit(files, of: before.id, verb: verb, write: write) { written in
            // The rejected spec first: what it refers to is there as long as it does.
            await undo(written, to: before)
            for new in result.created.reversed() {
                if let file = try? await current(new.id) { await undo(file, to: nil) }
            }
        }
    }

    private func put(
        _ result: Rejection,
        over before: SpecFile,
        by person: String
    ) async throws(SpecEditError) -> SpecFile {
        var written: [SpecFile] = []
        do throws(SpecEditError) {
            for new in result.created {
                let file = try await put(new.document, as: new.id, over: nil)
                lifecycle.recordEdit(nil, file, by: person)
                written.append(file)
            }
            let file = try await put(result.document, as: before.id, over: before)
            lifecycle.recordEdit(before, file, by: person)
            return file
        } catch {
            for file in written.reversed() { await undo(file, to: nil) }
            throw error
        }
    }

    private func undo(_ written: SpecFile, to before: SpecFile?) async {
        await takeBack(written, to: before)
        // Somebody who wrote there meanwhile keeps what he wrote.
        let now = try? await current(written.id)
        if now?.document == before?.document { lifecycle.recordEdit(written, before) }
    }
}

extension SpecService {
    /// Writes a person's word on a spec into its file; no status changes by it.
    ///
    /// A rejection does what `approval.rejection_action` says.
    public func decide(_ decision: ApprovalDecision, on id: SpecID) async throws(SpecEditError) -> SpecView {
        try await view(of: try await editing.decide(decision, on: id, at: now()))
    }
}
