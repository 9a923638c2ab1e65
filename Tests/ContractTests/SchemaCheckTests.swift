import Testing

@testable import ChantServer

@Suite("Contract: the checker itself")
struct SchemaCheckTests {
    private static let list: JSONValue = ["items": [], "total": 0, "next": .null]

    @Test(
        "it sees what does not fit",
        arguments: [
            ("Total", -1), ("Total", "1"), ("Total", 1.5), ("Next", 1), ("RunID", "r1"), ("SpecStatus", "ready"),
            ("Blocker", ["id": "x"]), ("Blocker", ["id": "x", "why": "status", "more": 1]),
            ("Blocker", ["id": "x", "why": "weather"]), ("Criteria", ["total": 1, "checked": .null]), ("Commit", "12"),
            ("Moment", "2026-08-01 12:00"), ("RunList", ["items": [], "total": 0]),
            ("RunList", ["items": [1], "total": 0, "next": .null]), ("Spec", ["id": "x"]),
            ("Event", ["type": "run.queued"]),
            ("Problem", ["type": "/problems/stopping", "title": "t", "detail": "d", "instance": "/"]),
            ("Version", ["name": "other", "version": "1"]), ("SpecID", ""),
        ] as [(String, JSONValue)]
    )
    func refuses(schema: String, value: JSONValue) throws {
        #expect(try SchemaCheck(try Contract.load()).check(value, against: schema) != [])
    }

    @Test(
        "it lets pass what fits",
        arguments: [
            ("Total", 0), ("Next", .null), ("Next", "cursor"), ("Blocker", ["id": "x", "why": "cycle"]),
            ("RunList", list),
            ("Commit", .null),
            ("Moment", "2026-08-01T12:00:00Z"), ("Moment", "2026-08-01T12:00:00.250Z"), ("Text", .null), ("Text", "x"),
        ] as [(String, JSONValue)]
    )
    func accepts(schema: String, value: JSONValue) throws {
        #expect(try SchemaCheck(try Contract.load()).check(value, against: schema) == [])
    }

    @Test("a spec with a property that is in none of its parts does not fit")
    func unevaluated() throws {
        let check = SchemaCheck(try Contract.load())
        let whole = SpecPayload.whole(try Samples.plainSpec())
        #expect(try check.check(whole, against: "Spec") == [])
        var more = try #require(whole.objectValue)
        more["weather"] = "fine"
        #expect(try check.check(.object(more), against: "Spec") != [])
        #expect(try check.check(whole, against: "SpecItem") != [])
    }
}
