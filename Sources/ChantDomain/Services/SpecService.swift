import Foundation

/// Lists, shows and edits specs: what HTTP and later MCP call.
public struct SpecService: Sendable {
    let project: ProjectIdentity
    let store: SpecStore
    let journal: Journal
    /// Lists of specs.
    public let lists: SpecLists
    let specPath: @Sendable (SpecID) -> String
    let now: @Sendable () -> Date
    let editing: SpecEditing

    /// The full id that a full or partial id names (§2.4 of the reference; active specs first, then archived ones).
    public func resolve(_ text: String) async throws(SpecError) -> SpecID {
        switch try await store.index().resolve(text, today: LocalDay(of: now())) {
        case .found(let id): return id
        case .none: throw .notFound(text)
        case .ambiguous(let candidates): throw .ambiguous(text, candidates)
        }
    }

    /// One spec, read again from disk; a file that cannot be read, or even opened, as what it is (R3).
    public func get(_ id: SpecID) async throws(SpecError) -> SpecListing {
        let index = try await store.index()
        do {
            switch try await store.read(id).reading {
            case .success(let spec):
                let usage = try? journal.usage(project: project.path, of: id)
                return .readable(view(spec, index, try latestRun(of: id), usage?[id.text]))
            case .failure(let failure): return .unreadable(failure.file)
            }
        } catch {
            guard case .unreadable(let file) = error else { throw error }
            return .unreadable(file)
        }
    }

    /// The spec's file, byte for byte.
    public func file(_ id: SpecID) async throws(SpecError) -> SpecFile { try await store.read(id) }

    /// The spec's live or latest run.
    ///
    /// - Throws: `runsUnknown`: a spec of which nobody knows whether it is at work must not look like one that is not.
    func latestRun(of id: SpecID) throws(SpecError) -> Run? {
        do throws(JournalError) {
            return try journal.latestRun(of: id, project: project.path)
        } catch {
            throw .runsUnknown(error.description)
        }
    }
}

extension SpecService {
    func view(_ spec: Spec, _ index: SpecIndex, _ latest: Run?, _ usage: RunUsage? = nil) -> SpecView {
        let latest = latest.map(RunBrief.init)
        let live = latest.flatMap { $0.isLive ? $0 : nil }
        let isStale =
            spec.status == .inProgress && live == nil
            && SpecLock.owner(of: spec.id, chantFolder: project.path) == nil
        return SpecView(
            spec: spec,
            driver: index.driver(of: spec.id),
            members: index.members(of: spec.id),
            ready: Readiness.isReady(spec, in: index, hasLiveRun: live != nil),
            blockedBy: Readiness.blockers(of: spec, in: index),
            allowed: Self.allowed(spec, index, isLive: live != nil, isStale: isStale),
            criteria: criteria(spec, live),
            stale: isStale,
            runID: latest?.id,
            orderID: latest?.orderID,
            usage: usage ?? RunUsage()
        )
    }

    /// Where the spec lies inside the repository: in `specs/`, or in the folder below it where it was found.
    private func placeInRepository(of spec: Spec) -> String {
        specPath(spec.id).dropLast(".chant/specs/\(spec.id).md".count) + spec.path
    }

    /// While a run lives, the boxes that its agent has ticked so far.
    private func criteria(_ spec: Spec, _ live: RunBrief?) -> CriteriaCount {
        if let worktree = live?.worktree,
            let bytes = try? LocalFileSystem().read(worktree + "/" + placeInRepository(of: spec))
        {
            let criteria = SpecDocument(bytes: bytes).criteria
            return CriteriaCount(total: criteria.total, checked: criteria.checked)
        }
        return CriteriaCount(total: spec.criteria.total, checked: spec.criteria.checked)
    }
}
