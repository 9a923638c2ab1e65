import ChantTesting
import Testing

@testable import ChantServer

@Suite("Server-sent events")
struct ServerSentEventTests {
    @Test(
        "An event is framed line by line",
        arguments: [
            (ServerSentEvent(data: ""), "data: \n\n"),
            (ServerSentEvent(name: "log", id: "r1:text:5", data: "a"), "event: log\nid: r1:text:5\ndata: a\n\n"),
            (ServerSentEvent(data: "a\nb\r\nc\rd"), "data: a\ndata: b\ndata: c\ndata: d\n\n"),
            (ServerSentEvent(name: "x\ndata: y", id: "1\r\n2\0", data: "z"), "event: xdata: y\nid: 12\ndata: z\n\n"),
        ]
    )
    func frames(event: ServerSentEvent, wire: String) {
        #expect(String(decoding: event.frame, as: UTF8.self) == wire)
    }

    private func client(_ response: HTTPResponse) -> RouterClient {
        RouterClient { _, _ in response }
    }

    @Test("A stream begins with its retry time, ends with its producer, and must not be stored")
    func wholeStream() async {
        let answer = await client(
            .events(retry: .milliseconds(1500)) { events in
                try await events.send(ServerSentEvent(name: "a", id: "1", data: "x"))
                try await events.send([ServerSentEvent(data: "y"), ServerSentEvent(data: "z")])
            }
        ).get("/")
        #expect(answer.text == "retry: 1500\n\nevent: a\nid: 1\ndata: x\n\ndata: y\n\ndata: z\n\n")
        #expect(answer.headers["Content-Type"] == "text/event-stream")
        #expect(answer.headers["Cache-Control"] == "no-store")
        #expect(answer.headers["X-Accel-Buffering"] == "no")
    }

    @Test("While the producer is silent a comment line is sent, and a client that left ends the producer")
    func heartbeat() async {
        let wasCancelled = Counter()
        let answer = await client(
            .events(heartbeat: .milliseconds(5)) { _ in
                do {
                    try await Task.sleep(for: .seconds(60))
                } catch {
                    wasCancelled.add()
                    throw error
                }
            }
        ).send("GET", "/", until: { $0.hasSuffix(":\n\n:\n\n") })
        #expect(answer.text == "retry: 2000\n\n:\n\n:\n\n")
        #expect(wasCancelled.value == 1)
    }
}
