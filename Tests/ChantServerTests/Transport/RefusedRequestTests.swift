import ChantTesting
import Testing

@testable import ChantServer

/// The rows of the protocol table that the service itself refuses: each gets a problem, and nothing that follows on the
/// same connection is taken for a request.
@Suite("HTTP server: requests that are refused")
struct RefusedRequestTests {
    private static let smuggled = "GET /hello HTTP/1.1\r\nHost: a\r\n\r\n"
    private static let many = String(repeating: "X: 1\r\n", count: 101)
    private static let large = "X: \(String(repeating: "x", count: 17 << 10))\r\n"
    private static let longTarget = "/hello?" + String(repeating: "x", count: 9 << 10)

    /// What is sent, the status, the problem's name.
    private static let refused: [(String, Int, String)] = [
        // Line ends, NUL, folding: libmicrohttpd hides these.
        ("GET /hello HTTP/1.1\nHost: a\n\n", 400, "malformed-request"),
        ("GET /hello HTTP/1.1\r\nHost: a\n\r\n", 400, "malformed-request"),
        ("GET /hello HTTP/1.1\r\nHost: a\r\n\n", 400, "malformed-request"),
        ("GET /hello HTTP/1.1\nHost: a\r\n\r\n", 400, "malformed-request"),
        ("GET /hello HTTP/1.1\r\nX:\nHost: a\r\n\r\n", 400, "malformed-request"),
        ("GET /hello HTTP/1.0\n\n", 400, "malformed-request"),
        ("GET /hello HTTP/1.1\r\nHost: a\r\nX: 1\rY: 2\r\n\r\n", 400, "malformed-request"),
        ("GET /hello HTTP/1.1\r\nX: 1\r\n 2\r\nHost: a\r\n\r\n", 400, "malformed-request"),
        ("GET /hello HTTP/1.1\r\nHost: a\r\nX: 1\r\n\t2\r\n\r\n", 400, "malformed-request"),
        ("GET /hello HTTP/1.1\r\nX: 1\u{0}2\r\nHost: a\r\n\r\n", 400, "malformed-request"),
        ("GET /hello HTTP/1.1\r\nHost: a\r\nX: 1\u{0}\r\n\r\n", 400, "malformed-request"),
        ("GET /hello HTTP/1.1\r\nHost: a\u{0}.evil\r\n\r\n", 400, "malformed-request"),
        ("GET /hello\u{0}x HTTP/1.1\r\nHost: a\r\n\r\n", 400, "malformed-request"),
        ("GET /hello?x\u{0} HTTP/1.1\r\nHost: a\r\n\r\n", 400, "malformed-request"),
        // Names and values.
        ("GET /hello HTTP/1.1\r\nHost : a\r\n\r\n", 400, "malformed-request"),
        ("GET /hello HTTP/1.1\r\n Host: a\r\n\r\n", 400, "malformed-request"),
        ("GET /hello HTTP/1.1\r\n: a\r\nHost: a\r\n\r\n", 400, "malformed-request"),
        ("GET /hello HTTP/1.1\r\nX(y): 1\r\nHost: a\r\n\r\n", 400, "malformed-request"),
        ("GET /hello HTTP/1.1\r\nX: \u{1}\r\nHost: a\r\n\r\n", 400, "malformed-request"),
        // Host and target.
        ("GET /hello HTTP/1.1\r\n\r\n", 400, "malformed-request"),
        ("GET /hello HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n", 400, "malformed-request"),
        ("GET /hello HTTP/1.1\r\nHost: a/b\r\n\r\n", 400, "malformed-request"),
        ("GET http://b/hello HTTP/1.1\r\nHost: a\r\n\r\n", 400, "malformed-request"),
        ("GET https://a/hello HTTP/1.1\r\nHost: a\r\n\r\n", 421, "unknown-host"),
        ("GET http://b/hello HTTP/1.0\r\n\r\n", 421, "unknown-host"),
        ("GET /hello HTTP/1.1\r\nHost:\r\n\r\n", 421, "unknown-host"),
        ("GET /hello HTTP/1.1\r\nHost: b\r\n\r\n", 421, "unknown-host"),
        ("GET /hello HTTP/1.1\r\nHost: a\r\nOrigin: null\r\n\r\n", 403, "foreign-origin"),
        ("GET * HTTP/1.1\r\nHost: a\r\n\r\n", 400, "malformed-request"),
        ("GET hello HTTP/1.1\r\nHost: a\r\n\r\n", 400, "malformed-request"),
        ("GET /hello/../hello HTTP/1.1\r\nHost: a\r\n\r\n", 400, "malformed-request"),
        ("GET /%c0%ae%c0%ae/hello HTTP/1.1\r\nHost: a\r\n\r\n", 400, "malformed-request"),
        ("GET /hello x HTTP/1.1\r\nHost: a\r\n\r\n", 400, "malformed-request"),
        ("GET /hello  HTTP/1.1\r\nHost: a\r\n\r\n", 400, "malformed-request"),
        ("GET \(longTarget) HTTP/1.1\r\nHost: a\r\n\r\n", 414, "uri-too-long"),
        ("GET /hello HTTP/1.1\r\nHost: a\r\n\(large)\r\n", 431, "headers-too-large"),
        ("GET /hello HTTP/1.1\r\nHost: a\r\n\(many)\r\n", 431, "headers-too-large"),
        // Methods.
        ("get /hello HTTP/1.1\r\nHost: a\r\n\r\n", 501, "not-implemented"),
        ("CONNECT a:80 HTTP/1.1\r\nHost: a\r\n\r\n", 501, "not-implemented"),
        ("TRACE /hello HTTP/1.1\r\nHost: a\r\n\r\n", 405, "method-not-allowed"),
        // Bodies: nothing of them is read, and none is asked for.
        ("POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip\r\n\r\n", 501, "not-implemented"),
        ("POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked, gzip\r\n\r\n", 501, "not-implemented"),
        ("POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: xchunked\r\n\r\n", 501, "not-implemented"),
        ("POST /echo HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n", 400, "malformed-request"),
        (
            "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 44\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400,
            "malformed-request"
        ),
        ("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\nContent-Length: 44\r\n\r\n", 400, "malformed-request"),
        (
            "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 44\r\nExpect: 200-ok\r\n\r\n", 417, "expectation-failed"
        ),
        (
            "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 44\r\nContent-Encoding: gzip\r\n\r\n", 415,
            "unsupported-media-type"
        ),
        (
            "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999\r\nExpect: 100-continue\r\n\r\n", 413,
            "payload-too-large"
        ),
        ("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999\r\n\r\n", 413, "payload-too-large"),
        ("POST /echo HTTP/1.0\r\nHost: a\r\nContent-Type: text/plain\r\n\r\n", 411, "length-required"),
    ]

    @Test("Each is a problem with an id, and the last word on its connection")
    func refusals() async throws {
        try await TestServer.run([.hello, .echo]) { server in
            for (request, status, name) in Self.refused {
                let sent = "\(request.prefix(90).debugDescription)"
                let socket = try server.connect()
                try await socket.send(request + Self.smuggled)
                let answer = try await socket.readAnswer()
                #expect(answer.status == status, "\(sent)")
                #expect(answer.headers["x-request-id"]?.count == 16, "\(sent)")
                #expect(answer.headers["content-type"] == "application/problem+json", "\(sent)")
                let problem = try JSONValue(parsing: answer.body)
                #expect(problem["type"] == .string("/problems/\(name)"), "\(sent): \(answer.text)")
                #expect(problem["status"] == JSONValue(status))
                #expect(problem["instance"]?.stringValue?.isEmpty == false, "\(sent)")
                // What the transport refuses cannot be read on; other refusals leave the connection as it is.
                guard [400, 413, 414, 415, 417, 431].contains(status) else { continue }
                #expect(try await socket.readToEnd().isEmpty, "\(sent)")
            }
        }
    }

    @Test("Bytes of a target that are no UTF-8 are refused")
    func rawBytes() async throws {
        try await TestServer.run([.hello]) { server in
            let socket = try server.connect()
            try await socket.send(Array("GET /hello?".utf8) + [0xFF] + Array(" HTTP/1.1\r\nHost: a\r\n\r\n".utf8))
            #expect(try await socket.readAnswer().status == 400)
        }
    }

    @Test("A refusal names what would be accepted instead")
    func alternatives() async throws {
        try await TestServer.run([.hello, .echo, .json]) { server in
            let post = "POST /json HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n"
            let coded = try await server.send("\(post)Content-Encoding: gzip\r\n\r\n")
            #expect(coded.headers["accept-encoding"] == "identity")
            let typed = try await server.send("\(post)Content-Type: text/plain\r\n\r\n{}")
            #expect(typed.headers["accept"] == "application/json")
            let method = try await server.send("PUT /json HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n")
            #expect(method.headers["allow"] == "OPTIONS, POST")
            let form = try await server.send("GET /hello HTTP/1.1\r\nHost: a\r\nAccept: text/html\r\n\r\n")
            #expect(form.status == 406)
        }
    }
}
