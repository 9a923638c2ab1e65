/// A request's first line and header, as they came.
package struct RequestHead: Sendable, Equatable {
    package var method: String
    package var target: String
    /// As on the wire: `HTTP/1.1`.
    package var version: String
    package var headers: Headers
    /// Whether its lines end as they must, with nothing in them that would be cut off.
    package var isWellFormed = true

    package init(method: String, target: String, version: String = "HTTP/1.1", headers: Headers) {
        self.method = method
        self.target = target
        self.version = version
        self.headers = headers
    }
}

extension RequestHead {
    var isHTTP10: Bool { version == "HTTP/1.0" }

    /// The length that the client declared, if it did.
    var declaredLength: Int? { headers["Content-Length"].flatMap { Int($0) } }

    var expectsContinue: Bool { headers["Expect"]?.equalsIgnoringCase("100-continue") ?? false }

    /// What the header fields cost: names, values, and the four bytes between and behind them.
    var fieldBytes: Int { headers.fields.reduce(0) { $0 + $1.name.utf8.count + $1.value.utf8.count + 4 } }

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

    /// The request as the transport hands it on without its body: checked, or refused.
    package var received: HTTPRequest {
        do {
            return try ProtocolChecks.check(self)
        } catch {
            return refused(error)
        }
    }

    /// The request as one that is refused.
    func refused(_ problem: Problem) -> HTTPRequest {
        var request = request()
        request.refusal = problem
        return request
    }
}
