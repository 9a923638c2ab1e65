/// One request, complete: a value, whichever library received it.
package struct HTTPRequest: Sendable {
    /// The versions that we speak.
    package enum Version: Sendable {
        case http10
        case http11
    }

    package var method: String
    /// The path's segments, each percent-decoded by itself, so that an encoded slash stays inside its segment.
    package var path: [String]
    package var query: QueryItems
    /// The target exactly as it was sent.
    package var rawTarget: String
    package var headers: Headers
    package var body: [UInt8]
    package var version: Version
    /// What the transport found wrong; the router answers with it.
    ///
    /// Such a request still passes the middlewares, so that it gets its id and its line in the access log.
    package var refusal: Problem?

    package init(
        method: String,
        path: [String],
        query: QueryItems = QueryItems(),
        rawTarget: String,
        headers: Headers = Headers(),
        body: [UInt8] = [],
        version: Version = .http11,
        refusal: Problem? = nil
    ) {
        self.method = method
        self.path = path
        self.query = query
        self.rawTarget = rawTarget
        self.headers = headers
        self.body = body
        self.version = version
        self.refusal = refusal
    }

    /// The target without its query, as sent: what logs and problems may show.
    var rawPath: String {
        String(Substring(rawTarget.utf8.prefix { $0 != UInt8(ascii: "?") }))
    }

    /// The content type in lower case, without parameters.
    var mediaType: String? {
        guard let field = headers["Content-Type"] else { return nil }
        let bare = field.prefix { $0 != ";" }
        return bare.filter { $0 != " " && $0 != "\t" }.lowercased()
    }
}
