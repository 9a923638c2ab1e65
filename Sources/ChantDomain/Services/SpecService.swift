import Foundation

/// Lists, shows and creates specs: what HTTP and later MCP call.
public struct SpecService: Sendable {
    let project: ProjectIdentity
    let store: SpecStore
    let journal: Journal
    /// Lists of specs.
    public let lists: SpecLists
    let specPath: @Sendable (SpecID) -> String
    let now: @Sendable () -> Date

    /// The full id that a full or partial id names (§2.4 of the reference; active specs first, then archived ones).
    public func resolve(_ text: String) async throws(SpecError) -> SpecID {
        switch try await store.index().resolve(text, today: LocalDay(of: now())) {
        case .found(let id): return id
        case .none: throw .notFound(text)
        case .ambiguous(let candidates): throw .ambiguous(text, candidates)
        }
    }

    /// One spec, read again from disk.
    public func get(_ id: SpecID) async throws(SpecError) -> SpecListing {
        let index = try await store.index()
        switch try await store.read(id).reading {
        case .success(let spec):
            return .readable(view(spec, index, latestRun(of: id)))
        case .failure(let failure): return .unreadable(failure.file)
        }
    }

    /// The spec's file, byte for byte.
    public func file(_ id: SpecID) async throws(SpecError) -> SpecFile { try await store.read(id) }

    /// Makes a spec from fields.
    public func create(_ fields: NewSpec) async throws(SpecError) -> SpecView {
        try await create(try fields.markdown())
    }

    /// Makes a spec from a whole markdown file, which has to be one that can be read.
    public func create(markdown: [UInt8]) async throws(SpecError) -> SpecView {
        try await create(markdown)
    }

    private func create(_ bytes: [UInt8]) async throws(SpecError) -> SpecView {
        var random = SystemRandomNumberGenerator()
        for _ in 0..<20 {
            let index = try await store.index()
            let id = SpecID.fresh(on: LocalDay(of: now()), taken: index.activeIDs + index.archivedIDs, random: &random)
            do throws(SpecError) {
                let file = try await store.create(id, bytes: bytes)
                record(file)
                return view(try file.spec(), try await store.index(), nil)
            } catch {
                guard case .exists = error else { throw error }
            }
        }
        throw .invalid([Complaint("", "No free id was found; try again.")])
    }

    private func record(_ file: SpecFile) {
        let change = SpecChange(
            specID: file.id.text,
            change: .created,
            to: (try? file.spec())?.status.rawValue,
            revision: file.document.revision
        )
        try? journal.record([.specChanged(change)], project: project.name)
    }

    func latestRun(of id: SpecID) -> RunBrief? {
        (try? journal.latestRun(of: id, project: project.path)).map(RunBrief.init)
    }
}

extension SpecService {
    func view(_ spec: Spec, _ index: SpecIndex, _ latest: RunBrief?) -> SpecView {
        let live = latest.flatMap { $0.isLive ? $0 : nil }
        let isDriver = SpecGroup.isDriver(spec, in: index)
        return SpecView(
            spec: spec,
            driver: index.driver(of: spec.id),
            members: index.members(of: spec.id),
            ready: Readiness.isReady(spec, in: index, hasLiveRun: live != nil),
            blockedBy: Readiness.blockers(of: spec, in: index),
            allowed: Self.allowed(spec, isDriver: isDriver, isLive: live != nil),
            criteria: criteria(spec, live),
            stale: spec.status == .inProgress && live == nil
                && SpecLock.owner(of: spec.id, chantFolder: project.path) == nil,
            runID: latest?.id,
            orderID: latest?.orderID
        )
    }

    /// What this version can be asked for: later ones add the other transitions of the table.
    static func allowed(_ spec: Spec, isDriver: Bool, isLive: Bool) -> [String] {
        let canStart = (try? spec.status.applying(.start)) != nil
        return canStart && !isDriver && !isLive && !spec.archived ? ["work"] : []
    }

    /// While a run lives, the boxes that its agent has ticked so far.
    private func criteria(_ spec: Spec, _ live: RunBrief?) -> CriteriaCount {
        if let worktree = live?.worktree,
            let bytes = try? LocalFileSystem().read(worktree + "/" + specPath(spec.id))
        {
            let criteria = SpecDocument(bytes: bytes).criteria
            return CriteriaCount(total: criteria.total, checked: criteria.checked)
        }
        return CriteriaCount(total: spec.criteria.total, checked: spec.criteria.checked)
    }
}
