import Testing

@testable import ChantServer

@Suite("Endpoints: choosing a media type")
struct AcceptedTypesTests {
    @Test(
        "the type that the client likes best wins, the first one where it likes several",
        arguments: [
            (nil, "application/json"), ("", "application/json"), ("*/*", "application/json"),
            ("text/markdown", "text/markdown"), ("text/*", "text/markdown"), ("TEXT/Markdown", "text/markdown"),
            ("text/markdown;q=0.5, application/json", "application/json"),
            ("text/markdown;q=0.9, application/json;q=0.8", "text/markdown"),
            ("text/markdown, */*;q=0.1", "text/markdown"), ("image/png", "application/json"),
            ("text/markdown;charset=utf-8", "text/markdown"), ("application/json;q=0, */*", "text/markdown"),
        ] as [(String?, String)]
    )
    func best(header: String?, expected: String) {
        var headers = Headers()
        headers["Accept"] = header
        let request = HTTPRequest(method: "GET", path: ["specs"], rawTarget: "/specs", headers: headers)
        #expect(AcceptedTypes(request).best(of: ["application/json", "text/markdown"]) == expected)
    }

    @Test("a segment of a path holds nothing that means something in an address")
    func segment() {
        #expect(PathSegment.encoded("2026-08-01-001-k3x.2") == "2026-08-01-001-k3x.2")
        #expect(PathSegment.encoded("a b?#%/é") == "a%20b%3F%23%25%2F%C3%A9")
    }
}
