/// The members of a driver, at one moment.
public struct SpecMembers: Sendable {
    /// One member.
    public struct Item: Sendable {
        /// Its id.
        public let id: SpecID
        /// The nearest spec above it.
        public let driver: SpecID
        /// Its title.
        public let title: String?
        /// Its status; `nil` where its file cannot be read.
        public let status: SpecStatus?
        /// Whether it lies in the archive.
        public let isArchived: Bool
        /// Whether it would be started by an automatic selection.
        public let ready: Bool
        /// What holds it back.
        public let blockedBy: [Blocker]
        /// Its live run, else its latest.
        public let run: RunID?
        /// Whether that run is live.
        public let isLive: Bool
        /// Why its file cannot be read.
        public let unreadable: UnreadableSpec?

        /// Whether it holds its driver back no more.
        public var isDone: Bool { isArchived || status == .completed || status == .cancelled }
    }

    /// How far a driver is: a view of its members, stored nowhere (R9).
    public enum Progress: String, Sendable, CaseIterable {
        /// It has no members.
        case empty
        /// None has begun that is not done.
        case pending
        /// One at least is being worked.
        case running
        /// One at least needs a person, or has failed.
        case attention
        /// All are done.
        case completed
    }

    /// The driver.
    public let spec: SpecID
    /// Its members and their members, in number order.
    public let items: [Item]

    /// How far the driver is.
    public var progress: Progress {
        if items.isEmpty { return .empty }
        if items.allSatisfy(\.isDone) { return .completed }
        if items.contains(where: { $0.isLive || $0.status == .inProgress }) { return .running }
        let isHeld = items.contains { item in
            !item.isArchived && (item.unreadable != nil || item.status == .failed || item.status == .needsAttention)
        }
        return isHeld ? .attention : .pending
    }
}

/// What a spec waits for and what waits for it, at one moment.
public struct SpecDependencies: Sendable {
    /// One that has to be done before.
    public struct Item: Sendable {
        /// The id as it is written; it need not be one that exists.
        public let id: String
        /// Its title.
        public let title: String?
        /// Its status; `nil` where it does not exist, or its file cannot be read.
        public let status: SpecStatus?
        /// Whether it lies in the archive.
        public let isArchived: Bool
        /// Whether the spec itself waits for it, not only another that it waits for.
        public let isDirect: Bool
        /// Who waits for it.
        public let neededBy: SpecID
        /// Why it holds that one back; `nil` where it is done.
        public let why: BlockReason?
    }

    /// One that waits for the spec.
    public struct Dependent: Sendable {
        /// Its id.
        public let id: SpecID
        /// Its title.
        public let title: String?
        /// Its status.
        public let status: SpecStatus
        /// Whether the spec holds it back now.
        public let waits: Bool
    }

    /// The spec.
    public let spec: SpecID
    /// Whether it would be started by an automatic selection.
    public let ready: Bool
    /// What holds it back itself.
    public let blockedBy: [Blocker]
    /// What it waits for: its own dependencies first, then theirs, each once.
    public let items: [Item]
    /// The specs that wait for it themselves, in list order.
    public let dependents: [Dependent]
}

extension SpecService {
    /// The members of a spec; none for one that is no driver.
    public func members(of id: SpecID) async throws(SpecError) -> SpecMembers {
        let index = try await store.index()
        let broken = index.unreadable.filter { file in
            SpecID(file.id).map { index[$0] == nil && $0.isMember(of: id) } ?? false
        }
        let files = Dictionary(broken.map { ($0.id, $0) }) { first, _ in first }
        let ids = (index.members(of: id) + files.keys.compactMap { SpecID($0) }).sorted()
        let items = try ids.map { found throws(SpecError) in try member(found, of: id, index, files[found.text]) }
        return SpecMembers(spec: id, items: items)
    }

    private func member(
        _ id: SpecID,
        of root: SpecID,
        _ index: SpecIndex,
        _ broken: UnreadableSpec?
    ) throws(SpecError) -> SpecMembers.Item {
        let spec = index[id]
        let run = try latestRun(of: id)
        let isLive = run?.state.isLive ?? false
        return SpecMembers.Item(
            id: id,
            driver: index.driver(of: id) ?? root,
            title: spec?.title,
            status: spec?.status,
            isArchived: spec?.archived ?? broken?.isArchived ?? false,
            ready: spec.map { Readiness.isReady($0, in: index, hasLiveRun: isLive) } ?? false,
            blockedBy: spec.map { Readiness.blockers(of: $0, in: index) } ?? [],
            run: run?.id,
            isLive: isLive,
            unreadable: broken
        )
    }

    /// What a spec waits for, itself and by what it waits for, and which specs wait for it.
    public func dependencies(of id: SpecID) async throws(SpecError) -> SpecDependencies {
        let index = try await store.index()
        let spec = if let known = index[id] { known } else { try await store.read(id).spec() }
        let isLive = try latestRun(of: id)?.state.isLive ?? false
        return SpecDependencies(
            spec: id,
            ready: Readiness.isReady(spec, in: index, hasLiveRun: isLive),
            blockedBy: Readiness.blockers(of: spec, in: index),
            items: WaitingTree(spec, index).items,
            dependents: Self.dependents(of: id, index)
        )
    }

    private static func dependents(of id: SpecID, _ index: SpecIndex) -> [SpecDependencies.Dependent] {
        let order = WaitingOrder(index: index)
        let isDone = order.isDone(id)
        return index.active.filter { $0.id != id && order.needs(of: $0).contains { $0.name == id.text } }.map { spec in
            SpecDependencies.Dependent(
                id: spec.id,
                title: spec.title,
                status: spec.status,
                waits: !isDone && !order.isDone(spec.id)
            )
        }
    }
}
