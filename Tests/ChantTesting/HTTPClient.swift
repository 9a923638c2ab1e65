/// Asks a service on this machine, as curl would.
package struct HTTPClient: Sendable {
    /// What came back.
    package struct Answer: Sendable {
        package let method: String
        package let target: String
        package let status: Int
        /// Field names in lower case.
        package let headers: [String: String]
        package let body: [UInt8]

        package var text: String { String(decoding: body, as: UTF8.self) }

        package var json: JSON { (try? JSON(body)) ?? .null }

        /// The name of the problem that was answered, without `/problems/`.
        package var problem: String? {
            guard headers["content-type"]?.hasPrefix("application/problem+json") == true else { return nil }
            return json["type"].text?.split(separator: "/").last.map(String.init)
        }
    }

    /// An answer with another status than the one that the test relies on.
    package struct Unexpected: Error, CustomStringConvertible {
        let answer: Answer
        let expected: Int

        package var description: String {
            "\(answer.method) \(answer.target): \(answer.status) instead of \(expected): \(answer.text.prefix(2000))"
        }
    }

    package let port: Int

    package init(port: Int) { self.port = port }

    package func get(_ target: String, accept: String? = nil) async throws -> Answer {
        try await send("GET", target, headers: accept.map { ["Accept": $0] } ?? [:])
    }

    /// Posts JSON text, or nothing.
    package func post(_ target: String, _ json: String = "") async throws -> Answer {
        let headers = json.isEmpty ? [:] : ["Content-Type": "application/json"]
        return try await send("POST", target, headers: headers, body: Array(json.utf8))
    }

    /// The JSON of an answer that must have this status.
    package func json(_ target: String, status: Int = 200) async throws -> JSON {
        let answer = try await get(target)
        guard answer.status == status else { throw Unexpected(answer: answer, expected: status) }
        return try JSON(answer.body)
    }

    package func send(
        _ method: String,
        _ target: String,
        headers: [String: String] = [:],
        body: [UInt8] = [],
        within limit: Duration = .seconds(60)
    ) async throws -> Answer {
        let connection = try await HTTPConnection(
            port: port,
            method: method,
            target: target,
            headers: headers,
            body: body,
            within: limit
        )
        let received = method == "HEAD" ? [] : try await connection.rest(within: limit)
        return Answer(
            method: method,
            target: target,
            status: connection.status,
            headers: connection.headers,
            body: received
        )
    }

    /// Opens a stream of server-sent events.
    ///
    /// - Parameters:
    ///   - target: the path and query.
    ///   - lastID: the id to resume from.
    /// - Returns: the stream, its head read.
    /// - Throws: `HTTPConnection.Failure`.
    package func events(_ target: String, after lastID: String? = nil) async throws -> EventStream {
        var headers = ["Accept": "text/event-stream"]
        headers["Last-Event-ID"] = lastID
        return EventStream(try await HTTPConnection(port: port, target: target, headers: headers))
    }
}
