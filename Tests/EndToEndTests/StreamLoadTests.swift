import ChantTesting
import Foundation
import Testing

@Suite("Streams: what they leave behind")
struct StreamLoadTests {
    @Test("a thousand streams that are opened and left in all manners leave no open file, and requests are answered")
    func openFiles() async throws {
        try await withService { server, _ in
            // Sockets alone: the journal opens a few more of its own files where many read at once, and keeps them.
            let files = "/proc/\(server.program.pid)/fd"
            let count = {
                try FileManager.default.contentsOfDirectory(atPath: files).count { name in
                    let target = try? FileManager.default.destinationOfSymbolicLink(atPath: "\(files)/\(name)")
                    return target?.hasPrefix("socket:") == true
                }
            }
            _ = try await server.client.json("/status")
            let before = try count()
            let port = UInt16(clamping: server.client.port)
            let paths = ["/events", "/events?after=0", "/specs/\(first)/log"]
            for round in 0..<20 {
                let sockets = try (0..<50).map { _ in try RawSocket(port: port) }
                for (index, socket) in sockets.enumerated() {
                    try await socket.send(
                        "GET \(paths[index % 3]) HTTP/1.\(index % 5 == 0 ? 0 : 1)\r\nHost: localhost\r\n"
                            + "Accept: text/event-stream\r\n\r\n"
                    )
                    switch (index + round) % 4 {
                    case 0: socket.reset()
                    case 1: socket.closeSending()
                    case 2: try await socket.read { $0.contains("\r\n\r\n") }
                    default: break
                    }
                }
            }
            try await eventually("the sockets are closed", within: .seconds(60)) { try count() <= before }
            #expect(try await server.client.get("/status").status == 200)
        }
    }

    @Test("R32: a stream from the start, one from the middle and one from now on go live without a gap or a double")
    func goLive() async throws {
        try await withService(.diligent, specs: [DemoSpec(first)]) { server, _ in
            for number in 0..<30 { _ = try await server.client.post("/specs", "{\"title\": \"before \(number)\"}") }
            let status = try await server.client.events("/events", after: "999999999").next()
            let newest = status?.json["newest"].number ?? 0
            #expect(newest >= 30)
            let readers = [
                try await server.client.events("/events?after=0"),
                try await server.client.events("/events", after: String(newest / 2)),
                try await server.client.events("/events", after: String(newest)),
            ]
            let starts = [0, newest / 2, newest]
            for number in 0..<30 { _ = try await server.client.post("/specs", "{\"title\": \"after \(number)\"}") }
            let run = try await server.work(first)
            _ = try await server.settled(run)
            for (reader, start) in zip(readers, starts) {
                let seen = try await reader.events { $0.event == "order.settled" }
                let numbers = seen.compactMap { $0.json["sequence"].number }
                #expect(numbers == Array(start + 1...start + numbers.count))
                #expect(seen.map(\.id) == numbers.map(String.init))
                #expect(seen.last?.event == "order.settled")
            }
        }
    }

    @Test("a stop ends every stream properly, behind the last event that there was")
    func stop() async throws {
        try await withTurn {
            let server = try await ServerUnderTest(try await DemoProject(specs: [DemoSpec(first)]))
            let sockets = try (0..<20).map { _ in try RawSocket(port: UInt16(clamping: server.client.port)) }
            for socket in sockets {
                try await socket.send("GET /events HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\n\r\n")
                try await socket.read { $0.contains("retry:") }
            }
            #expect(try await server.stop() == .code(0), "\(server.log)")
            for socket in sockets {
                let text = try await socket.readToEnd()
                #expect(text.contains("event: service.stopping"))
                #expect(text.hasSuffix("\r\n0\r\n\r\n"))
            }
        }
    }
}
