import Testing

@testable import ChantServer

@Suite("Choosing a media type")
struct AcceptedTypesTests {
    @Test(
        "the type that the client likes best wins, the first one where it likes several",
        arguments: [
            (nil, "application/json"), ("", "application/json"), ("*/*", "application/json"),
            ("text/markdown", "text/markdown"), ("text/*", "text/markdown"), ("TEXT/Markdown", "text/markdown"),
            ("text/markdown;q=0.5, application/json", "application/json"),
            ("text/markdown;q=0.9, application/json;q=0.8", "text/markdown"),
            ("text/markdown, */*;q=0.1", "text/markdown"), (" , ,", "application/json"),
            ("text/markdown;q=2, application/json;q=0.5", "text/markdown"), ("*", "application/json"),
            ("text/markdown;charset=utf-8", "text/markdown"), ("application/json;q=0, */*", "text/markdown"),
        ] as [(String?, String)]
    )
    func best(header: String?, expected: String) throws {
        var headers = Headers()
        headers["Accept"] = header
        #expect(try best(headers) == expected)
    }

    @Test(
        "where the client likes none, it is 406 with what there is",
        arguments: [
            "image/png", "text/html, image/*", "application/json;q=0", "*/*;q=0", "text/*;q=0, application/json;q=0",
            "application/xml;q=1, */*;q=0.0", "application",
        ]
    )
    func none(header: String) throws {
        let problem = #expect(throws: Problem.self) { try best(["Accept": header]) }
        #expect(problem?.name == .notAcceptable)
        #expect(problem?.members["supported"] == ["application/json", "text/markdown"])
    }

    @Test("several Accept fields are one list")
    func severalFields() throws {
        var headers: Headers = ["Accept": "image/png"]
        headers.add("accept", "text/markdown")
        #expect(try best(headers) == "text/markdown")
    }

    private func best(_ headers: Headers) throws(Problem) -> String {
        let request = HTTPRequest(method: "GET", path: ["specs"], rawTarget: "/specs", headers: headers)
        return try AcceptedTypes(request).best(of: ["application/json", "text/markdown"])
    }

    @Test("a segment of a path holds nothing that means something in an address")
    func segment() {
        #expect(PathSegment.encoded("2026-08-01-001-k3x.2") == "2026-08-01-001-k3x.2")
        #expect(PathSegment.encoded("a b?#%/é") == "a%20b%3F%23%25%2F%C3%A9")
    }
}
