import ChantTesting
import Testing

@testable import ChantServer

/// What libmicrohttpd answers before it calls us: in a form of its own, and it must stay a refusal.
@Suite("HTTP server: what libmicrohttpd refuses")
struct LibraryRefusalTests {
    private static let huge = String(repeating: "x", count: 40_000)

    @Test(
        "Each is refused, and nothing behind it is taken for a request",
        arguments: [
            ("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n", 400),
            ("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 5x\r\n\r\n", 400),
            ("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999999999999999\r\n\r\n", 413),
            ("GET /hello HTTP/1.1\r\nHost: a\r\nX: \(huge)\r\n\r\n", 431),
            ("GET /\(huge) HTTP/1.1\r\nHost: a\r\n\r\n", 414),
            ("POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n", 400),
            ("POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\n", 400),
            ("POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nab\r\n", 400),
            ("POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\n", 413),
            ("GET /hello HTTP/2.0\r\nHost: a\r\n\r\n", 505),
            ("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505),
            ("GET /hello HTTP/1.1x\r\nHost: a\r\n\r\n", 400),
            ("GET /hello HTCPCP/1.0\r\nHost: a\r\n\r\n", 400),
            ("GET /hello\r\n\r\n", 400),
            ("GET /hello HTTP/1.1\r\nHost: a\r\nno colon\r\n\r\n", 400),
        ]
    )
    func refuses(request: String, status: Int) async throws {
        try await TestServer.run([.hello, .echo]) { server in
            let socket = try server.connect()
            try await socket.send(request + "GET /hello HTTP/1.1\r\nHost: a\r\n\r\n")
            let text = try await socket.readToEnd()
            #expect(text.hasPrefix("HTTP/1.1 \(status) ") || text.isEmpty, "\(text.prefix(200))")
            #expect(text.isEmpty == (text.hasPrefix("HTTP/1.1") == false))
            #expect(!text.contains("\"hello\"") && !text.contains("100 Continue"))
            try await eventually("nothing is left open") { server.server.load == (0, 0) }
        }
    }

    @Test("TLS is closed without a word")
    func tls() async throws {
        try await TestServer.run([.hello]) { server in
            let socket = try server.connect()
            try await socket.send([0x16, 0x03, 0x01, 0x00, 0x05, 0x01, 0x00, 0x00, 0x01, 0x0A, 0x0A])
            socket.closeSending()
            #expect(try await !socket.readToEnd().contains("200"))
        }
    }

    @Test("A client that provokes a message with each request fills no log")
    func logNoise() async throws {
        let lines = LoggedLines()
        let start = ContinuousClock.now
        try await TestServer.run([.hello], logger: lines.logger()) { server in
            for _ in 0..<60 {
                let socket = try server.connect()
                try await socket.send("GET /hello HTTP/1.1\r\nno colon\r\n\r\n")
                _ = try await socket.readToEnd()
            }
        }
        let own = lines.all.filter { $0.contains("libmicrohttpd: ") }
        // On a busy machine the requests take several windows of ten seconds.
        let windows = 1 + Int((ContinuousClock.now - start).components.seconds / 10)
        #expect((1...MessageLimiter.perWindow * windows).contains(own.count), "\(own)")
    }
}
