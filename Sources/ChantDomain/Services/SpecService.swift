import Foundation

/// Lists, shows and creates specs: what HTTP and later MCP call.
public struct SpecService: Sendable {
    let project: ProjectIdentity
    let store: SpecStore
    let journal: Journal
    let specPath: @Sendable (SpecID) -> String
    let now: @Sendable () -> Date

    /// The active specs in list order, without cancelled ones; files that cannot be read come with their problem.
    ///
    /// - Parameter limit: at most so many.
    /// - Returns: the page, and how many there are in all.
    /// - Throws: `SpecError` where the folder cannot be read.
    public func list(limit: Int) async throws(SpecError) -> (items: [SpecListing], total: Int) {
        let index = try await store.index()
        let page = SpecQuery(limit: limit).page(of: index)
        let latest = latestRuns()
        let items = page.items.map { entry in
            switch entry {
            case .spec(let spec): SpecListing.readable(view(spec, index, latest[spec.id.text]))
            case .unreadable(let unreadable): SpecListing.unreadable(unreadable)
            }
        }
        return (items, page.total)
    }

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
            return .readable(view(spec, index, try? journal.latestRun(of: id, project: project.path)))
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
        var random = SystemNumbers()
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

    private func latestRuns() -> [String: Run] {
        (try? journal.latestRuns(project: project.path)) ?? [:]
    }
}

extension SpecService {
    func view(_ spec: Spec, _ index: SpecIndex, _ latest: Run?) -> SpecView {
        let live = latest.flatMap { $0.state.isLive ? $0 : nil }
        let readiness = Readiness.of(spec, in: index, askedByName: false, hasLiveRun: live != nil, skip: [])
        let isDriver = SpecGroup.isDriver(spec, in: index)
        return SpecView(
            spec: spec,
            driver: index.driver(of: spec.id),
            members: index.members(of: spec.id),
            ready: readiness == .ready,
            blockedBy: Readiness.blockers(of: spec, in: index),
            allowed: allowed(spec, isDriver: isDriver, isLive: live != nil),
            criteria: criteria(spec, live),
            stale: spec.status == .inProgress && live == nil
                && SpecLock.owner(of: spec.id, chantFolder: project.path) == nil,
            runID: latest?.id,
            orderID: latest?.orderID
        )
    }

    /// What this version can be asked for: later ones add the other transitions of the table.
    private func allowed(_ spec: Spec, isDriver: Bool, isLive: Bool) -> [String] {
        let canStart = (try? spec.status.applying(.start)) != nil
        return canStart && !isDriver && !isLive && !spec.archived ? ["work"] : []
    }

    /// Where the spec lies inside the repository: in `specs/`, or in the folder below it where it was found.
    private func placeInRepository(of spec: Spec) -> String {
        specPath(spec.id).dropLast(".chant/specs/\(spec.id).md".count) + spec.path
    }

    /// While a run lives, the boxes that its agent has ticked so far.
    private func criteria(_ spec: Spec, _ live: Run?) -> CriteriaCount {
        if let worktree = live?.worktree,
            let bytes = try? LocalFileSystem().read(worktree + "/" + placeInRepository(of: spec))
        {
            let criteria = SpecDocument(bytes: bytes).criteria
            return CriteriaCount(total: criteria.total, checked: criteria.checked)
        }
        return CriteriaCount(total: spec.criteria.total, checked: spec.criteria.checked)
    }
}
