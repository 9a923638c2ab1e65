import ChantTesting
import Testing

@testable import ChantServer

/// Thousands of requests with seeded damage: the service never dies, hangs or fails inside, and what it says is HTTP.
@Suite("HTTP server: a storm of broken requests")
struct RequestStormTests {
    private static let whole = [
        "GET /hello HTTP/1.1\r\nHost: a\r\nX-Id: 1\r\nAccept: application/json;q=0.5, */*\r\n\r\n",
        "GET /later/7?x=%41&y HTTP/1.1\r\nHost: a:80\r\nConnection: keep-alive\r\n\r\n",
        "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 11\r\n\r\nhello world",
        "POST /json HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n{\"a\": 12}",
        "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5;x=y\r\nhello\r\n0\r\nT: 1\r\n\r\n",
        "GET http://a/hello HTTP/1.1\r\nHost: a\r\nOrigin: http://a\r\nSec-Fetch-Site: none\r\n\r\n",
        "OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\nGET /stream HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET /hello HTTP/1.0\r\nCookie: a=b; c=d\r\n\r\n",
    ]
    private static let odd = Array("\r\n \t:/%?#*\u{0}\u{7F}+-,;=\"{[1a".utf8) + [0xFF, 0x80, 0xC0]

    @Test("None is answered with 500, none leaves a connection behind", arguments: [1, 2, 3] as [UInt64])
    func storm(seed: UInt64) async throws {
        var numbers = SplitMix64(seed: seed)
        let requests = (0..<1000).map { _ in Self.damaged(&numbers) }
        let routes: [Route] = [.hello, .later, .echo, .json, .stream("/stream") { try await $0.write([65]) }]
        // libmicrohttpd overlooks the end of a client that comes right behind its bytes (it polls edges): the deadlines
        // end such a connection.
        let limits = TransportLimits.changed {
            ($0.header, $0.bodyTime, $0.idle) = (.seconds(1), .seconds(1), .seconds(1))
        }
        try await TestServer.run(routes, limits: limits) { server in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for lane in 0..<16 {
                    group.addTask {
                        for index in stride(from: lane, to: requests.count, by: 16) {
                            try await Self.send(requests[index], to: server)
                        }
                    }
                }
                try await group.waitForAll()
            }
            try await eventually("nothing is left open") { server.server.load == (0, 0) }
            #expect(try await server.send("GET /hello HTTP/1.1\r\nHost: a\r\n\r\n").status == 200)
        }
    }

    private static func send(_ request: [UInt8], to server: TestServer) async throws {
        let socket = try server.connect()
        // The service may have closed before everything was sent.
        try? await socket.send(request)
        socket.closeSending()
        let text = try await socket.readToEnd()
        let shown = String(decoding: request, as: UTF8.self).debugDescription
        guard !text.isEmpty else { return }
        #expect(text.hasPrefix("HTTP/1.1 "), "\(shown): \(text.prefix(200))")
        #expect(text.contains("\r\n\r\n"), "\(shown)")
        let statuses = text.matches(of: #/HTTP/1\.1 (\d\d\d) /#).compactMap { Int($0.1) }
        #expect(!statuses.isEmpty && statuses.allSatisfy { $0 != 500 && $0 != 503 }, "\(shown): \(statuses)")
    }

    private static func damaged(_ numbers: inout SplitMix64) -> [UInt8] {
        var bytes = Array(whole[Int.random(in: whole.indices, using: &numbers)].utf8)
        for _ in 0..<Int.random(in: 1...4, using: &numbers) where !bytes.isEmpty {
            let place = Int.random(in: 0..<bytes.count, using: &numbers)
            switch Int.random(in: 0..<6, using: &numbers) {
            case 0: bytes[place] = odd[Int.random(in: odd.indices, using: &numbers)]
            case 1: bytes.remove(at: place)
            case 2: bytes.insert(odd[Int.random(in: odd.indices, using: &numbers)], at: place)
            case 3: bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &numbers)
            case 4: bytes.insert(contentsOf: bytes[place...].prefix(Int.random(in: 1...20, using: &numbers)), at: place)
            default: bytes.removeLast(min(bytes.count - place, 30))
            }
        }
        return bytes
    }
}
