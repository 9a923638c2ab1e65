/// What all spec files of a project say, at one moment; an immutable snapshot.
public struct SpecIndex: Sendable {
    /// What a partial id leads to.
    public enum Resolution: Sendable, Equatable {
        case found(SpecID)
        case none
        case ambiguous([SpecID])
    }

    /// One row of a list: a spec, or a file that cannot be read as one (R3).
    public enum Item: Sendable {
        case spec(Spec)
        case unreadable(UnreadableSpec)
    }

    /// Grows with each snapshot that differs from the one before.
    public let generation: Int
    /// The ids of all active specs that can be read, in list order (§2.3 of the reference).
    public let activeIDs: [SpecID]
    /// The ids of all archived specs that can be read, in list order.
    public let archivedIDs: [SpecID]
    /// The files that cannot be read, by path.
    public let unreadable: [UnreadableSpec]

    private let specs: [SpecID: Spec]
    private let unreadableIDs: [SpecID: UnreadableSpec]
    private let membersByDriver: [SpecID: [SpecID]]

    /// A snapshot of some readings; of two specs with one id the active one counts.
    public init(specs list: [Spec], unreadable: [UnreadableSpec] = [], generation: Int = 0) {
        self.generation = generation
        self.unreadable = unreadable.sorted { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }
        specs = Dictionary(list.map { ($0.id, $0) }) { $0.archived ? $1 : $0 }
        let sorted = specs.values.map { (key: $0.id.sortKey, spec: $0) }.sorted { $0.key < $1.key }.map(\.spec)
        activeIDs = sorted.filter { !$0.archived }.map(\.id)
        archivedIDs = sorted.filter(\.archived).map(\.id)
        let pairs = unreadable.compactMap { file in SpecID(file.id).map { ($0, file) } }
        unreadableIDs = Dictionary(pairs) { first, _ in first }
        var members: [SpecID: [SpecID]] = [:]
        for spec in sorted {
            var parent = spec.id.driver
            while let driver = parent {
                members[driver, default: []].append(spec.id)
                parent = driver.driver
            }
        }
        membersByDriver = members
    }

    /// No specs at all.
    public static let empty = SpecIndex(specs: [])

    /// The spec `id`, active or archived, if it can be read.
    public subscript(id: SpecID) -> Spec? { specs[id] }

    /// The file of `id`, where it is there but cannot be read.
    public func unreadable(_ id: SpecID) -> UnreadableSpec? { specs[id] == nil ? unreadableIDs[id] : nil }

    /// All specs that can be read, active ones first, each part in list order.
    public var all: [Spec] { (activeIDs + archivedIDs).compactMap { specs[$0] } }

    /// The active specs that can be read, in list order.
    public var active: [Spec] { activeIDs.compactMap { specs[$0] } }

    /// The specs below `id`, members of members included, active or archived, in list order (§2.2 of the reference).
    public func members(of id: SpecID) -> [SpecID] { membersByDriver[id] ?? [] }

    /// The members of `id` that are no members of another member of it.
    public func directMembers(of id: SpecID) -> [SpecID] { members(of: id).filter { driver(of: $0) == id } }

    /// The spec that `id` is a member of: the nearest one above it that exists.
    public func driver(of id: SpecID) -> SpecID? {
        var parent = id.driver
        while let driver = parent, specs[driver] == nil { parent = driver.driver }
        return parent
    }
}

// MARK: - Partial ids

extension SpecIndex {
    /// What a full or partial id leads to: the one resolver (§2.4 of the reference), active specs before archived ones.
    ///
    /// The exact id; else the only id that ends with the text; else, for three characters, the only one of `today`
    /// with that counter; else the only one that contains it.
    public func resolve(_ partial: String, today: LocalDay) -> Resolution {
        guard !partial.isEmpty else { return .none }
        if let id = SpecID(partial), specs[id] != nil || unreadableIDs[id] != nil { return .found(id) }
        let unreadable = unreadableIDs.keys.filter { specs[$0] == nil }
        let active = (activeIDs + unreadable.filter { !isArchived($0) }).sorted()
        let found = resolve(partial, among: active, today: today)
        if found != .none { return found }
        return resolve(partial, among: (archivedIDs + unreadable.filter(isArchived)).sorted(), today: today)
    }

    private func isArchived(_ id: SpecID) -> Bool {
        unreadableIDs[id]?.isArchived ?? false
    }

    private func resolve(_ partial: String, among ids: [SpecID], today: LocalDay) -> Resolution {
        let bytes = Array(partial.utf8)
        let ends = ids.filter { $0.text.utf8.suffix(bytes.count).elementsEqual(bytes) }
        if ends.count == 1 { return .found(ends[0]) }
        if partial.count == 3 {
            let prefix = "\(today.text)-\(partial)-"
            let begins = ids.filter { $0.text.utf8.starts(with: prefix.utf8) }
            if begins.count == 1 { return .found(begins[0]) }
        }
        let containing = ids.filter { $0.text.contains(partial) }
        if containing.count == 1 { return .found(containing[0]) }
        return containing.isEmpty ? .none : .ambiguous(containing)
    }
}
