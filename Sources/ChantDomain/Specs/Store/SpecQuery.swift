public import Foundation

/// Which rows of the index a list has, and in which order.
public struct SpecQuery: Sendable, Hashable {
    /// Only these statuses; none named is every status but `cancelled`.
    public var statuses: Set<SpecStatus> = []
    /// Only these types, if any is named.
    public var kinds: Set<SpecKind> = []
    /// Only what has one of these labels, if any is named.
    public var labels: Set<String> = []
    /// Only what can start now, or only what cannot.
    public var ready: Bool?
    /// Only what needs an approval that stands there.
    public var approval: Approval.Status?
    /// Only what has this text in its id, title or body, in any case.
    public var text: String?
    /// Only ids of this day or later.
    public var createdAfter: LocalDay?
    /// Only files written later.
    public var updatedAfter: Date?
    /// The archive instead of the active specs.
    public var archived = false
    /// In which order.
    public var order = SpecOrder()

    /// All active specs but cancelled ones, by id.
    public init() {}

    /// Whether the file alone speaks for the row; `ready` and `text` need more.
    ///
    /// A file that cannot be read has no properties: it is in lists that ask for none.
    func fits(_ row: SpecRow) -> Bool {
        guard row.isArchived == archived else { return false }
        guard let spec = row.spec else { return asksForNothing }
        if statuses.isEmpty ? spec.status == .cancelled : !statuses.contains(spec.status) { return false }
        if !kinds.isEmpty, !kinds.contains(spec.kind) { return false }
        if !labels.isEmpty, !spec.labels.contains(where: labels.contains) { return false }
        if let approval, !(spec.approval.map { $0.required && $0.status == approval } ?? false) { return false }
        // Times are milliseconds; a microsecond more, since two ways to make one time differ in their last bits.
        if let updatedAfter, spec.updatedAt <= updatedAfter + 0.000_001 { return false }
        if let createdAfter {
            guard let day = spec.id.dated?.day else { return false }
            return !day.utf8.lexicographicallyPrecedes(createdAfter.text.utf8)
        }
        return true
    }

    private var asksForNothing: Bool {
        statuses.isEmpty && kinds.isEmpty && labels.isEmpty && ready == nil && approval == nil && createdAfter == nil
            && updatedAfter == nil
    }

    /// The same for equal queries, and for them alone.
    public var canonical: String {
        let parts: [String] = [
            statuses.map(\.rawValue).sorted().joined(separator: ","),
            kinds.map(\.rawValue).sorted().joined(separator: ","),
            labels.sorted().joined(separator: "\u{1}"),
            ready.map { "\($0)" } ?? "",
            approval?.rawValue ?? "",
            text ?? "",
            createdAfter?.text ?? "",
            updatedAfter.map { "\($0.timeIntervalSince1970)" } ?? "",
            "\(archived)",
            order.key.rawValue,
            "\(order.isDescending)",
        ]
        return parts.joined(separator: "\u{0}")
    }
}

/// The order of a list of specs; the id decides between equals.
public struct SpecOrder: Sendable, Hashable {
    /// What is compared.
    public enum Key: String, Sendable, CaseIterable {
        case id
        case updatedAt = "updated_at"
        case completedAt = "completed_at"
    }

    /// What is compared.
    public var key: Key
    /// The greatest first; what has no such value is last in either direction.
    public var isDescending: Bool

    /// An order; by id if nothing else is said.
    public init(_ key: Key = .id, isDescending: Bool = false) {
        self.key = key
        self.isDescending = isDescending
    }

    /// Rows in list order, put into this one.
    func sorted(_ rows: [SpecRow]) -> [SpecRow] {
        guard key != .id else { return isDescending ? rows.reversed() : rows }
        let keyed = rows.enumerated().map { (value: value(of: $1), place: $0, row: $1) }
        let sorted = keyed.sorted { left, right in
            switch (left.value, right.value) {
            case (let one?, let two?) where one != two: isDescending ? one > two : one < two
            case (.some, nil): true
            case (nil, .some): false
            default: left.place < right.place
            }
        }
        return sorted.map(\.row)
    }

    private func value(of row: SpecRow) -> Double? {
        switch key {
        case .id: nil
        case .updatedAt: row.spec?.updatedAt.timeIntervalSince1970
        case .completedAt: row.spec?.completedAt.flatMap(WrittenTime.seconds)
        }
    }
}
