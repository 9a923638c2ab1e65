import Testing

@testable import ChantServer

struct EntityTagTests {
    @Test(
        "a list of tags is read as RFC 9110 writes it",
        arguments: [
            ("\"a\"", ["a"]), ("\"a\",\"b\"", ["a", "b"]), (" , \"a\" ,, \"b\",", ["a", "b"]), ("\"\"", [""]),
            ("\"a,b\"", ["a,b"]), ("W/\"a\"", ["a"]),
        ]
    )
    func reads(_ field: String, _ texts: [String]) throws {
        guard case .some(let named) = try #require(EntityTagList([field])) else {
            Issue.record("\(field) names no tags")
            return
        }
        #expect(named.map(\.tag.text) == texts)
    }

    @Test(
        "what is no list of quoted tags is none",
        arguments: [
            "a", "\"a", "a\"", "\"a\"b", "\"a\" \"b\"", "w/\"a\"",
            "*, \"a\"", "\"a b\"", "", ",",
        ]
    )
    func refuses(_ field: String) {
        #expect(EntityTagList([field]) == nil)
    }

    @Test("`*` stands alone")
    func star() {
        #expect(EntityTagList([" * "]) == .any)
        #expect(EntityTagList(["*", "\"a\""]) == nil)
    }

    @Test("If-None-Match compares the whole tag, weakly")
    func compares() throws {
        let tag = EntityTag("rev.computed")
        let other = try #require(EntityTagList(["\"rev.later\""]))
        #expect(!other.matchesWeakly(tag))
        let bare = try #require(EntityTagList(["\"rev\""]))
        #expect(!bare.matchesWeakly(tag))
        let weak = try #require(EntityTagList(["W/\"rev.computed\""]))
        #expect(weak.matchesWeakly(tag))
        let foreign = try #require(EntityTagList(["\"x\", \"re\""]))
        #expect(!foreign.matchesWeakly(tag))
        #expect(EntityTagList.any.matchesWeakly(tag))
    }

    @Test(
        "a 200 that the client has becomes 304 without a body; nothing else does",
        arguments: [
            ("GET", 200, 304), ("HEAD", 200, 304), ("POST", 200, 200), ("GET", 404, 404),
        ]
    )
    func answers(_ method: String, _ status: Int, _ expected: Int) {
        let request = HTTPRequest(
            method: method,
            path: ["x"],
            rawTarget: "/x",
            headers: ["If-None-Match": "W/\"other\", \"t\""]
        )
        let answer = HTTPResponse.text("body", status: status).tagged(EntityTag("t"), vary: "Accept", for: request)
        #expect(answer.status == expected)
        #expect(answer.headers["ETag"] == "\"t\"")
        #expect(answer.headers["Vary"] == "Accept")
        #expect((answer.headers["Content-Type"] == nil) == (expected == 304))
        if case .none = answer.body { #expect(expected == 304) } else { #expect(expected != 304) }
    }

    @Test("a condition that cannot be read is refused for a writer and passed over for a reader")
    func malformed() {
        let request = HTTPRequest(
            method: "PUT",
            path: ["x"],
            rawTarget: "/x",
            headers: ["If-Match": "abc", "If-None-Match": "abc"]
        )
        #expect(throws: Problem.self) { try request.ifMatch() }
        #expect(!request.has(EntityTag("abc")))
    }
}
