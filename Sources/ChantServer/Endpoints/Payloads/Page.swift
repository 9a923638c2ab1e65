/// The items of one page, and where the list goes on.
struct PageItems<Item> {
    let items: [Item]
    let next: Cursor?

    /// The first `limit` of what was found: one more tells that the list goes on.
    init(_ found: some Collection<Item>, limit: Int, _ list: Cursor.List, place: (Item) -> [String]) {
        items = Array(found.prefix(limit))
        next = found.count > limit ? items.last.map { Cursor(list, place($0)) } : nil
    }
}

extension QueryItems {
    /// `sort` of a list that goes by ids: whether the oldest comes first.
    func isOldestFirst() throws(Problem) -> Bool {
        guard let order = try single("sort") else { return false }
        guard ["id", "-id"].contains(order) else { throw invalid("sort", "must be one of: id, -id") }
        return order == "id"
    }
}

/// The one form of every list: `{"items", "total", "next"}`.
enum Page {
    /// A list of `items` out of `total`, and where it goes on.
    static func json(_ items: [JSONValue], total: Int, next: Cursor? = nil) -> JSONObject {
        ["items": .array(items), "total": JSONValue(total), "next": JSONValue(next?.text)]
    }

    /// The answer with a page.
    static func answer(
        _ items: [JSONValue],
        total: Int,
        next: Cursor?,
        _ request: HTTPRequest,
        headers: Headers = Headers()
    ) -> HTTPResponse {
        let fields = headers.fields + link(next, request).fields
        return .json(
            .object(json(items, total: total, next: next)),
            headers: Headers(fields.map { ($0.name, $0.value) })
        )
    }

    /// `Link` with the address of the next page, if there is one: the same request with another cursor.
    static func link(_ next: Cursor?, _ request: HTTPRequest) -> Headers {
        guard let next else { return Headers() }
        let others = request.query.items.filter { $0.name != "cursor" }
        let items = others + [QueryItems.Item(name: "cursor", value: next.text)]
        let query = items.map { item in
            let name = PathSegment.encoded(item.name)
            return item.value.map { "\(name)=\(PathSegment.encoded($0))" } ?? name
        }
        return ["Link": "<\(request.rawPath)?\(query.joined(separator: "&"))>; rel=\"next\""]
    }
}
