import ChantTesting
import Logging
import Testing

@testable import ChantServer

private struct Unexpected: Error, CustomStringConvertible {
    var description: String { "secret inside" }
}

@Suite("Middlewares")
struct MiddlewareTests {
    private let lines = LoggedLines()

    private func client(_ handler: @escaping Responder) -> RouterClient {
        let chain = MiddlewareChain(
            standardAround: Router([Route("GET", "/x", name: "getX", query: ["q"], handler: handler)])
        )
        let logger = lines.logger()
        return RouterClient { await chain.respond(to: $0, context: RequestContext(id: $1.id, logger: logger)) }
    }

    @Test("The client's own request id is used if it can be, in the context, the answer and the log")
    func requestID() async {
        let client = client { _, context in .text(context.id) }
        let own = await client.get("/x", headers: ["X-Request-Id": "abc-1.2_3"])
        #expect(own.text == "abc-1.2_3")
        #expect(own.headers["X-Request-Id"] == "abc-1.2_3")
        #expect(lines.all.first?.contains("request=abc-1.2_3") == true)
        for unusable in ["", "a b", "é", "a\"b", String(repeating: "a", count: 129)] {
            let answer = await client.get("/x", headers: ["X-Request-Id": unusable])
            #expect(answer.headers["X-Request-Id"] == "test", "\(unusable)")
        }
    }

    @Test("An unknown error becomes 500 internal-error without its text, which is in the log")
    func unknownError() async throws {
        let answer = await client { _, _ in throw Unexpected() }.get("/x?q=1")
        #expect(answer.status == 500)
        #expect(answer.problem == "internal-error")
        #expect(!answer.text.contains("secret"))
        #expect(try answer.json["instance"] == "/x")
        #expect(lines.all.contains { $0.contains("error=\"secret inside\"") })
    }

    @Test("Without the middleware the chain still answers")
    func bareChain() async {
        let chain = MiddlewareChain([]) { _, _ in throw Unexpected() }
        let answer = await RouterClient { await chain.respond(to: $0, context: $1) }.get("/")
        #expect(answer.problem == "internal-error")
    }

    @Test("A problem that is thrown is answered, with its header fields and the path it met")
    func thrownProblem() async throws {
        let client = client { _, _ in
            throw Problem(.queueFull, detail: "Full.", headers: ["Retry-After": "7"])
        }
        let answer = await client.get("/x?q=secret")
        #expect(answer.status == 503)
        #expect(answer.headers["Retry-After"] == "7")
        #expect(try answer.json["instance"] == "/x")
    }

    @Test("Each request has one line, with route and status and without its query")
    func accessLog() async {
        let client = client { _, _ in .text("hello") }
        _ = await client.get("/x?q=secret")
        _ = await client.get("/y")
        #expect(lines.all.count == 2)
        #expect(lines.all[0].contains("INFO"))
        #expect(lines.all[0].contains("bytes=5") && lines.all[0].contains("route=getX status=200"))
        #expect(lines.all[0].contains("path=/x ") && !lines.all[0].contains("secret"))
        #expect(lines.all[1].contains("status=404") && !lines.all[1].contains("route="))
    }

    @Test("A request that the transport refuses passes the same chain")
    func refusals() async {
        let answer = await client { _, _ in .text("") }.send("GET", "/x/%zz", headers: ["X-Request-Id": "one"])
        #expect(answer.status == 400)
        #expect(answer.problem == "malformed-request")
        #expect(answer.headers["X-Request-Id"] == "one")
        #expect(lines.all.count == 1)
    }
}
