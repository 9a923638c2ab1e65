/// What all spec files of a project say, at one moment; an immutable snapshot, without their texts.
///
/// The next snapshot shares with this one all rows whose files did not change.
public struct SpecIndex: Sendable {
    /// Grows with each snapshot that differs from the one before.
    public let generation: Int
    /// All rows in list order (§2.3 of the reference); of an id that is active and archived only the active one.
    public let rows: [SpecRow]
    /// The files that cannot be read, by path.
    public let unreadable: [UnreadableSpec]

    private let specs: [SpecID: SpecRow]
    private let unreadableIDs: [SpecID: UnreadableSpec]
    private let membersByDriver: [SpecID: [SpecID]]

    /// A snapshot of some readings; of two specs with one id the active one counts.
    public init(specs list: [Spec], unreadable: [UnreadableSpec] = [], generation: Int = 0) {
        var rows: [ByteText: [SpecRow]] = [:]
        for spec in list {
            let name = ByteText(spec.id.text)
            if let taken = rows[name]?.first?.spec, spec.archived || !taken.archived { continue }
            rows[name] = [SpecRow(spec)]
        }
        for file in unreadable { rows[ByteText(file.id), default: []].append(SpecRow(file)) }
        let empty = SpecIndex(generation - 1, [], [], [:], [:], [:])
        self = empty.replacing(rows)
    }

    private init(
        _ generation: Int,
        _ rows: [SpecRow],
        _ unreadable: [UnreadableSpec],
        _ specs: [SpecID: SpecRow],
        _ unreadableIDs: [SpecID: UnreadableSpec],
        _ membersByDriver: [SpecID: [SpecID]]
    ) {
        self.generation = generation
        self.rows = rows
        self.unreadable = unreadable
        self.specs = specs
        self.unreadableIDs = unreadableIDs
        self.membersByDriver = membersByDriver
    }

    /// No specs at all.
    public static let empty = SpecIndex(specs: [])

    /// The rows of the files of one name, the spec's first.
    func rows(named name: ByteText) -> [SpecRow] {
        let key = SpecID(name.text)?.sortKey ?? SpecID.SortKey(name: name.text)
        let rows = rows[rows.firstPlace { !($0.key < key) }...].prefix { ByteText($0.id) == name }
        return rows.filter { $0.spec != nil } + rows.filter { $0.spec == nil }
    }

    /// The spec `id`, active or archived, if it can be read.
    public subscript(id: SpecID) -> Spec? { specs[id]?.spec }

    /// The row of the spec `id`, if it can be read; looking at a part of it copies nothing.
    func row(_ id: SpecID) -> SpecRow? { specs[id] }

    /// The file of `id`, where it is there but cannot be read.
    public func unreadable(_ id: SpecID) -> UnreadableSpec? { specs[id] == nil ? unreadableIDs[id] : nil }

    /// All specs that can be read, active ones first, each part in list order.
    public var all: [Spec] { active + rows.compactMap(\.spec).filter(\.archived) }

    /// The active specs that can be read, in list order.
    public var active: [Spec] { rows.compactMap { $0.isArchived ? nil : $0.spec } }

    /// The ids of all active specs that can be read, in list order.
    public var activeIDs: [SpecID] { rows.compactMap { $0.isArchived ? nil : $0.spec?.id } }

    /// The ids of all archived specs that can be read, in list order.
    public var archivedIDs: [SpecID] { rows.compactMap { $0.isArchived ? $0.spec?.id : nil } }

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

// MARK: - The next snapshot

extension SpecIndex {
    /// The snapshot with these rows in place of all that have their ids; an id without rows is gone.
    ///
    /// Costs what has changed and some copying, never a reading.
    func replacing(_ changed: [ByteText: [SpecRow]]) -> SpecIndex {
        var specs = specs
        var broken = unreadableIDs
        var members = membersByDriver
        var regrouped: Set<SpecID> = []
        for (name, rows) in changed {
            guard let id = SpecID(name.text) else { continue }
            let spec = rows.first { $0.spec != nil }
            if (specs[id] == nil) != (spec == nil) { SpecIndex.regroup(id, spec != nil, &members, &regrouped) }
            specs[id] = spec
            broken[id] = rows.lazy.compactMap(\.unreadable).first
        }
        for driver in regrouped { members[driver]?.sort() }
        return SpecIndex(generation + 1, rows(with: changed), unreadable(with: changed), specs, broken, members)
    }

    private static func regroup(
        _ id: SpecID,
        _ isThere: Bool,
        _ members: inout [SpecID: [SpecID]],
        _ regrouped: inout Set<SpecID>
    ) {
        var parent = id.driver
        while let driver = parent {
            if isThere {
                members[driver, default: []].append(id)
                regrouped.insert(driver)
            } else {
                members[driver]?.removeAll { $0 == id }
            }
            parent = driver.driver
        }
    }

    private func rows(with changed: [ByteText: [SpecRow]]) -> [SpecRow] {
        var rows = rows
        guard changed.count <= 256 else {
            // So many that sorting all is cheaper than finding each one's place.
            rows.removeAll { changed[ByteText($0.id)] != nil }
            rows += changed.values.joined()
            rows.sort { $0.precedes($1) }
            return rows
        }
        for (name, new) in changed {
            let key = SpecID(name.text)?.sortKey ?? SpecID.SortKey(name: name.text)
            let start = rows.firstPlace { !($0.key < key) }
            let end = rows[start...].firstIndex { ByteText($0.id) != name } ?? rows.count
            rows.replaceSubrange(start..<end, with: new.sorted { $0.precedes($1) })
        }
        return rows
    }

    private func unreadable(with changed: [ByteText: [SpecRow]]) -> [UnreadableSpec] {
        let new = changed.values.joined().compactMap(\.unreadable)
        let kept = unreadable.filter { changed[ByteText($0.id)] == nil }
        guard !new.isEmpty else { return kept }
        return (kept + new).sorted { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }
    }
}

extension Array {
    /// The first place whose element fits, in an array in which all that fit come after all that do not.
    func firstPlace(_ fits: (Element) -> Bool) -> Int {
        var low = startIndex
        var high = endIndex
        while low < high {
            let middle = low + (high - low) / 2
            if fits(self[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
