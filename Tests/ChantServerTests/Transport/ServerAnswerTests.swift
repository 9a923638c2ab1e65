import ChantTesting
import Testing

@testable import ChantServer

@Suite("HTTP server: answers by version and method")
struct ServerAnswerTests {
    private static let routes: [Route] = [.hello, .later, .echo]

    @Test("HTTP/1.0 may keep its connection, and HTTP/1.1 may close it")
    func keepAliveByVersion() async throws {
        try await TestServer.run(Self.routes) { server in
            let old = try server.connect()
            for number in 0..<3 {
                try await old.send("GET /later/\(number) HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
                let answer = try await old.readAnswer()
                #expect(answer.text == "\(number)" && answer.headers["connection"]?.lowercased() == "keep-alive")
            }
            let new = try server.connect()
            try await new.send("GET /hello HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
            #expect(try await new.readAnswer().headers["connection"] == "close")
            #expect(try await new.readToEnd().isEmpty)
        }
    }

    @Test("HEAD tells what GET tells, and 304 the length of what it stands for")
    func sameHeader() async throws {
        let unchanged = Route("GET", "/same", name: "same") { _, _ in
            HTTPResponse(status: 304, headers: ["ETag": "\"1\"", "Content-Length": "1234"])
        }
        try await TestServer.run(Self.routes + [unchanged]) { server in
            for path in ["/hello", "/later/1", "/nothing", "/hello?x"] {
                var get = try await server.send("GET \(path) HTTP/1.1\r\nHost: a\r\n\r\n").headers
                var head = try await server.send("HEAD \(path) HTTP/1.1\r\nHost: a\r\n\r\n", isHead: true).headers
                for name in ["date", "x-request-id"] { (get[name], head[name]) = (nil, nil) }
                #expect(get["content-length"] != nil && get == head, "\(path)")
            }
            let socket = try server.connect()
            for method in ["GET", "HEAD", "GET"] {
                try await socket.send("\(method) /same HTTP/1.1\r\nHost: a\r\n\r\n")
                let answer = try await socket.readAnswer(isHead: true)
                #expect(answer.status == 304 && answer.headers["content-length"] == "1234")
            }
        }
    }
}
