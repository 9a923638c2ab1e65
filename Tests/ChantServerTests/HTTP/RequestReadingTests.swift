import Testing

@testable import ChantServer

private enum Colour: String, CaseIterable {
    case red
    case green
}

@Suite("Reading queries and bodies")
struct RequestReadingTests {
    private func query(_ raw: String) throws -> QueryItems { try #require(QueryItems(parsing: raw)) }

    private func request(_ body: String, _ headers: Headers = ["Content-Type": "application/json"]) -> HTTPRequest {
        HTTPRequest(method: "POST", path: [], rawTarget: "/", headers: headers, body: Array(body.utf8))
    }

    @Test(
        "A flag is on without a value, with true or 1; off with false or 0; else refused",
        arguments: [
            ("follow", true), ("follow=true", true), ("follow=1", true), ("follow=false", false), ("follow=0", false),
            ("", nil),
        ] as [(String, Bool?)]
    )
    func flags(raw: String, value: Bool?) throws {
        #expect(try query(raw).flag("follow") == value)
    }

    @Test(
        "Any other flag is a 422 that points at it",
        arguments: ["follow=yes", "follow=", "follow=TRUE", "follow&follow"]
    )
    func badFlags(raw: String) throws {
        let items = try query(raw)
        let problem = #expect(throws: Problem.self) { try items.flag("follow") }
        #expect(problem?.name == .invalidValue)
        #expect(problem?.members["errors"]?.arrayValue?.first?["pointer"] == "?follow")
    }

    @Test("limit is 50 unless asked otherwise, and 1 to 500")
    func limits() throws {
        #expect(try query("").limit() == 50)
        #expect(try query("limit=1").limit() == 1)
        #expect(try query("limit=500").limit() == 500)
        for raw in ["limit=0", "limit=501", "limit=-1", "limit=ten", "limit", "limit=%2B5", "limit=1&limit=2"] {
            let items = try query(raw)
            #expect(throws: Problem.self, "\(raw)") { try items.limit() }
        }
    }

    @Test("Names and values are decoded; what cannot be is refused")
    func decodes() throws {
        #expect(
            try query("q=a%20b+c&%C3%A9=%26").items == [.init(name: "q", value: "a b c"), .init(name: "é", value: "&")]
        )
        for raw in ["a=%", "a=%4", "a=%zz", "a=%00", "a=%ff"] { #expect(QueryItems(parsing: raw) == nil, "\(raw)") }
    }

    @Test("A word of a list may be repeated, and must be known")
    func words() throws {
        #expect(try query("c=red&c=green").words("c", of: Colour.self) == [.red, .green])
        let items = try query("c=blue")
        #expect(throws: Problem.self) { try items.word("c", of: Colour.self) }
    }

    @Test("A body's values are read by type, and all that are wrong are named at once")
    func readsBodies() throws {
        let text = #"{"title":"x","count":3,"on":true,"labels":["a"],"colour":"red","none":null}"#
        let keys = ["title", "count", "on", "labels", "colour", "none"]
        var body = try request(text).jsonBody(keys: keys)
        #expect(body.requiredString("title") == "x")
        #expect(body.integer("count", in: 1...3) == 3)
        #expect(body.bool("on") == true)
        #expect(body.strings("labels") == ["a"])
        #expect(body.word("colour", of: Colour.allCases) == .red)
        #expect(body.string("none") == nil)
        try body.check()

        var wrong = try request(#"{"title":1,"count":4,"on":"yes","labels":["a",2],"colour":"blue"}"#).jsonBody(
            keys: keys
        )
        _ = (wrong.string("title"), wrong.integer("count", in: 1...3), wrong.bool("on"), wrong.strings("labels"))
        _ = (wrong.word("colour", of: Colour.allCases), wrong.requiredString("none"))
        #expect(wrong.complaints.map(\.pointer) == ["/title", "/count", "/on", "/labels/1", "/colour", "/none"])
        #expect(throws: Problem.self) { try wrong.check() }
    }

    @Test("An unknown key is refused by name, with the nearest known one")
    func refusesUnknownKeys() {
        let problem = #expect(throws: Problem.self) {
            try request(#"{"promt":"x","a/b~":1}"#).jsonBody(keys: ["prompt", "timeout_seconds"])
        }
        #expect(problem?.name == .unknownKey)
        #expect(problem?.members["errors"]?.arrayValue?.map { $0["pointer"] } == ["/promt", "/a~1b~0"])
        #expect(problem?.members["errors"]?.arrayValue?.first?["detail"] == "is not known; did you mean prompt?")
        #expect(problem?.detail.contains("did you mean prompt? And 1 more") == true)
    }

    @Test(
        "Bodies of another shape are refused",
        arguments: [("{", "malformed-request"), ("[]", "invalid-value"), ("1", "invalid-value")]
    )
    func refusesOtherShapes(body: String, name: String) {
        let problem = #expect(throws: Problem.self) { try request(body).jsonBody(keys: []) }
        #expect(problem?.name.rawValue == name)
    }

    @Test(
        "JSON by name, or without a type from what is no browser; else 415",
        arguments: [
            (["Content-Type": "application/json"], true),
            (["Content-Type": "Application/JSON ; charset=utf-8"], true),
            (["Content-Type": "application/json", "Origin": "http://a"], true),
            ([:], true),
            (["Content-Type": "application/x-www-form-urlencoded"], true),
            (["Origin": "http://a"], false),
            (["Content-Type": "application/x-www-form-urlencoded", "Sec-Fetch-Site": "same-origin"], false),
            (["Content-Type": "text/plain"], false),
            (["Content-Type": "text/markdown"], false),
        ] as [(Headers, Bool)]
    )
    func contentTypes(headers: Headers, isRead: Bool) {
        let outcome = Result { () throws(Problem) in try request("{}", headers).jsonBody(keys: []) }
        switch outcome {
        case .success: #expect(isRead)
        case .failure(let problem):
            #expect(!isRead)
            #expect(problem.status == 415)
        }
    }

    @Test("An empty body is an empty object")
    func emptyBody() throws {
        #expect(try request("", [:]).jsonBody(keys: ["a"]).object == JSONObject())
    }
}
