import ChantTesting
import Testing

@testable import ChantServer

@Suite("HTTP server: deadlines and limits")
struct DeadlineTests {
    private static let get = "GET /hello HTTP/1.1\r\nHost: a\r\n\r\n"

    private func limits(_ change: (inout TransportLimits) -> Void = { _ in }) -> TransportLimits {
        .changed {
            ($0.header, $0.bodyTime, $0.idle) = (.milliseconds(200), .milliseconds(200), .milliseconds(200))
            change(&$0)
        }
    }

    @Test(
        "A request that does not arrive in time is 408, wherever it stands still",
        arguments: [
            "G", "GET /hel", "GET /hello HTTP/1.1\r\n", "GET /hello HTTP/1.1\r\nHost: a\r\nX: ",
            "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nabc",
            "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab",
        ]
    )
    func tooLate(start: String) async throws {
        try await TestServer.run([.hello, .echo], limits: limits()) { server in
            let socket = try server.connect()
            try await socket.send(start)
            try await expectTimeout(socket)
            try await eventually("nothing is left open") { server.server.load == (0, 0) }
        }
    }

    @Test("A lively connection gains no time by single bytes", arguments: ["X", "X: 1\r\n"])
    func trickle(piece: String) async throws {
        try await TestServer.run([.hello, .echo], limits: limits()) { server in
            for start in [
                "GET /hello HTTP/1.1\r\nHost: a\r\n",
                "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\n",
            ] {
                let begin = ContinuousClock.now
                let socket = try server.connect()
                try await socket.send(start)
                let trickle = Task {
                    while !Task.isCancelled {
                        try await socket.send(piece)
                        try await Task.sleep(for: .milliseconds(10))
                    }
                }
                defer { trickle.cancel() }
                #expect(try await socket.readAnswer(within: .seconds(20)).status == 408)
                #expect(ContinuousClock.now - begin >= .milliseconds(200), "odd bytes alone are no reason to refuse")
            }
            #expect(try await server.send(Self.get).status == 200)
        }
    }

    @Test("The second request on a connection has a deadline too, and is told of it")
    func secondRequest() async throws {
        try await TestServer.run([.hello], limits: limits { $0.idle = .seconds(60) }) { server in
            let socket = try server.connect()
            try await socket.send(Self.get)
            #expect(try await socket.readAnswer().status == 200)
            try await socket.send("GET /hello HTTP/1.1\r\nHost: a\r\n")
            try await expectTimeout(socket)
        }
    }

    @Test("A connection on which nothing is asked is closed without a word, a new one and one that was used")
    func idle() async throws {
        try await TestServer.run([.hello], limits: limits()) { server in
            let fresh = try server.connect()
            let used = try server.connect()
            try await used.send(Self.get)
            #expect(try await used.readAnswer().status == 200)
            #expect(try await used.readToEnd().isEmpty)
            #expect(try await fresh.readToEnd().isEmpty)
        }
    }

    @Test("A handler may take longer than a client has for its request")
    func slowHandler() async throws {
        let route = Route("GET", "/slow", name: "slow") { _, _ in
            try await Task.sleep(for: .milliseconds(500))
            return .text("done")
        }
        try await TestServer.run([route], limits: limits()) { server in
            let answer = try await server.send("GET /slow HTTP/1.1\r\nHost: a\r\n\r\n")
            #expect(answer.text == "done")
        }
    }

    @Test("Connections beyond the limit wait until others leave, and are served then")
    func connectionLimit() async throws {
        let limits = TransportLimits.changed { ($0.connections, $0.threads) = (8, 1) }
        try await TestServer.run([.hello], limits: limits) { server in
            var served: [RawSocket] = []
            for _ in 0..<8 {
                let socket = try server.connect()
                try await socket.send(Self.get)
                #expect(try await socket.readAnswer().status == 200)
                served.append(socket)
            }
            let waiting = try (0..<4).map { _ in try server.connect() }
            for socket in waiting { try await socket.send(Self.get) }
            await #expect(throws: RawSocket.Failure.self) {
                try await waiting[0].readAnswer(within: .milliseconds(150))
            }
            #expect(server.server.load.connections == 8)
            served.removeAll()
            for socket in waiting { #expect(try await socket.readAnswer().status == 200) }
        }
    }

    @Test("The largest header that is allowed fits into a connection's memory, in one piece and byte by byte")
    func largest() async throws {
        let limits = TransportLimits()
        let target = "/hello?" + String(repeating: "x", count: limits.target - "/hello?".count)
        let lines = (0..<(limits.fields - 1)).map { "X-Field-\($0 + 100): " }
        let left = limits.fieldBytes - "Host: a\r\n".utf8.count - lines.reduce(0) { $0 + $1.count + 2 }
        let values = lines.indices.map { $0 == 0 ? String(repeating: "v", count: left) : "" }
        let fields = zip(lines, values).map { $0 + $1 + "\r\n" }.joined()
        let request = "GET \(target) HTTP/1.1\r\nHost: a\r\n\(fields)\r\n"
        let route = Route("GET", "/hello", name: "hello", query: [String(target.dropFirst("/hello?".count))]) { _, _ in
            .text("hello")
        }
        try await TestServer.run([route], limits: .changed { _ in }) { server in
            #expect(try await server.send(request).status == 200)
            let socket = try server.connect()
            for start in stride(from: 0, to: request.utf8.count, by: 997) {
                try await socket.send(Array(Array(request.utf8)[start..<min(start + 997, request.utf8.count)]))
                try await Task.sleep(for: .milliseconds(1))
            }
            #expect(try await socket.readAnswer().status == 200)
            let small = "GET /hello HTTP/1.1\r\nHost: a\r\nCookie: a=1; b=2\r\nX:\r\nY: \t 1 \r\n\r\n"
            for byte in small.utf8 { try await socket.send([byte]) }
            #expect(try await socket.readAnswer().status == 200)
        }
    }

    private func expectTimeout(_ socket: RawSocket) async throws {
        let answer = try await socket.readAnswer()
        #expect(answer.status == 408)
        #expect(answer.headers["connection"] == "close")
        #expect(answer.headers["x-request-id"]?.count == 16)
        #expect(answer.headers["date"]?.hasSuffix(" GMT") == true)
        #expect(try JSONValue(parsing: answer.body)["type"] == "/problems/request-timeout")
        #expect(try await socket.readToEnd().isEmpty)
    }
}
