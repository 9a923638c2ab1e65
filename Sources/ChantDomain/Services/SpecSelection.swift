/// The rows that a query has, in its order.
struct SpecSelection: Sendable {
    let rows: [SpecRow]
    /// By name, where a walk will ask for that.
    private let named: [ByteText: [SpecRow]]

    init(_ rows: [SpecRow], order: SpecOrder) {
        self.rows = order.sorted(rows)
        named = order.key == .id ? [:] : Dictionary(grouping: self.rows) { ByteText($0.id) }
    }

    /// The rows behind a place in the order of ids, whether that file is still there or not.
    func rows(after id: String, _ path: String, descending: Bool) -> ArraySlice<SpecRow> {
        let key = SpecID(id)?.sortKey ?? SpecID.SortKey(name: id)
        let start = rows.firstPlace { row in
            descending ? Self.precedes(row.key, row.path, key, path) : Self.precedes(key, path, row.key, row.path)
        }
        return rows[start...]
    }

    /// What a walk writes down: the files' names in order; the second file of one name as `<name>/1`, and so on.
    var walkNames: [String] {
        var seen: [ByteText: Int] = [:]
        return rows.map { row in
            let number = seen.updateValue(0, forKey: ByteText(row.id)).map { $0 + 1 } ?? 0
            seen[ByteText(row.id)] = number
            return number == 0 ? row.id : "\(row.id)/\(number)"
        }
    }

    /// The rows of a walk's names from a position on, as far as they are in the list now.
    ///
    /// - Returns: at most `limit` rows, and the position behind them; `nil` at the end.
    func rows(of names: [String], from position: Int, limit: Int) -> (rows: [SpecRow], next: Int?) {
        var found: [SpecRow] = []
        var next = position
        while next < names.count, found.count < limit {
            let parts = names[next].split(separator: "/", maxSplits: 1).map(String.init)
            let number = parts.count == 2 ? Int(parts[1]) ?? 0 : 0
            if let name = parts.first, let rows = named[ByteText(name)], number < rows.count {
                found.append(rows[number])
            }
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
