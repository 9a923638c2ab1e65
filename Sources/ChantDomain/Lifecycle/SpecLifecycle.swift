import Foundation

/// The one door for a spec's status: named changes, each with the data that the new state needs (R6).
///
/// A change is the table (`SpecStatus.applying`), then the file through the one writer, then the event.
struct SpecLifecycle: Sendable {
    let store: SpecStore
    let journal: Journal
    let project: ProjectIdentity
    /// Hears of a change that the journal did not take: this room keeps no log.
    var onUntold: @Sendable (SpecChange, JournalError) -> Void = { _, _ in }

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
    ///   - event: what the end means for it.
    ///   - retryState: the value of `retry_state`, where an attempt follows; else the key goes.
    ///   - edit: what else is written with it.
    /// - Returns: the status that somebody else had written during the run (R35), if so.
    /// - Throws: `SpecError`; nothing was written then.
    func leave(
        _ id: SpecID,
        _ event: SpecEvent,
        retryState: HeaderValue? = nil,
        _ edit: @escaping @Sendable (SpecDocument) -> SpecDocument = { $0 }
    ) async throws(SpecError) -> SpecStatus? {
        let found = try await store.read(id).spec().status
        let file = try await store.edit(id) { document throws(SpecError) in
            switch try Self.status(of: document, id) {
            // A person's word that the spec is over stands, and `completed` is never downgraded (R7).
            case .cancelled, .completed: document
            case .inProgress, .pending, .paused, .failed, .needsAttention:
                try edit(document.with(status: Self.applying(event, to: .inProgress)).settingRetry(retryState))
            }
        }
        record(file, from: found)
        // What is there already may be this very run's, written just before a crash.
        let isOurs = found == .inProgress || found == (try? SpecStatus.inProgress.applying(event))
        return isOurs ? nil : found
    }

    /// The status that a run's end asks for, if the file still says `in_progress`; a cancelled spec is so in any case.
    func leaveIfInProgress(
        _ id: SpecID,
        _ event: SpecEvent,
        _ edit: @escaping @Sendable (SpecDocument) -> SpecDocument = { $0 }
    ) async throws(SpecError) {
        guard try await store.read(id).spec().status == .inProgress || event == .cancel else { return }
        _ = try await leave(id, event, edit)
    }

    /// An administrator's reset, from whatever status the spec has, told as what it is (R44).
    ///
    /// - Parameters:
    ///   - id: the spec.
    ///   - name: who asked for it.
    /// - Returns: the file as it is now.
    /// - Throws: `spec`: a file that cannot be read has no status that could be written. `journal`: the reset is in the
    ///   file and not on record; to ask again puts it there.
    func forceReset(_ id: SpecID, by name: String) async throws(SpecEditError) -> SpecFile {
        let before: SpecStatus
        let file: SpecFile
        do throws(SpecError) {
            before = try await store.read(id).spec().status
            file = try await store.edit(id) { document throws(SpecError) in
                let status = try Self.status(of: document, id)
                _ = try Self.applying(.forcedReset, to: status)
                return try status == .completed ? document.reopened() : document.with(status: .pending)
            }
        } catch {
            throw .spec(error)
        }
        let event = SpecChange(
            specID: id.text,
            change: .status,
            from: before.rawValue,
            to: SpecStatus.pending.rawValue,
            by: name,
            revision: file.document.revision
        )
        do {
            try journal.record([.specChanged(event)], project: project.name)
        } catch {
            throw .journal(error)
        }
        return file
    }

    /// Removes `retry_state`: the attempt that it tells of does not come any more.
    func forgetRetry(_ id: SpecID) async throws(SpecError) {
        _ = try await store.edit(id) { document throws(SpecError) in try document.settingRetry(nil) }
    }

    /// Writes finished bytes over the file that they were computed from (F4).
    ///
    /// Where the file is no longer `before`, `again` computes the finished bytes once more from what stands there instead.
    func writeFinished(
        _ id: SpecID,
        expecting before: [UInt8],
        finished: [UInt8],
        by person: String? = nil,
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
                record(file, from: (try? current.spec())?.status, by: person)
                return
            } catch SpecError.changedMeanwhile {
                continue
            }
        }
        throw SpecError.changedMeanwhile(id)
    }

    /// One change of the table: the file by `edit`, then the event.
    func change(
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

    /// Tells of a status that a file has now; one that was there before is no change.
    func record(_ file: SpecFile, from: SpecStatus?, by person: String? = nil) {
        let status = (try? file.spec())?.status
        guard status != from else { return }
        let event = SpecChange(
            specID: file.id.text,
            change: .status,
            from: from?.rawValue,
            to: status?.rawValue,
            by: person ?? "service",
            revision: file.document.revision
        )
        tell(event)
    }

    /// Events of files are told after the write; one that cannot be journaled is not worth failing the change.
    func tell(_ change: SpecChange) {
        do {
            try journal.record([.specChanged(change)], project: project.name)
        } catch {
            onUntold(change, error)
        }
    }
}
