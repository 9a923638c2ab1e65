/// What is answered: status, header fields and a body that is there already or is written as it comes.
package struct HTTPResponse: Sendable {
    /// A body.
    package enum Body: Sendable {
        case none
        case bytes([UInt8])
        /// Written by the closure while it is sent; the answer ends when the closure returns, and is cut off when it
        /// throws. Its task is cancelled when the client has left or the service stops.
        case stream(@Sendable (any ResponseWriter) async throws -> Void)
        /// The same, where the client may stay for as long as it likes: the connection serves nothing else afterwards.
        case live(@Sendable (any ResponseWriter) async throws -> Void)
    }

    package var status: Int
    package var headers: Headers
    package var body: Body

    package init(status: Int, headers: Headers = Headers(), body: Body = .none) {
        self.status = status
        self.headers = headers
        self.body = body
    }
}

extension HTTPResponse {
    /// A JSON document.
    static func json(_ value: JSONValue, status: Int = 200, headers: Headers = Headers()) -> HTTPResponse {
        bytes(value.bytes, type: "application/json", status: status, headers: headers)
    }

    /// Plain text in UTF-8.
    static func text(_ text: String, status: Int = 200, headers: Headers = Headers()) -> HTTPResponse {
        bytes(Array(text.utf8), type: "text/plain; charset=utf-8", status: status, headers: headers)
    }

    /// A page in UTF-8.
    static func html(_ page: String, status: Int = 200, headers: Headers = Headers()) -> HTTPResponse {
        bytes(Array(page.utf8), type: "text/html; charset=utf-8", status: status, headers: headers)
    }

    /// Bytes of any type.
    static func bytes(
        _ bytes: [UInt8],
        type: String,
        status: Int = 200,
        headers: Headers = Headers()
    ) -> HTTPResponse {
        var headers = headers
        headers["Content-Type"] = type
        return HTTPResponse(status: status, headers: headers, body: .bytes(bytes))
    }

    /// 201 with what was made, and where it is.
    static func created(_ value: JSONValue, location: String) -> HTTPResponse {
        json(value, status: 201, headers: ["Location": location])
    }

    /// 202 with what was begun, and where its progress can be seen.
    static func accepted(_ value: JSONValue, location: String) -> HTTPResponse {
        json(value, status: 202, headers: ["Location": location])
    }

    /// 204.
    static var noContent: HTTPResponse { HTTPResponse(status: 204) }
}
