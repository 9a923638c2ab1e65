/// The rows that a query has, in its order.
struct SpecSelection: Sendable {
    let rows: [SpecRow]
    /// By name, where a walk will ask for that.
    private let named: [ByteText: [SpecRow]]
    private let hasTwins: Bool

    init(_ rows: [SpecRow], order: SpecOrder) {
        self.rows = order.sorted(rows)
        named = order.key == .id ? [:] : Dictionary(grouping: self.rows) { ByteText($0.id) }
        hasTwins = named.count < rows.count
    }

    /// The rows behind a place in the order of ids, whether that file is still there or not.
    func rows(after id: String, _ path: String, descending: Bool) -> ArraySlice<SpecRow> {
        let key = SpecID(id)?.sortKey ?? SpecID.SortKey(name: id)
        let start = rows.firstPlace { row in
            descending ? Self.precedes(row.key, row.path, key, path) : Self.precedes(key, path, row.key, row.path)
        }
        return rows[start...]
    }

    /// The rows of a walk's names from a position on, as far as they are in the list now.
    ///
    /// Files of one name lie together in a walk, and each time the name comes it means the next of them.
    ///
    /// - Returns: at most `limit` rows, and the position behind them; `nil` at the end.
    func rows(of names: [String], from position: Int, limit: Int) -> (rows: [SpecRow], next: Int?) {
        var seen: [ByteText: Int] = [:]
        if hasTwins { for name in names.prefix(position) { seen[ByteText(name), default: 0] += 1 } }
        var found: [SpecRow] = []
        var next = position
        while next < names.count, found.count < limit {
            let name = ByteText(names[next])
            let number = seen[name, default: 0]
            seen[name] = number + 1
            if let rows = named[name], number < rows.count { found.append(rows[number]) }
            next += 1
        }
        return (found, next < names.count ? next : nil)
    }

    private static func precedes(
        _ key: SpecID.SortKey,
        _ path: String,
        _ other: SpecID.SortKey,
        _ otherPath: String
    ) -> Bool {
        if key < other { return true }
        return !(other < key) && path.utf8.lexicographicallyPrecedes(otherPath.utf8)
    }
}
