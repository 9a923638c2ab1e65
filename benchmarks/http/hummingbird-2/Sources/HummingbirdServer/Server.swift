import Foundation
import Hummingbird
import Synchronization

/// The same two routes as the plain C server, written the way Hummingbird's documentation shows.
@main
struct Server {
    static func main() async throws {
        guard CommandLine.arguments.count == 2, let port = Int(CommandLine.arguments[1]) else {
            throw Usage()
        }
        let publisher = Publisher()
        let router = Router()
        router.get("json/:size") { _, context -> Response in
            let size = try context.parameters.require("size", as: Int.self)
            return Response(
                status: .ok,
                headers: [.contentType: "application/json"],
                body: ResponseBody(byteBuffer: Bodies.json(size))
            )
        }
        router.get("events") { _, _ -> Response in
            Response(
                status: .ok,
                headers: [.contentType: "text/event-stream"],
                body: ResponseBody { writer in
                    for await message in publisher.subscribe() { try await writer.write(message) }
                    try await writer.finish(nil)
                }
            )
        }
        let application = Application(
            router: router,
            configuration: ApplicationConfiguration(address: .hostname("127.0.0.1", port: port), backlog: 1024)
        )
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await application.runService() }
            group.addTask { try await publisher.run() }
            try await group.next()
            group.cancelAll()
        }
    }
}

struct Usage: Error {}

/// JSON of any size, made once.
enum Bodies {
    private static let made = Mutex<[Int: ByteBuffer]>([:])

    static func json(_ size: Int) -> ByteBuffer {
        made.withLock { made in
            if let buffer = made[size] { return buffer }
            let buffer = ByteBuffer(string: String(repeating: " ", count: max(0, size - 2)) + "{}")
            made[size] = buffer
            return buffer
        }
    }
}

/// Publishes 100 messages a second; each subscriber keeps the newest 256 that it has not read.
final class Publisher: Sendable {
    private struct State {
        var next = 0
        var subscribers: [Int: AsyncStream<ByteBuffer>.Continuation] = [:]
    }

    private let state = Mutex(State())

    func subscribe() -> AsyncStream<ByteBuffer> {
        let (stream, continuation) = AsyncStream.makeStream(
            of: ByteBuffer.self,
            bufferingPolicy: .bufferingNewest(256)
        )
        let id = state.withLock { state in
            state.next += 1
            state.subscribers[state.next] = continuation
            return state.next
        }
        continuation.onTermination = { _ in self.state.withLock { $0.subscribers[id] = nil } }
        return stream
    }

    func run() async throws {
        let clock = ContinuousClock()
        var due = clock.now
        for sequence in 1... {
            due += .milliseconds(10)
            try await clock.sleep(until: due)
            let message = ByteBuffer(string: Self.message(sequence))
            for subscriber in state.withLock({ Array($0.subscribers.values) }) { subscriber.yield(message) }
        }
    }

    private static func message(_ sequence: Int) -> String {
        let at = Date.now.formatted(.iso8601.year().month().day().time(includingFractionalSeconds: true))
        return """
            event: spec.changed
            id: \(sequence)
            data: {"sequence":\(sequence),"at":"\(at)Z","project":"bench","type":"spec.changed",\
            "spec_id":"2026-01-01-001-abc","change":"edited","from":null,"to":null,"by":"service",\
            "revision":"0123456789abcdef"}


            """
    }
}
