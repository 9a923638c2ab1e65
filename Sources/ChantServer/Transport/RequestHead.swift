/// A request's first line and header, as they came.
struct RequestHead: Sendable, Equatable {
    var method: String
    var target: String
    /// As on the wire: `HTTP/1.1`.
    var version: String
    var headers: Headers
}

extension RequestHead {
    var isHTTP10: Bool { version == "HTTP/1.0" }

    /// The length that the client declared, if it did.
    var declaredLength: Int? { headers["Content-Length"].flatMap { Int($0) } }

    var expectsContinue: Bool { headers["Expect"]?.equalsIgnoringCase("100-continue") ?? false }

    /// The whole request.
    func request(path: [String] = [], query: QueryItems = QueryItems(), body: [UInt8] = []) -> HTTPRequest {
        HTTPRequest(
            method: method,
            path: path,
            query: query,
            rawTarget: target,
            headers: headers,
            body: body,
            version: isHTTP10 ? .http10 : .http11
        )
    }

    /// The request as one that is refused.
    func refused(_ problem: Problem) -> HTTPRequest {
        var request = request()
        request.refusal = problem
        return request
    }
}
