/// The one form of every list: `{"items", "total", "next"}`.
enum Page {
    /// A list of `items` out of `total`; `next` stays null until there are cursors.
    static func json(_ items: [JSONValue], total: Int) -> JSONObject {
        ["items": .array(items), "total": JSONValue(total), "next": .null]
    }
}
