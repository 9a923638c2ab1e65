/// What `GET /specs` asks for: the active specs, without cancelled ones, files that cannot be read among them.
public struct SpecQuery: Sendable, Equatable {
    /// How many rows at most.
    public var limit: Int

    /// A query for the first `limit` rows.
    public init(limit: Int = 50) { self.limit = limit }

    /// A part of the rows, and how many there are in all.
    public struct Page: Sendable {
        /// The rows, in list order.
        public let items: [SpecIndex.Item]
        /// How many rows the query has without its limit.
        public let total: Int
    }

    /// The rows of `index` that the query asks for.
    public func page(of index: SpecIndex) -> Page {
        let specs = index.active.filter { $0.status != .cancelled }
        let broken = index.unreadable.filter { !$0.isArchived }
        var rows = specs.map { (key: $0.id.sortKey, item: SpecIndex.Item.spec($0)) }
        for file in broken {
            let key = SpecID(file.id)?.sortKey ?? SpecID.SortKey(name: file.id)
            rows.append((key, .unreadable(file)))
        }
        if !broken.isEmpty { rows.sort { $0.key < $1.key } }
        return Page(items: rows.prefix(max(0, limit)).map(\.item), total: rows.count)
    }
}
