import ChantTesting
import Testing

@testable import ChantServer

@Suite("HTTP server: streams")
struct ServerStreamTests {
    private static let get = "HTTP/1.1\r\nHost: a\r\n\r\n"

    @Test("A stream arrives whole: in chunks, or up to the end for HTTP/1.0")
    func whole() async throws {
        let route = Route.stream("/count") { writer in
            for number in 0..<1000 { try await writer.write(Array("\(number)\n".utf8)) }
        }
        let expected = (0..<1000).map { "\($0)\n" }.joined()
        try await TestServer.run([route]) { server in
            let answer = try await server.send("GET /count \(Self.get)")
            #expect(answer.headers["transfer-encoding"] == "chunked")
            #expect(answer.text == expected)
            let old = try server.connect()
            try await old.send("GET /count HTTP/1.0\r\n\r\n")
            let text = try await old.readToEnd()
            #expect(text.hasSuffix("\r\n\r\n" + expected))
            #expect(!text.lowercased().contains("chunked"))
        }
    }

    @Test("R33: a reader that does not read costs a bounded amount, and gets everything when it reads again")
    func slowReader() async throws {
        let written = Counter()
        let piece = [UInt8](repeating: UInt8(ascii: "x"), count: 10_000)
        let route = Route.stream("/much") { writer in
            for _ in 0..<2000 {
                try await writer.write(piece)
                written.add(piece.count)
            }
        }
        try await TestServer.run([route]) { server in
            let socket = try server.connect(receiveBuffer: 4096)
            try await socket.send("GET /much HTTP/1.0\r\n\r\n")
            var last = -1
            try await eventually("the writer stands still") {
                try await Task.sleep(for: .milliseconds(100))
                defer { last = written.value }
                return last > 0 && last == written.value
            }
            // The kernel's buffers, libmicrohttpd's and ours, and far from all of the 20 MB.
            #expect(last < 10_000_000)
            let text = try await socket.readToEnd(within: .seconds(60))
            #expect(text.utf8.count - 20_000_000 < 1000 && text.utf8.count > 20_000_000)
        }
    }

    @Test("A client that leaves ends the producer: one that writes, and one that is silent", arguments: [true, false])
    func clientLeaves(writes: Bool) async throws {
        let isOver = Counter()
        let route = Route.stream("/endless") { writer in
            defer { isOver.add() }
            try await writer.write([65])
            while true {
                try await Task.sleep(for: writes ? .milliseconds(1) : .seconds(3600))
                try await writer.write([66])
            }
        }
        try await TestServer.run([route], limits: .changed { $0.halfClosed = .milliseconds(50) }) { server in
            do {
                let socket = try server.connect()
                try await socket.send("GET /endless \(Self.get)")
                try await socket.read { $0.contains("A") }
                #expect(server.server.load.streams == 1)
            }
            try await eventually("the producer has ended") { isOver.value == 1 }
            try await eventually("nothing is left open") { server.server.load == (0, 0) }
        }
    }

    @Test("A heartbeat finds a client that left with a reset")
    func heartbeat() async throws {
        let isOver = Counter()
        let route = Route("GET", "/beat", name: "beat") { _, _ in
            .events(heartbeat: .milliseconds(10)) { _ in
                defer { isOver.add() }
                try await Task.sleep(for: .seconds(3600))
            }
        }
        try await TestServer.run([route], limits: .changed { $0.halfClosed = .seconds(3600) }) { server in
            let socket = try server.connect()
            try await socket.send("GET /beat \(Self.get)")
            try await socket.read { $0.split(separator: ":\n\n").count > 3 }
            socket.reset()
            try await eventually("the producer has ended") { isOver.value == 1 }
        }
    }

    @Test("A producer that fails cuts the connection, so that the client does not take the answer for whole")
    func producerFails() async throws {
        struct Broken: Error {}
        let route = Route.stream("/broken") { writer in
            try await writer.write([65])
            try await Task.sleep(for: .milliseconds(5))
            throw Broken()
        }
        try await TestServer.run([route]) { server in
            let socket = try server.connect()
            try await socket.send("GET /broken \(Self.get)")
            #expect(try await !socket.readToEnd().hasSuffix("0\r\n\r\n"))
        }
    }

    @Test("More streams than allowed are refused, while ordinary requests are answered")
    func streamLimit() async throws {
        try await TestServer.run([.quietEvents, .hello], limits: .changed { $0.streams = 2 }) { server in
            let first = try server.connect()
            let second = try server.connect()
            for socket in [first, second] {
                try await socket.send("GET /events \(Self.get)")
                try await socket.read { $0.contains("data: first") }
            }
            let third = try await server.send("GET /events \(Self.get)")
            #expect(third.status == 429)
            #expect(third.headers["retry-after"] == "10")
            #expect(try await server.send("GET /hello \(Self.get)").status == 200)
        }
    }

    @Test("With 200 open streams and a handler that hangs the server stops all the same, streams properly ended")
    func stops() async throws {
        let begun = Counter()
        let never = Route("GET", "/never", name: "never") { _, _ in
            begun.add()
            try await Task.sleep(for: .seconds(3600))
            return .noContent
        }
        try await TestServer.run([.quietEvents, never]) { server in
            let sockets = try (0..<200).map { _ in try server.connect() }
            for socket in sockets { try await socket.send("GET /events \(Self.get)") }
            for socket in sockets { try await socket.read { $0.contains("data: first") } }
            let hanging = try server.connect()
            try await hanging.send("GET /never \(Self.get)")
            // An accepted connection is counted before its request was read: a stop may close that one without a word.
            try await eventually("all are being answered") { begun.value == 1 && server.server.load == (201, 200) }
            let start = ContinuousClock.now
            await server.server.stop(grace: .seconds(1))
            #expect(ContinuousClock.now - start < .seconds(20))
            for socket in sockets { #expect(try await socket.readToEnd().hasSuffix("\r\n0\r\n\r\n")) }
            #expect(try await hanging.readAnswer().status == 503)
            #expect(throws: RawSocket.Failure.self) { try server.connect() }
            #expect(server.server.load.streams == 0)
        }
    }

    @Test("A stop lets a request that is under way finish")
    func stopWaits() async throws {
        let gate = AsyncStream<Void>.makeStream()
        let begun = Counter()
        let route = Route("GET", "/slow", name: "slow") { _, _ in
            begun.add()
            for await _ in gate.stream {}
            return .text("done")
        }
        try await TestServer.run([route]) { server in
            let socket = try server.connect()
            try await socket.send("GET /slow \(Self.get)")
            try await eventually("it is being answered") { begun.value == 1 }
            async let stopped: Void = server.server.stop(grace: .seconds(20))
            try await eventually("nobody listens any more") { (try? server.connect()) == nil }
            gate.continuation.finish()
            let answer = try await socket.readAnswer()
            #expect(answer.text == "done")
            #expect(answer.headers["connection"] == "close")
            await stopped
        }
    }
}
