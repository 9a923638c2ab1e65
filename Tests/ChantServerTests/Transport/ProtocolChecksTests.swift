import Testing

@testable import ChantServer

@Suite("Protocol checks")
struct ProtocolChecksTests {
    private func outcome(
        _ target: String = "/",
        _ headers: Headers = ["Host": "a"],
        method: String = "GET",
        version: String = "HTTP/1.1"
    ) -> Result<HTTPRequest, Problem> {
        let head = RequestHead(method: method, target: target, version: version, headers: headers)
        return Result { () throws(Problem) in try ProtocolChecks.check(head) }
    }

    @Test(
        "Headers that two readers could read differently are refused",
        arguments: [
            ([:], 400),
            (["Host": "a", "host": "a"], 400),
            (["Host": "a b"], 400),
            (["Host": "a/b"], 400),
            (["Host": "a@b"], 400), (["Host": "a:b"], 400), (["Host": "a:65536"], 400), (["Host": "[::1"], 400),
            (["Host": "é"], 400),
            (["Host": "a", "Content-Length": "+5"], 400), (["Host": "a", "Content-Length": "5, 5"], 400),
            (["Host": "a", "Content-Length": "0x5"], 400), (["Host": "a", "Content-Length": ""], 400),
            (["Host": "a", "Content-Length": "-5"], 400),
            (["Host": "a", "Expect": "200-ok"], 417), (["Host": "a", "Content-Encoding": "gzip"], 415),
            (["Host": "a", "Content-Length": "5", "Transfer-Encoding": "chunked"], 400),
            (["Host": "a", "Content-Length": "5", "content-length": "6"], 400),
            (["Host": "a", "Transfer-Encoding": "gzip"], 501),
            (["Host": "a", "Transfer-Encoding": "gzip, chunked"], 501),
            (["Host": "a", "Transfer-Encoding": "chunked", "transfer-encoding": "chunked"], 501),
            (["Host ": "a"], 400),
            (["Host": "a", "X Y": "1"], 400),
            (["Host": "a", "X": "1\u{0}2"], 400),
            (["Host": "a", "X": "1\n2"], 400),
        ] as [(Headers, Int)]
    )
    func refusesHeaders(headers: Headers, status: Int) {
        guard case .failure(let problem) = outcome("/", headers) else {
            Issue.record("not refused")
            return
        }
        #expect(problem.status == status)
    }

    @Test(
        "Headers in order pass",
        arguments: [
            ["Host": ""], ["Host": "[::1]:80"], ["host": "a", "Transfer-Encoding": "Chunked"],
            ["Host": "a", "Content-Length": "5", "content-length": "5"], ["Host": "a", "X": "tab\tand é"],
            ["Host": "a", "Expect": "100-Continue"], ["Host": "a", "Content-Encoding": "Identity"],
            ["Host": "A.b_c-d.:1"],
        ] as [Headers]
    )
    func passesHeaders(headers: Headers) throws {
        _ = try outcome("/", headers).get()
    }

    @Test("A method is a token", arguments: ["G@T", "GET:", "\"GET\"", "G(T"])
    func refusesMethod(method: String) {
        guard case .failure(let problem) = outcome(method: method) else {
            Issue.record("not refused")
            return
        }
        #expect(problem.status == 400)
    }

    @Test("HTTP/1.0 needs no Host and has no transfer coding")
    func http10() throws {
        #expect(try outcome("/", [:], version: "HTTP/1.0").get().version == .http10)
        #expect(throws: Problem.self) {
            try outcome("/", ["Transfer-Encoding": "chunked"], version: "HTTP/1.0").get()
        }
    }

    @Test(
        "Paths that mean more than they say are refused",
        arguments: [
            "/a%00b", "/%", "/%4", "/%zz", "/%ff", "/a/../b", "/a/%2e%2E/b", "/.", "/a b", "/a#b", "specs", "", "*",
            "ftp://a/b",
            "/a?b=%00", "/a?%", "a:80", "/%c0%ae%c0%ae", "/%c0%af", "/%ed%a0%80", "/\u{FFFD}", "http://b/",
            "http://u@a/",
            "http://a:81/", "http:/a", "http:a", "://a/",
        ]
    )
    func refusesTargets(target: String) {
        guard case .failure(let problem) = outcome(target) else {
            Issue.record("not refused")
            return
        }
        #expect(problem.name == .malformedRequest)
    }

    @Test(
        "A target is taken apart by segments",
        arguments: [
            ("/", []), ("/a/b", ["a", "b"]), ("/a%2Fb", ["a/b"]), ("/a/", ["a", ""]), ("//a", ["", "a"]),
            ("/...", ["..."]),
            ("http://a/b?b", ["b"]), ("HTTP://A:80?b", []), ("http://a", []), ("/é", ["é"]), ("/a+b", ["a+b"]),
            ("/%EF%BF%BD", ["\u{FFFD}"]), ("/%2e%2e%2Fa", ["../a"]),
        ] as [(String, [String])]
    )
    func readsTargets(target: String, path: [String]) throws {
        #expect(try outcome(target).get().path == path)
    }

    @Test("What does not end its lines properly is refused, and so is https")
    func malformed() {
        var head = RequestHead(method: "GET", target: "/", headers: ["Host": "a"])
        #expect(head.received.refusal == nil)
        head.isWellFormed = false
        #expect(head.received.refusal?.name == .malformedRequest)
        #expect(
            RequestHead(method: "GET", target: "https://a/", headers: ["Host": "a"]).received.refusal?.status == 421
        )
    }

    @Test("CONNECT is refused, OPTIONS * is not")
    func methods() throws {
        guard case .failure(let problem) = outcome("host:80", method: "CONNECT") else {
            Issue.record("not refused")
            return
        }
        #expect(problem.status == 501)
        _ = try outcome("*", method: "OPTIONS").get()
    }
}
