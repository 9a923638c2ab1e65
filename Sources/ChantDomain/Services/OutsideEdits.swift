import Logging

/// Tells what other programs did to the spec files: one event for each change.
///
/// What changed while no service ran is told to nobody: the index is read afresh at the start.
struct OutsideEdits: Sendable {
    private static let eventsAtOnce = 500

    let store: SpecStore
    let journal: Journal
    let project: ProjectIdentity
    let logger: Logger
    /// Is told of a spec that somebody set to `cancelled` (R35).
    var cancelled: @Sendable (String) async -> Void = { _ in }
    /// Is told of a spec that somebody set to `completed` or `cancelled`, so that its drivers may be done (R9).
    var ended: @Sendable (SpecID) async -> Void = { _ in }

    /// Follows the files until its task is cancelled.
    func run() async {
        var isTold = true
        for await _ in await store.changeMoments() {
            if Task.isCancelled { break }
            await take()
            let nowTold = await store.isTold
            if isTold != nowTold { tell(nowTold) }
            isTold = nowTold
        }
        await store.stopWatching()
    }

    private func take() async {
        do throws(SpecError) {
            let changes = try await store.takeChanges()
            var rest = changes.map(Self.event)[...]
            while !rest.isEmpty {
                record(Array(rest.prefix(Self.eventsAtOnce)))
                rest = rest.dropFirst(Self.eventsAtOnce)
            }
            for change in changes {
                if case .status(_, .cancelled) = change.kind { await cancelled(change.id) }
            }
            for member in Self.endedMembers(changes) { await ended(member) }
        } catch {
            logger.warning("spec files not looked at", metadata: ["error": "\(error)"])
        }
    }

    /// The specs that are done by now, except where a driver of theirs was written at the same time: whoever checks out
    /// another branch, or finishes a group with another program, has said what the driver is.
    static func endedMembers(_ changes: [SpecFileChange]) -> [SpecID] {
        let written = Set(changes.map(\.id))
        return changes.compactMap { change in
            guard case .status(_, let status) = change.kind, status == .completed || status == .cancelled,
                let id = SpecID(change.id)
            else { return nil }
            var driver = id.driver
            while let above = driver {
                if written.contains(above.text) { return nil }
                driver = above.driver
            }
            return id
        }
    }

    private func record(_ events: [DomainEvent]) {
        do throws(JournalError) {
            try journal.record(events, project: project.name)
        } catch {
            logger.error("changes of specs not journaled", metadata: ["error": "\(error)"])
        }
    }

    private func tell(_ isTold: Bool) {
        if isTold {
            logger.notice("the kernel tells of changes of spec files again")
        } else {
            logger.warning(
                """
                the kernel does not tell of changes of spec files; all files are looked at twice a second instead \
                (is fs.inotify.max_user_watches too low?)
                """
            )
        }
    }

    private static func event(_ change: SpecFileChange) -> DomainEvent {
        var facts = SpecChange(
            specID: change.id,
            change: .edited,
            by: change.isOwn ? "service" : "outside",
            revision: change.revision
        )
        switch change.kind {
        case .created:
            facts.change = .created
            facts.to = change.status?.rawValue
        case .edited: facts.change = .edited
        case .removed: facts.change = .removed
        case .status(let from, let to):
            facts.change = .status
            facts.from = from.rawValue
            facts.to = to.rawValue
        }
        return .specChanged(facts)
    }
}
