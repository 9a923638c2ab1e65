import Foundation

/// The one door for a spec's status: named changes, each with the data that the new state needs (R6).
///
/// A change is the table (`SpecStatus.applying`), then the file through the one writer, then the event.
struct SpecLifecycle: Sendable {
    let store: SpecStore
    let journal: Journal
    let project: ProjectIdentity

    /// `in_progress`, on `branch`: before the worktree is made.
    func start(_ id: SpecID, branch: String) async throws(SpecError) -> SpecFile {
        try await change(id, .start) { document, status throws(SpecError) in
            try document.with(status: status).setting("branch", to: branch)
        }
    }

    /// The status that a run's end asks for, unless a person cancelled the spec meanwhile.
    ///
    /// - Parameters:
    ///   - id: the spec.
    ///   - event: how its run ended.
    ///   - retryState: the value of `retry_state`, where an attempt follows; else the key goes.
    /// - Returns: the status that somebody else had written during the run (R35), if so.
    func leave(
        _ id: SpecID,
        _ event: SpecEvent,
        retryState: HeaderValue? = nil
    ) async throws(SpecError) -> SpecStatus? {
        let found = try await store.read(id).spec().status
        let file = try await store.edit(id) { document throws(SpecError) in
            switch try Self.status(of: document, id) {
            // A person's word that the spec is over stands, and `completed` is never downgraded (R7).
            case .cancelled, .completed: document
            case .inProgress, .pending, .paused, .failed, .needsAttention:
                try document.with(status: Self.applying(event, to: .inProgress)).settingRetry(retryState)
            }
        }
        record(file, from: found)
        // What is there already may be this very run's, written just before a crash.
        let isOurs = found == .inProgress || found == (try? SpecStatus.inProgress.applying(event))
        return isOurs ? nil : found
    }

    /// The status that a run's end asks for, if the file still says `in_progress`.
    func leaveIfInProgress(_ id: SpecID, _ event: SpecEvent) async throws(SpecError) {
        guard try await store.read(id).spec().status == .inProgress else { return }
        _ = try await leave(id, event)
    }

    /// Writes finished bytes over the file that they were computed from (F4).
    ///
    /// Where the file is no longer `before`, `again` computes the finished bytes once more from what stands there instead.
    func writeFinished(
        _ id: SpecID,
        expecting before: [UInt8],
        finished: [UInt8],
        again: @Sendable ([UInt8]) async throws -> [UInt8]
    ) async throws {
        for _ in 0..<5 {
            let current = try await store.read(id)
            let bytes = current.document.bytes
            if bytes == finished { return }
            let replacement = bytes == before ? finished : try await again(bytes)
            do {
                let file = try await store.edit(id) { document throws(SpecError) in
                    guard document.bytes == bytes else { throw .changedMeanwhile(id) }
                    return SpecDocument(bytes: replacement)
                }
                record(file, from: (try? current.spec())?.status)
                return
            } catch SpecError.changedMeanwhile {
                continue
            }
        }
        throw SpecError.changedMeanwhile(id)
    }

    private func change(
        _ id: SpecID,
        _ event: SpecEvent,
        _ edit: @escaping @Sendable (SpecDocument, SpecStatus) throws(SpecError) -> SpecDocument
    ) async throws(SpecError) -> SpecFile {
        let before = try await store.read(id).spec().status
        let file = try await store.edit(id) { document throws(SpecError) in
            let status = try Self.status(of: document, id)
            return try edit(document, Self.applying(event, to: status))
        }
        record(file, from: before)
        return file
    }

    private static func status(of document: SpecDocument, _ id: SpecID) throws(SpecError) -> SpecStatus {
        do {
            return try Spec(id: id, path: "", document: document).status
        } catch {
            throw .header(error)
        }
    }

    private static func applying(_ event: SpecEvent, to status: SpecStatus) throws(SpecError) -> SpecStatus {
        do {
            return try status.applying(event)
        } catch {
            throw .illegalTransition(error)
        }
    }

    /// Events of files are told after the write; one that cannot be journaled is not worth failing the change.
    ///
    /// A status that was there before is no change.
    private func record(_ file: SpecFile, from: SpecStatus?) {
        let status = (try? file.spec())?.status
        guard status != from else { return }
        let event = SpecChange(
            specID: file.id.text,
            change: .status,
            from: from?.rawValue,
            to: status?.rawValue,
            revision: file.document.revision
        )
        try? journal.record([.specChanged(event)], project: project.name)
    }
}
