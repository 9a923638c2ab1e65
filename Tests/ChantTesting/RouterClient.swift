package import ChantServer
import Synchronization

/// Sends requests into the router without a socket; they pass the same checks as on the wire.
package struct RouterClient: Sendable {
    /// What came back.
    package struct Answer: Sendable {
        package var status: Int
        package var headers: Headers
        package var body: [UInt8]

        package var text: String { String(decoding: body, as: UTF8.self) }

        /// The body as JSON.
        package var json: JSONValue {
            get throws { try JSONValue(parsing: body) }
        }

        /// The name of the problem that was answered, without `/problems/`.
        package var problem: String? {
            guard headers["Content-Type"] == "application/problem+json" else { return nil }
            return try? json["type"]?.stringValue.map { String($0.dropFirst("/problems/".count)) }
        }
    }

    private let respond: @Sendable (HTTPRequest, RequestContext) async -> HTTPResponse

    package init(_ respond: @escaping @Sendable (HTTPRequest, RequestContext) async -> HTTPResponse) {
        self.respond = respond
    }

    package func get(_ target: String, headers: Headers = Headers()) async -> Answer {
        await send("GET", target, headers: headers)
    }

    /// Posts JSON, or nothing.
    package func post(_ target: String, json: JSONValue? = nil, headers: Headers = Headers()) async -> Answer {
        var headers = headers
        if json != nil, headers["Content-Type"] == nil { headers["Content-Type"] = "application/json" }
        return await send("POST", target, headers: headers, body: json?.bytes ?? [])
    }

    /// Sends any request.
    ///
    /// - Parameters:
    ///   - method: the method.
    ///   - target: path and query as on the wire.
    ///   - headers: header fields; `Host` is added.
    ///   - body: the body.
    ///   - enough: for a stream without an end: the client leaves when this says so about what it has got.
    /// - Returns: the answer with its whole body.
    package func send(
        _ method: String,
        _ target: String,
        headers: Headers = Headers(),
        body: [UInt8] = [],
        until enough: @escaping @Sendable (_ text: String) -> Bool = { _ in false }
    ) async -> Answer {
        var headers = headers
        if headers["Host"] == nil { headers["Host"] = "localhost" }
        var request = RequestHead(method: method, target: target, headers: headers).received
        request.body = body
        let response = await respond(request, RequestContext(silent: "test"))
        return Answer(
            status: response.status,
            headers: response.headers,
            body: method == "HEAD" ? [] : await collect(response.body, until: enough)
        )
    }

    private func collect(
        _ body: HTTPResponse.Body,
        until enough: @escaping @Sendable (String) -> Bool
    ) async -> [UInt8] {
        switch body {
        case .none: return []
        case .bytes(let bytes): return bytes
        case .stream(let produce), .live(let produce):
            let collector = Collector(until: enough)
            try? await produce(collector)
            return collector.bytes
        }
    }
}

/// A client that reads everything at once, and leaves when it has enough.
private final class Collector: ResponseWriter {
    private let collected = Mutex<[UInt8]>([])
    private let isEnough: @Sendable (String) -> Bool

    init(until isEnough: @escaping @Sendable (String) -> Bool) {
        self.isEnough = isEnough
    }

    var bytes: [UInt8] { collected.withLock { $0 } }

    func write(_ bytes: [UInt8]) async throws {
        try Task.checkCancellation()
        let text = collected.withLock { collected in
            collected.append(contentsOf: bytes)
            return String(decoding: collected, as: UTF8.self)
        }
        if isEnough(text) { throw ResponseEnded.clientLeft }
    }

    func writeIfIdle(_ bytes: [UInt8]) async throws {
        try await write(bytes)
    }
}
