import Foundation
import Logging

/// The rooms that a request's edit of a spec passes through.
struct SpecEditing: Sendable {
    let project: ProjectIdentity
    let store: SpecStore
    let lifecycle: SpecLifecycle
    let journal: Journal
    /// `nil` where `server.commit_specs` is off.
    let commits: EditCommits?
    let worktrees: WorktreeQueue
    /// One at a time changes what becomes of a spec.
    let claims: SpecClaims
    /// `approval.rejection_action`.
    let rejectionAction: RejectionAction
    /// Where a spec's file lies inside the repository.
    let repositoryPath: @Sendable (SpecFile) -> String
    /// Where that of a new spec will.
    let specPath: @Sendable (SpecID) -> String
    let logger: Logger
    let now: @Sendable () -> Date

    /// Requests edit one after the other: none loses to another one, and two of them cannot close a circle together.
    private let line = FIFOLock()

    /// How often an edit is tried on the file that another program has just written.
    private static let attempts = 10

    /// One try of an edit: what is there, and what was made of it.
    struct Written: Sendable {
        /// `nil` where the spec is new.
        let before: SpecFile?
        let after: SpecFile
    }

    init(_ rooms: ExecutionRooms) {
        project = rooms.project
        store = rooms.store
        lifecycle = rooms.lifecycle
        journal = rooms.journal
        commits = rooms.configuration.server.commitSpecs ? EditCommits(rooms) : nil
        worktrees = rooms.worktrees
        claims = rooms.claims
        rejectionAction = rooms.configuration.approval.rejectionAction
        repositoryPath = { rooms.repositoryPath(of: $0) }
        specPath = { rooms.specPath($0) }
        logger = rooms.logger
        now = rooms.now
    }

    /// Writes what `edit` makes of a spec's file, by the doors of the lifecycle, with its event and its commit.
    ///
    /// - Parameters:
    ///   - id: the full id.
    ///   - condition: which version is meant; looked at again in each try.
    ///   - edit: gets what is there, `nil` for nothing; what it returns is written.
    /// - Returns: what was there, and what is.
    /// - Throws: what `edit` throws, a version that is not the one meant, a refused status, circle or commit.
    func write(
        _ id: SpecID,
        if condition: RevisionCondition,
        _ edit: @Sendable (SpecFile?) throws(SpecEditError) -> SpecDocument
    ) async throws(SpecEditError) -> Written {
        try await inLine("edit \(id)") { () async throws(SpecEditError) in
            try await retrying(id) { () async throws(SpecEditError) in
                let before = try await current(id)
                guard condition.allows(before?.document.revision) else {
                    throw .preconditionFailed(id, revision: before?.document.revision)
                }
                let wanted = try edit(before)
                if let before, wanted == before.document, case .success = before.reading {
                    return Written(before: before, after: before)
                }
                let admitted = try lifecycle.admit(wanted, over: before, of: id, owner: try owner(of: id))
                try await refuseCircle(admitted.spec, before)
                let after = try await save(admitted.document, as: id, over: before)
                lifecycle.recordEdit(before, after)
                await completeDrivers(before, after)
                return Written(before: before, after: after)
            }
        }
    }

    /// Removes a spec's file, if nobody works on it.
    func remove(_ id: SpecID, if condition: RevisionCondition) async throws(SpecEditError) {
        try await inLine("delete \(id)") { () async throws(SpecEditError) in
            try await retrying(id) { () async throws(SpecEditError) in
                guard let file = try await current(id) else { throw .spec(.notFound(id.text)) }
                guard condition.allows(file.document.revision) else {
                    throw .preconditionFailed(id, revision: file.document.revision)
                }
                try owner(of: id)?.refuse(id)
                try await discard(file)
                lifecycle.recordEdit(file, nil)
                await completeDrivers(file, nil)
            }
        }
    }

    /// Tries an edit again on the file that another program has just written, but not for ever.
    func retrying<Value>(
        _ id: SpecID,
        _ edit: () async throws(SpecEditError) -> Value
    ) async throws(SpecEditError) -> Value {
        for _ in 0..<Self.attempts {
            do throws(SpecEditError) {
                return try await edit()
            } catch {
                guard case .spec(.changedMeanwhile) = error else { throw error }
            }
        }
        throw .spec(.changedMeanwhile(id))
    }

    /// The spec's file now; `nil` where there is none.
    func current(_ id: SpecID) async throws(SpecEditError) -> SpecFile? {
        do {
            return try await store.read(id)
        } catch {
            if case .notFound = error { return nil }
            throw .spec(error)
        }
    }
}

// MARK: - Judging

extension SpecEditing {
    /// Who works on the spec.
    func owner(of id: SpecID) throws(SpecEditError) -> SpecOwner? {
        do { return try SpecOwner.of(id, journal, project) } catch { throw .journal(error) }
    }

    /// R10: dependencies that close a circle are not written; a circle that is there already hinders no other edit.
    private func refuseCircle(_ spec: Spec, _ before: SpecFile?) async throws(SpecEditError) {
        let known = Set((try? before?.spec())?.dependsOn ?? [])
        let added = (spec.dependsOn ?? []).filter { !known.contains($0) }.compactMap { SpecID($0) }
        guard !added.isEmpty else { return }
        let index: SpecIndex
        do { index = try await store.index() } catch { throw .spec(error) }
        if let circle = DependencyGraph(index).circle(closedBy: spec.id, dependingOn: added) { throw .cycle(circle) }
    }

    func inLine<Value>(
        _ name: String,
        _ body: () async throws(SpecEditError) -> Value
    ) async throws(SpecEditError) -> Value {
        let place: FIFOLock.Held
        do { place = try await line.acquire(as: name) } catch { throw .git(.cancelled) }
        defer { line.release(place) }
        return try await body()
    }
}

// MARK: - Writing

extension SpecEditing {
    func save(
        _ document: SpecDocument,
        as id: SpecID,
        over before: SpecFile?,
        verb: String? = nil
    ) async throws(SpecEditError) -> SpecFile {
        guard let commits else { return try await put(document, as: id, over: before) }
        let path = before.map(repositoryPath) ?? specPath(id)
        return try await commits.commit(
            [EditedFile(path: path, bytes: document.bytes)],
            of: id,
            verb: verb ?? (before == nil ? "create" : "edit"),
            write: { () async throws(SpecEditError) in try await put(document, as: id, over: before) },
            undo: { written in await takeBack(written, to: before) }
        )
    }

    func put(
        _ document: SpecDocument,
        as id: SpecID,
        over before: SpecFile?
    ) async throws(SpecEditError) -> SpecFile {
        do throws(SpecError) {
            guard let before else { return try await store.create(id, bytes: document.bytes) }
            return try await store.write(id, bytes: document.bytes, replacing: before.document.digest)
        } catch {
            throw .spec(error)
        }
    }

    private func discard(_ file: SpecFile) async throws(SpecEditError) {
        let remove = { () async throws(SpecEditError) in
            do throws(SpecError) { try await store.remove(file) } catch { throw .spec(error) }
        }
        guard let commits else { return try await remove() }
        try await commits.commit(
            [EditedFile(path: repositoryPath(file), bytes: nil)],
            of: file.id,
            verb: "delete",
            write: remove,
            undo: { _ in
                do { try await store.restore(file) } catch { warn("a deleted spec was not put back", file.id, error) }
            }
        )
    }

    /// Undoes a write whose commit did not reach the target, unless somebody wrote there meanwhile.
    func takeBack(_ written: SpecFile, to before: SpecFile?) async {
        do throws(SpecError) {
            guard let before else { return try await store.remove(written) }
            try await store.restore(before, over: written.document.digest)
        } catch {
            warn("an edit that could not be committed was not taken back", written.id, error)
        }
    }

    func warn(_ sentence: String, _ id: SpecID, _ error: any Error) {
        logger.warning("\(sentence)", metadata: ["spec": "\(id)", "why": "\(error)"])
    }
}

extension EditCommits {
    /// The commits of an opened project's edits.
    init(_ rooms: ExecutionRooms) {
        self.init(
            project: rooms.project,
            git: rooms.git,
            target: rooms.target,
            targets: rooms.finisher.targets,
            identity: rooms.configuration.server.serviceIdentity,
            signingKey: rooms.configuration.server.sign,
            logger: rooms.logger
        )
    }
}
