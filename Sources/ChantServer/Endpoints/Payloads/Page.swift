/// The one form of every list: `{"items", "total", "next"}`.
enum Page {
    /// A list of `items` out of `total`, and where it goes on.
    static func json(_ items: [JSONValue], total: Int, next: Cursor? = nil) -> JSONObject {
        ["items": .array(items), "total": JSONValue(total), "next": JSONValue(next?.text)]
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
