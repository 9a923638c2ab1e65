import ChantTesting
import Synchronization
import Testing

@testable import ChantServer

/// Numbered events with a memory, as the journal is one, and a broadcast of the newest.
private final class Numbers: Sendable {
    let broadcast: Broadcast
    private let newest = Mutex(0)

    init(ring: Int) {
        broadcast = Broadcast(after: 0, limit: ring)
    }

    func publish(_ count: Int) {
        for _ in 0..<count {
            let number = newest.withLock { newest in
                newest += 1
                return newest
            }
            broadcast.publish(Self.event(number).frame, position: Int64(number))
        }
    }

    var route: Route {
        Route("GET", "/events", name: "events", produces: ["text/event-stream"]) { [self] request, _ in
            let after = request.headers["Last-Event-ID"].flatMap { Int($0) } ?? newest.withLock { $0 }
            return .events(heartbeat: nil) { [self] writer in
                var reached = after
                while try await !writer.follow(broadcast, after: Int64(reached)) {
                    let last = min(reached + 50, newest.withLock { $0 })
                    try await writer.send((reached + 1...last).map(Self.event))
                    reached = last
                }
            }
        }
    }

    private static func event(_ number: Int) -> ServerSentEvent {
        ServerSentEvent(name: "n", id: String(number), data: "number \(number)")
    }
}

@Suite("Stream hub", .timeLimit(.minutes(3)))
struct StreamHubTests {
    private static let get = "HTTP/1.1\r\nHost: localhost\r\n\r\n"

    private static func limits(_ change: (inout TransportLimits) -> Void = { _ in }) -> TransportLimits {
        .changed { limits in
            limits.socketBuffer = 4096
            change(&limits)
        }
    }

    @Test("R32, R33: 1,000 streams get every event once and in order: those that are slow, leave, and come back too")
    func thousand() async throws {
        let numbers = Numbers(ring: 16)
        try await TestServer.run([numbers.route], limits: Self.limits()) { server in
            let crowd = try StreamCrowd(1000, port: server.port, path: "/events")
            let slow = stride(from: 0, to: 1000, by: 20)
            try await eventually("all streams are open", within: .seconds(60)) { server.server.load.streams == 1000 }
            numbers.publish(1)
            try await eventually("the first event", within: .seconds(60)) { try crowd.look(for: 1) }
            crowd.rest(slow)
            crowd.leave(stride(from: 5, to: 1000, by: 10), at: 40)
            for round in 1...12 {
                numbers.publish(10)
                try await eventually("round \(round)", within: .seconds(60)) { try crowd.look(for: 1 + 10 * round) }
            }
            // So many at once that the ring is past those who are not served in time; who rests does not come back.
            var last = 121
            try await eventually("the slow ones were ended", within: .seconds(60)) {
                guard try crowd.look(for: last) else { return false }
                if server.server.load.streams < 1000 { return true }
                numbers.publish(300)
                last += 300
                return false
            }
            crowd.rest(slow, false)
            numbers.publish(1)
            try await eventually("all events for all", within: .seconds(60)) { try crowd.look(for: last + 1) }
            #expect(crowd.mistakes.isEmpty, "\(crowd.mistakes.prefix(5))")
            #expect(stride(from: 5, to: 1000, by: 10).allSatisfy { crowd.connects(of: $0) >= 2 })
            #expect(slow.contains { crowd.connects(of: $0) >= 2 })
            numbers.broadcast.finish()
            try await eventually("all streams end", within: .seconds(60)) { crowd.isOver() }
            try await eventually("nothing is left open") { server.server.load == (0, 0) }
            #expect(numbers.broadcast.listenerCount == 0)
        }
    }

    @Test("Two thousand streams that are opened and left in all manners leave nothing behind")
    func comeAndGo() async throws {
        let numbers = Numbers(ring: 64)
        numbers.publish(10)
        try await TestServer.run([numbers.route], limits: Self.limits { $0.halfClosed = .milliseconds(50) }) { server in
            for round in 0..<20 {
                let sockets = try (0..<100).map { _ in try server.connect() }
                for (index, socket) in sockets.enumerated() {
                    try await socket.send("GET /events HTTP/1.1\r\nHost: localhost\r\nLast-Event-ID: 5\r\n\r\n")
                    switch (index + round) % 4 {
                    case 0: socket.reset()
                    case 1: socket.closeSending()
                    case 2: try await socket.read { $0.contains("id: 10\n") }
                    default: break
                    }
                }
                numbers.publish(1)
            }
            try await eventually("nothing is left open") { server.server.load == (0, 0) }
            #expect(numbers.broadcast.listenerCount == 0)
        }
    }

    @Test("HTTP/1.0 gets the same events, without chunks")
    func oldProtocol() async throws {
        let numbers = Numbers(ring: 64)
        try await TestServer.run([numbers.route], limits: Self.limits()) { server in
            let socket = try server.connect()
            try await socket.send("GET /events HTTP/1.0\r\nLast-Event-ID: 0\r\n\r\n")
            try await socket.read { $0.contains("retry: 2000\n\n") }
            numbers.publish(3)
            try await socket.read { $0.contains("id: 3\n") }
            numbers.broadcast.finish()
            let text = try await socket.readToEnd()
            #expect(
                text.hasSuffix(
                    "retry: 2000\n\n" + (1...3).map { "event: n\nid: \($0)\ndata: number \($0)\n\n" }.joined()
                )
            )
        }
    }

    @Test(
        "The head of a live stream says what it is, and that the connection ends with it; HEAD has the same and nothing else"
    )
    func head() async throws {
        let numbers = Numbers(ring: 64)
        numbers.broadcast.finish()
        try await TestServer.run([numbers.route], limits: Self.limits()) { server in
            let answer = try await server.send("GET /events \(Self.get)")
            #expect(answer.status == 200)
            #expect(answer.text == "retry: 2000\n\n")
            let expected = [
                "content-type": "text/event-stream", "cache-control": "no-store", "x-accel-buffering": "no",
                "connection": "close", "transfer-encoding": "chunked",
            ]
            for (name, value) in expected { #expect(answer.headers[name] == value) }
            #expect(answer.headers["date"]?.hasSuffix(" GMT") == true)
            #expect(answer.headers["x-request-id"] != nil)
            let head = try await server.send("HEAD /events \(Self.get)", isHead: true)
            #expect(head.headers["content-type"] == "text/event-stream")
            #expect(head.body.isEmpty)
        }
    }

    @Test("A client that has closed its side gets what happens, and is let go when nothing does")
    func halfClosed() async throws {
        let numbers = Numbers(ring: 64)
        let limits = Self.limits { $0.halfClosed = .milliseconds(300) }
        try await TestServer.run([numbers.route], limits: limits) { server in
            let socket = try server.connect()
            try await socket.send("GET /events \(Self.get)")
            try await socket.read { $0.contains("retry") }
            socket.closeSending()
            numbers.publish(1)
            try await socket.read { $0.contains("id: 1\n") }
            try await eventually("it is let go") { server.server.load.streams == 0 }
        }
    }

    @Test("R33: a client that takes nothing for too long is cut off")
    func stalled() async throws {
        let numbers = Numbers(ring: 100_000)
        let limits = Self.limits { $0.stalled = .milliseconds(200) }
        try await TestServer.run([numbers.route], limits: limits) { server in
            let socket = try server.connect(receiveBuffer: 4096)
            try await socket.send("GET /events \(Self.get)")
            try await eventually("it is open") { server.server.load.streams == 1 }
            numbers.publish(5000)
            try await eventually("it is cut off") { server.server.load.streams == 0 }
        }
    }

    @Test("What a client sends behind its request does not spoil the stream's end")
    func chatter() async throws {
        let numbers = Numbers(ring: 64)
        try await TestServer.run([numbers.route], limits: Self.limits()) { server in
            let socket = try server.connect()
            try await socket.send("GET /events \(Self.get)")
            try await socket.read { $0.contains("retry") }
            try await socket.send("GET /events \(Self.get)")
            numbers.publish(20)
            numbers.broadcast.finish()
            let text = try await socket.readToEnd()
            #expect(text.contains("id: 20\n"))
            #expect(text.hasSuffix("\r\n0\r\n\r\n"))
        }
    }
}

@Suite("Answer head")
struct AnswerHeadTests {
    @Test("a value that would begin another field is left out")
    func injection() {
        let response = HTTPResponse(status: 200, headers: ["A": "1\r\nB: 2", "C": "ü", "Content-Length": "5"])
        let text = String(decoding: AnswerHead.bytes(response, date: "now"), as: UTF8.self)
        #expect(
            text == "HTTP/1.1 200 OK\r\nDate: now\r\nC: ü\r\n"
                + "Connection: close\r\nTransfer-Encoding: chunked\r\n\r\n"
        )
    }
}
