import ChantTesting
import Testing

@testable import ChantServer

@Suite("HTTP server: requests")
struct ServerRequestTests {
    static let routes: [Route] = [.hello, .later, .echo, .json]

    @Test("A handler that never waits, and one that does, are answered; the connection stays open")
    func keepAlive() async throws {
        try await TestServer.run(Self.routes) { server in
            let socket = try server.connect()
            for round in 0..<20 {
                try await socket.send("GET /hello HTTP/1.1\r\nHost: a\r\nX-Id: \(round)\r\n\r\n")
                let answer = try await socket.readAnswer()
                #expect(answer.status == 200)
                #expect(answer.text == #"{"hello":"world","id":"\#(round)"}"#)
                #expect(answer.headers["content-type"] == "application/json")
                #expect(answer.headers["x-request-id"]?.count == 16)
                try await socket.send("GET /later/\(round) HTTP/1.1\r\nHost: a\r\n\r\n")
                #expect(try await socket.readAnswer().text == "\(round)")
            }
        }
    }

    @Test(
        "Refusals are problem documents",
        arguments: [
            ("GET /nothing HTTP/1.1\r\nHost: a\r\n\r\n", 404, "route-not-found"),
            ("DELETE /hello HTTP/1.1\r\nHost: a\r\n\r\n", 405, "method-not-allowed"),
            ("BREW /hello HTTP/1.1\r\nHost: a\r\n\r\n", 501, "not-implemented"),
            (
                "POST /json HTTP/1.1\r\nHost: a\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n\r\n{}", 415,
                "unsupported-media-type"
            ),
            ("POST /json HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\n{", 400, "malformed-request"),
            ("POST /json HTTP/1.1\r\nHost: a\r\nContent-Length: 7\r\n\r\n{\"b\":1}", 422, "unknown-key"),
            ("GET /hello?x HTTP/1.1\r\nHost: a\r\n\r\n", 422, "unknown-key"),
            ("GET /hello HTTP/1.1\r\n\r\n", 400, "malformed-request"),
            ("GET /hello HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400, "malformed-request"),
            ("GET /hello HTTP/1.1\r\nHost : a\r\n\r\n", 400, "malformed-request"),
            ("GET /hello%00x HTTP/1.1\r\nHost: a\r\n\r\n", 400, "malformed-request"),
            ("GET /hello/../hello HTTP/1.1\r\nHost: a\r\n\r\n", 400, "malformed-request"),
            ("GET /hel lo HTTP/1.1\r\nHost: a\r\n\r\n", 400, "malformed-request"),
            ("POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip\r\n\r\n", 501, "not-implemented"),
            (
                "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                400, "malformed-request"
            ),
            (
                "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\nContent-Length: 9\r\n\r\nGET /hello", 400,
                "malformed-request"
            ),
        ]
    )
    func refusals(request: String, status: Int, name: String) async throws {
        try await TestServer.run(Self.routes) { server in
            let answer = try await server.send(request)
            #expect(answer.status == status)
            #expect(answer.headers["content-type"] == "application/problem+json")
            #expect(try JSONValue(parsing: answer.body)["type"] == .string("/problems/\(name)"))
        }
    }

    @Test("After a request that could smuggle another the connection is closed")
    func smuggling() async throws {
        try await TestServer.run(Self.routes) { server in
            for length in [
                "Content-Length: 0\r\nContent-Length: 35", "Content-Length: 35\r\nTransfer-Encoding: chunked",
            ] {
                let socket = try server.connect()
                try await socket.send(
                    "POST /echo HTTP/1.1\r\nHost: a\r\n\(length)\r\n\r\nGET /hello HTTP/1.1\r\nHost: a\r\n\r\n"
                )
                let text = try await socket.readToEnd()
                #expect(text.hasPrefix("HTTP/1.1 400"))
                #expect(!text.contains("hello\":\"world"))
            }
        }
    }

    @Test("Requests sent at once are answered in their order")
    func pipelining() async throws {
        try await TestServer.run(Self.routes) { server in
            let socket = try server.connect()
            try await socket.send(
                "GET /later/1 HTTP/1.1\r\nHost: a\r\n\r\n"
                    + "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc"
                    + "GET /hello HTTP/1.1\r\nHost: a\r\n\r\n" + "GET /later/2 HTTP/1.1\r\nHost: a\r\n\r\n"
            )
            var texts: [String] = []
            for _ in 0..<4 { texts.append(try await socket.readAnswer().text) }
            #expect(texts == ["1", "abc", #"{"hello":"world","id":null}"#, "2"])
        }
    }

    @Test("A chunked body is put together, extensions and trailers left out; Expect is answered first")
    func chunkedUpload() async throws {
        try await TestServer.run(Self.routes) { server in
            let socket = try server.connect()
            try await socket.send(
                "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nExpect: 100-continue\r\n\r\n"
            )
            try await socket.read { $0.hasPrefix("HTTP/1.1 100 Continue\r\n\r\n") }
            try await socket.send("4;x=y\r\nWiki\r\n")
            try await socket.send("5\r\npedia\r\n0\r\nX-Trailer: 1\r\n\r\n")
            #expect(try await socket.readAnswer().text == "Wikipedia")
        }
    }

    @Test("A client that closes its sending side still gets its answer")
    func halfClosed() async throws {
        try await TestServer.run(Self.routes) { server in
            let socket = try server.connect()
            try await socket.send("GET /later/7 HTTP/1.1\r\nHost: a\r\n\r\n")
            socket.closeSending()
            #expect(try await socket.readAnswer().text == "7")
        }
    }

    @Test("HEAD has the header alone; HTTP/1.0 needs no Host and closes")
    func headAndHTTP10() async throws {
        try await TestServer.run(Self.routes + [.stream("/stream") { try await $0.write([65]) }]) { server in
            let head = try await server.send("HEAD /hello HTTP/1.1\r\nHost: a\r\n\r\n", isHead: true)
            #expect(head.headers["content-length"] == "27")
            let both = try server.connect()
            try await both.send("HEAD /hello HTTP/1.1\r\nHost: a\r\n\r\nGET /later/1 HTTP/1.1\r\nHost: a\r\n\r\n")
            #expect(try await both.readAnswer(isHead: true).status == 200)
            #expect(try await both.readAnswer().text == "1")
            let socket = try server.connect()
            try await socket.send("HEAD /stream HTTP/1.1\r\nHost: a\r\n\r\n")
            let stream = try await socket.readAnswer(isHead: true)
            #expect(stream.status == 200 && stream.headers["content-type"] == "text/plain")
            // Nobody knows the length, so none is told; nor is there a last chunk.
            #expect(stream.headers["content-length"] == nil && stream.headers["transfer-encoding"] == nil)
            #expect(try await socket.readToEnd().isEmpty)
            let old = try server.connect()
            try await old.send("GET /hello HTTP/1.0\r\n\r\n")
            #expect(try await old.readToEnd().hasSuffix(#"{"hello":"world","id":null}"#))
        }
    }

    @Test("200 requests at once are all answered, each with its own")
    func concurrent() async throws {
        try await TestServer.run(Self.routes) { server in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<200 {
                    group.addTask {
                        let answer = try await server.send("GET /later/\(number) HTTP/1.1\r\nHost: a\r\n\r\n")
                        #expect(answer.text == "\(number)")
                    }
                }
                try await group.waitForAll()
            }
        }
    }

    @Test("A body that is too large is 413: at once when it was announced with Expect, else after it was read")
    func tooLarge() async throws {
        try await TestServer.run(Self.routes, limits: .changed { ($0.body, $0.drain) = (1000, 100_000) }) { server in
            let body = String(repeating: "x", count: 50_000)
            let requests = [
                "Content-Length: 50000\r\nExpect: 100-continue\r\n\r\n", "Content-Length: 50000\r\n\r\n\(body)",
                "Content-Length: 5000000\r\n\r\n", "Transfer-Encoding: chunked\r\n\r\nC350\r\n\(body)\r\n0\r\n\r\n",
            ]
            for request in requests {
                let answer = try await server.send("POST /echo HTTP/1.1\r\nHost: a\r\n\(request)")
                #expect(answer.status == 413)
                #expect(try JSONValue(parsing: answer.body)["limit_bytes"] == 1000)
            }
            let fits = try await server.send(
                "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\n\(body.prefix(1000))"
            )
            #expect(fits.body.count == 1000)
        }
    }

    @Test("A chunked body without an end is cut off")
    func endlessBody() async throws {
        try await TestServer.run(Self.routes, limits: .changed { ($0.body, $0.drain) = (1000, 2000) }) { server in
            let socket = try server.connect()
            try await socket.send("POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n")
            try await socket.send("1000\r\n\(String(repeating: "x", count: 4096))\r\n")
            #expect(try await socket.readToEnd().isEmpty)
        }
    }

    @Test("A handler that does not find an end is answered for, and cancelled")
    func handlerDeadline() async throws {
        try await TestServer.run([.never], limits: .changed { $0.handler = .milliseconds(50) }) { server in
            let answer = try await server.send("GET /never HTTP/1.1\r\nHost: a\r\n\r\n")
            #expect(answer.status == 500)
            #expect(try JSONValue(parsing: answer.body)["type"] == "/problems/internal-error")
        }
    }

    @Test("An address in use, and a name that is none, are told apart")
    func startErrors() async throws {
        try await TestServer.run([]) { server in
            let taken = ListenAddress(host: "127.0.0.1", port: server.port)
            #expect(throws: TransportError.addressInUse(taken)) { try second(taken).start() }
            let error = #expect(throws: TransportError.self) {
                try second(ListenAddress(host: "no such name.invalid", port: 0)).start()
            }
            guard case .unknownHost = error else {
                Issue.record("\(String(describing: error))")
                return
            }
        }
    }

    private func second(_ address: ListenAddress) -> MicroHTTPDServer {
        MicroHTTPDServer(listeningOn: address, logger: RequestContext(silent: "").logger) { _, _ in .noContent }
    }
}
