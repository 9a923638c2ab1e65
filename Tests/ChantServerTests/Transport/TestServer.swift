import ChantTesting
import Logging

@testable import ChantServer

/// A server with a few routes on a free port, stopped at the end.
struct TestServer {
    let server: MicroHTTPDServer
    let port: UInt16

    static func run(
        _ routes: [Route],
        limits: TransportLimits = .changed { _ in },
        logger: Logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
        _ body: (TestServer) async throws -> Void
    ) async throws {
        let chain = MiddlewareChain(standardAround: Router(routes), hosts: ["a"])
        let server = MicroHTTPDServer(
            listeningOn: ListenAddress(host: "127.0.0.1", port: 0),
            limits: limits,
            logger: logger
        ) { await chain.respond(to: $0, context: $1) }
        let running = TestServer(server: server, port: try server.start())
        do {
            try await body(running)
        } catch {
            await server.stop(grace: .milliseconds(200))
            throw error
        }
        await server.stop(grace: .milliseconds(200))
    }

    func connect(receiveBuffer: Int32? = nil) throws -> RawSocket {
        try RawSocket(port: port, receiveBuffer: receiveBuffer)
    }

    /// Sends a request on a connection of its own and reads the answer.
    func send(_ text: String, isHead: Bool = false) async throws -> RawSocket.Answer {
        let socket = try connect()
        try await socket.send(text)
        return try await socket.readAnswer(isHead: isHead)
    }
}

extension TransportLimits {
    /// The usual limits but for what `change` changes; the sweeper looks often.
    static func changed(_ change: (inout TransportLimits) -> Void) -> TransportLimits {
        var limits = TransportLimits()
        limits.sweep = .milliseconds(10)
        change(&limits)
        return limits
    }
}

extension Route {
    /// Answers at once.
    static let hello = Route("GET", "/hello", name: "hello") { request, _ in
        .json(["hello": .string("world"), "id": JSONValue(request.headers["X-Id"])])
    }

    /// Answers after it really has been suspended.
    static let later = Route("GET", "/later/{n}", name: "later") { _, context in
        try await Task.sleep(for: .milliseconds(1))
        return .text(context.parameters["n"] ?? "")
    }

    /// Answers with the body.
    static let echo = Route("POST", "/echo", name: "echo") { request, _ in
        .bytes(request.body, type: "application/octet-stream")
    }

    /// Reads JSON.
    static let json = Route("POST", "/json", name: "json") { request, _ in
        .json(.object(try request.jsonBody(keys: ["a"]).object))
    }

    /// Answers only when its task is cancelled, and then with an error.
    static let never = Route("GET", "/never", name: "never") { _, _ in
        try await Task.sleep(for: .seconds(3600))
        return .noContent
    }

    static func stream(
        _ path: String,
        _ produce: @escaping @Sendable (any ResponseWriter) async throws -> Void
    ) -> Route {
        Route("GET", path, name: path, produces: []) { _, _ in
            HTTPResponse(status: 200, headers: ["Content-Type": "text/plain"], body: .stream(produce))
        }
    }

    /// Events without an end; sends one and then is silent.
    static let quietEvents = Route("GET", "/events", name: "events") { _, _ in
        .events { events in
            try await events.send(ServerSentEvent(data: "first"))
            try await Task.sleep(for: .seconds(3600))
        }
    }
}
