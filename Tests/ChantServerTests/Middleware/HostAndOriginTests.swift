import ChantTesting
import Synchronization
import Testing

@testable import ChantServer

@Suite("Host and origin")
struct HostAndOriginTests {
    private let called = Counter()

    private var client: RouterClient {
        let called = called
        let routes = [("GET", "/x"), ("POST", "/x"), ("GET", "/health/live")].map { method, path in
            Route(method, path, name: "\(method) \(path)") { _, _ in
                called.add()
                return .noContent
            }
        }
        let chain = MiddlewareChain(standardAround: Router(routes), hosts: ["build.example.org", "2001:db8::1"])
        return RouterClient { await chain.respond(to: $0, context: $1) }
    }

    @Test(
        "The service answers to loopback names and to those that it was given, with any port",
        arguments: [
            "localhost", "LOCALHOST:24268", "127.0.0.1:1", "127.8.9.10", "[::1]:9", "app.localhost",
            "build.example.org",
            "Build.Example.ORG:443", "[2001:DB8::1]:1",
        ]
    )
    func known(host: String) async {
        #expect(await client.get("/x", headers: ["Host": host]).status == 204)
        #expect(called.value == 1)
    }

    @Test(
        "To any other name it does not, on any route, with any method",
        arguments: [
            "example.org", "localhost.example.org", "evil.build.example.org", "0.0.0.0", "192.168.1.1", "[::]", "127.1",
            "[::ffff:127.0.0.1]",
        ]
    )
    func unknown(host: String) async throws {
        for (method, target) in Self.everything {
            let answer = await client.send(method, target, headers: ["Host": host])
            #expect(answer.status == 421, "\(method) \(target)")
            if method != "HEAD" { #expect(answer.problem == "unknown-host") }
            #expect(answer.headers["X-Request-Id"] == "test")
        }
        #expect(called.value == 0)
    }

    @Test("An absolute target counts as Host does")
    func absoluteTarget() async {
        let chain = client
        #expect(await chain.get("http://example.org/x", headers: ["Host": "example.org"]).problem == "unknown-host")
        #expect(await chain.get("http://localhost/x", headers: ["Host": "example.org"]).problem == "malformed-request")
        #expect(await chain.get("http://localhost/x", headers: ["Host": "localhost"]).status == 204)
    }

    @Test(
        "A page of another origin is refused on every route",
        arguments: [
            ["Origin": "http://evil.example"], ["Origin": "null"], ["Origin": ""], ["Origin": "https://localhost:1"],
            ["Origin": "http://localhost:2"], ["Origin": "http://localhost"], ["Origin": "http://127.0.0.1:1"],
            ["Origin": "http://localhost:1/"], ["Origin": "http://localhost:1, http://localhost:1"],
            ["Sec-Fetch-Site": "cross-site"], ["Sec-Fetch-Site": "same-site"], ["Sec-Fetch-Site": "Same-Origin"],
            ["Sec-Fetch-Site": ""],
            ["Origin": "http://localhost:1", "Sec-Fetch-Site": "cross-site"],
            ["Origin": "http://localhost:1", "origin": "http://evil.example"],
            ["Sec-Fetch-Site": "none", "sec-fetch-site": "cross-site"],
        ] as [Headers]
    )
    func foreign(headers: Headers) async {
        var headers = headers
        headers["Host"] = "localhost:1"
        for (method, target) in Self.everything {
            let answer = await client.send(method, target, headers: headers)
            #expect(answer.status == 403, "\(method) \(target)")
            if method != "HEAD" { #expect(answer.problem == "foreign-origin") }
        }
        #expect(called.value == 0)
    }

    @Test(
        "A page of the service's own origin, and what a person typed, are served",
        arguments: [
            ["Origin": "http://localhost:1"], ["Origin": "HTTP://LOCALHOST:1"], ["Sec-Fetch-Site": "same-origin"],
            ["Sec-Fetch-Site": "none"], ["Origin": "http://localhost:1", "Sec-Fetch-Site": "same-origin"],
        ] as [Headers]
    )
    func own(headers: Headers) async {
        var headers = headers
        headers["Host"] = "localhost:1"
        #expect(await client.send("POST", "/x", headers: headers).status == 204)
    }

    @Test("A port that is left out is 80")
    func usualPort() async {
        let headers: Headers = ["Host": "localhost:80", "Origin": "http://localhost"]
        #expect(await client.get("/x", headers: headers).status == 204)
    }

    @Test("HTTP/1.0 may name no host; an origin cannot be its own then")
    func noHost() async {
        let chain = MiddlewareChain([HostAndOrigin(hosts: [])]) { _, _ in .noContent }
        for (headers, status) in [([:], 204), (["Origin": "http://localhost"], 403)] as [(Headers, Int)] {
            let head = RequestHead(method: "GET", target: "/", version: "HTTP/1.0", headers: headers)
            #expect(await chain.respond(to: head.received, context: RequestContext(silent: "")).status == status)
        }
    }

    private static let everything = [
        ("GET", "/x"), ("HEAD", "/x"), ("POST", "/x"), ("DELETE", "/x"), ("OPTIONS", "/x"), ("OPTIONS", "*"),
        ("BREW", "/x"), ("GET", "/nothing"), ("GET", "/health/live"), ("GET", "/x?unknown"),
    ]
}
