import ChantTesting
import Testing

@testable import ChantServer

@Suite("Router")
struct RouterTests {
    private static func echo(_ method: String, _ template: String, query: [String] = []) -> Route {
        Route(method, template, name: "\(method) \(template)", query: query) { _, context in
            let parameters = context.parameters.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
            return .text(([context.routeName ?? "?"] + parameters).joined(separator: " "))
        }
    }

    private let client: RouterClient = {
        let router = Router([
            echo("GET", "/"),
            echo("GET", "/specs", query: ["status", "limit"]),
            echo("POST", "/specs"),
            echo("GET", "/specs/{id}"),
            echo("GET", "/specs/new"),
            echo("POST", "/specs/{id}/work"),
            echo("DELETE", "/runs/{run}/files/{file}"),
        ])
        let chain = MiddlewareChain(standardAround: router)
        return RouterClient { await chain.respond(to: $0, context: $1) }
    }()

    @Test(
        "A request takes the route of its path and method",
        arguments: [
            ("GET", "/", "GET /"), ("GET", "/specs", "GET /specs"), ("GET", "/specs?limit=3&status", "GET /specs"),
            ("GET", "/specs/new", "GET /specs/new"), ("GET", "/specs/abc", "GET /specs/{id} id=abc"),
            ("GET", "/specs/a%20%C3%A9%2Fb", "GET /specs/{id} id=a é/b"),
            ("POST", "/specs/1/work", "POST /specs/{id}/work id=1"),
            ("DELETE", "/runs/r/files/f", "DELETE /runs/{run}/files/{file} file=f run=r"),
            ("GET", "http://localhost/specs/1?", "GET /specs/{id} id=1"), ("GET", "http://localhost", "GET /"),
        ]
    )
    func finds(method: String, target: String, text: String) async {
        #expect(await client.send(method, target).text == text)
    }

    @Test(
        "What is not there is 404 route-not-found",
        arguments: ["/nothing", "/specs/", "/specs//work", "/specs/1/work/2", "//specs", "/Specs", "/specs%2F1"]
    )
    func notFound(target: String) async {
        let answer = await client.send("POST", target)
        #expect(answer.status == 404)
        #expect(answer.problem == "route-not-found")
    }

    @Test("A slash at the end is pointed out")
    func trailingSlash() async throws {
        let detail = try await client.get("/specs/").json["detail"]?.stringValue
        #expect(detail == "There is nothing at /specs/. It exists without the slash at the end.")
    }

    @Test(
        "A method that the path does not have is 405 with Allow; one that nobody knows is 501",
        arguments: [
            ("DELETE", "/specs", 405, "GET, HEAD, OPTIONS, POST"), ("POST", "/specs/new", 405, "GET, HEAD, OPTIONS"),
            ("GET", "/specs/1/work", 405, "OPTIONS, POST"), ("HEAD", "/specs/1/work", 405, "OPTIONS, POST"),
            ("QUERY", "/specs", 405, "GET, HEAD, OPTIONS, POST"), ("BREW", "/specs", 501, "GET, HEAD, OPTIONS, POST"),
            ("get", "/specs", 501, "GET, HEAD, OPTIONS, POST"),
            ("OPTIONS", "/specs", 204, "GET, HEAD, OPTIONS, POST"),
            ("OPTIONS", "*", 204, "DELETE, GET, HEAD, OPTIONS, POST"),
        ]
    )
    func methods(method: String, target: String, status: Int, allow: String) async {
        let answer = await client.send(method, target)
        #expect(answer.status == status)
        #expect(answer.headers["Allow"] == allow)
    }

    @Test("HEAD takes the route of GET")
    func head() async {
        let answer = await client.send("HEAD", "/specs")
        #expect(answer.status == 200)
        #expect(answer.body.isEmpty)
    }

    @Test("Names in the query that the route does not have are refused, each with the nearest")
    func unknownQuery() async throws {
        let answer = await client.get("/specs?limt=3&status=x&zzzzzzz=1")
        #expect(answer.status == 422)
        #expect(answer.problem == "unknown-key")
        let errors = try #require(try answer.json["errors"]?.arrayValue)
        #expect(errors.map { $0["pointer"] } == ["?limt", "?zzzzzzz"])
        #expect(errors.first?["detail"] == "is not known; did you mean limit?")
    }

    @Test("A form that the route does not have is 406, before anything else is done")
    func notAcceptable() async throws {
        let answer = await client.get("/specs?zzz", headers: ["Accept": "image/png"])
        #expect(answer.status == 406)
        #expect(answer.problem == "not-acceptable")
        #expect(try answer.json["supported"] == ["application/json"])
        #expect(await client.get("/specs", headers: ["Accept": "application/*;q=0.1"]).status == 200)
        #expect(await client.send("OPTIONS", "/specs", headers: ["Accept": "image/png"]).status == 204)
    }

    @Test("A body without a length is 411 where one must come, and where nobody can tell whether it does")
    func lengthRequired() async {
        let chain = MiddlewareChain(standardAround: Router([Self.echo("PUT", "/x"), Self.echo("POST", "/x")]))
        func send(_ method: String, _ headers: Headers, _ version: String) async -> (Int, String?) {
            var headers = headers
            headers["Host"] = "localhost"
            let head = RequestHead(method: method, target: "/x", version: version, headers: headers)
            let response = await chain.respond(to: head.received, context: RequestContext(silent: ""))
            return (response.status, response.headers["Content-Type"])
        }
        #expect(await send("PUT", [:], "HTTP/1.1") == (411, "application/problem+json"))
        #expect(await send("PUT", ["Content-Length": "0"], "HTTP/1.1").0 == 200)
        #expect(await send("PUT", ["Transfer-Encoding": "chunked"], "HTTP/1.1").0 == 200)
        #expect(await send("POST", [:], "HTTP/1.1").0 == 200)
        #expect(await send("POST", ["Content-Type": "application/json"], "HTTP/1.1").0 == 200)
        #expect(await send("POST", [:], "HTTP/1.0").0 == 200)
        #expect(await send("POST", ["Content-Type": "application/json"], "HTTP/1.0").0 == 411)
    }

    @Test("A template is read, or refused when it is ambiguous", arguments: ["specs", "/a//b", "/{a}/{a}", "/a/"])
    func refusesTemplates(template: String) {
        #expect(RoutePattern(template) == nil)
    }
}
