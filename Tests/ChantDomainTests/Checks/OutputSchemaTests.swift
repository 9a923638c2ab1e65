import Testing

@testable import ChantDomain

@Suite("Output schemas")
struct OutputSchemaTests {
    /// A schema, a value, and what does not fit.
    static let rows: [(schema: String, value: String, complaints: [String])] = [
        ("{}", "5", []),
        (#"{"type": "object"}"#, "[]", ["must be object, not array"]),
        (#"{"type": ["string", "null"]}"#, "null", []),
        (#"{"type": ["string", "null"]}"#, "1", ["must be string or null, not number"]),
        (#"{"type": "integer"}"#, "1.0", []),
        (#"{"type": "integer"}"#, "15e-1", ["must be integer, not number"]),
        (#"{"type": "integer"}"#, "123456789012345678901234567890", []),
        (#"{"required": ["a", "b"]}"#, #"{"a": 1}"#, ["lacks `b`"]),
        (#"{"required": ["a"]}"#, "[1]", []),
        (
            #"{"properties": {"a": {"type": "string"}, "b": {"required": ["c"]}}}"#, #"{"a": 1, "b": {}, "z": 0}"#,
            ["/a: must be string, not number", "/b: lacks `c`"]
        ),
        (
            #"{"items": {"type": "number"}}"#, #"[1, "2", null]"#,
            [
                "/1: must be number, not string", "/2: must be number, not null",
            ]
        ),
        (#"{"properties": {"a/b~": {"type": "null"}}}"#, #"{"a/b~": 1}"#, ["/a~1b~0: must be null, not number"]),
        (#"{"enum": ["x", 1, {"k": [2]}]}"#, #"{"k": [2.0]}"#, []),
        (#"{"enum": ["x", 1]}"#, "2", ["is none of the values that are allowed"]),
        (#"{"enum": [12345678901234567890]}"#, "12345678901234567891", ["is none of the values that are allowed"]),
        (#"{"format": "date", "minimum": 9, "$ref": "x", "type": "number"}"#, "1", []),
        (#"{"properties": {"a": true}, "items": 5, "required": "a", "enum": 1}"#, #"{"a": 1}"#, []),
    ]

    @Test("§6.3: the keywords type, required, properties, items and enum; others are ignored", arguments: rows)
    func keywords(row: (schema: String, value: String, complaints: [String])) throws {
        let schema = try #require(OutputSchema(Array(row.schema.utf8)))
        let value = try #require(JSONReader.value(of: Array(row.value.utf8)[...]))
        #expect(schema.complaints(about: value) == row.complaints)
    }

    @Test("what is no JSON object is no schema", arguments: ["", "[]", "true", "{", #"{"type": }"#])
    func noSchema(text: String) { #expect(OutputSchema(Array(text.utf8)) == nil) }

    @Test("complaints are bounded, whatever an agent writes")
    func bounded() throws {
        let schema = try #require(OutputSchema(Array(#"{"items": {"type": "string"}}"#.utf8)))
        let value = JSONNode.list(Array(repeating: .null, count: 100_000))
        #expect(schema.complaints(about: value).count == 100)
    }

    /// What an agent says, and what is found in it.
    static let answers: [(text: String, json: String?)] = [
        ("no JSON here", nil),
        (#"{"a": 1}"#, #"{"a": 1}"#),
        ("  [1, 2]\n", "[1, 2]"),
        ("Done.\n```json\n{\"a\": 1}\n```\nBye {\"b\": 2}", #"{"a": 1}"#),
        ("```\n{\"b\": 2}\n```\n```json\n{\"a\": 1}\n```\n```\n{\"c\": 3}\n```", #"{"a": 1}"#),
        ("```json\n{\"example\": 0}\n```\nand then\n```json\n{\"a\": 1}\n```\n", #"{"a": 1}"#),
        ("```json\n{\"a\": 1}\n```\n```json\nbroken\n```\n", #"{"a": 1}"#),
        ("```JSON\n{\"a\": 1}", #"{"a": 1}"#),
        ("~~~json\n{\"a\": \"```\"}\n~~~\n", #"{"a": "```"}"#),
        ("````json\nno\n```\n{\"b\": 2}\n````\n```\n{\"a\": 1}\n```", #"{"a": 1}"#),
        ("I made {it} and it says {\"a\": \"} {\"} today", #"{"a": "} {"}"#),
        ("the list is [1, [2]] now", "[1, [2]]"),
        ("[1] before {\"a\": 1}", #"{"a": 1}"#),
    ]

    @Test("§6.3: marked blocks, any block, the whole, the first value; of several blocks the last", arguments: answers)
    func answer(row: (text: String, json: String?)) throws {
        let wanted = row.json.flatMap { JSONReader.value(of: Array($0.utf8)[...]) }
        #expect((row.json == nil) == (wanted == nil))
        #expect(AgentAnswer(Array(row.text.utf8)).json == wanted)
    }

    @Test(
        "hostile text is looked through in bounded time",
        arguments: ["{", "[", "{\"a\":", "[[1,2,", "{\"a\":\"", "```json\n"]
    )
    func hostile(piece: String) async {
        let text = Array(String(repeating: piece, count: 60_000).utf8)
        #expect(AgentAnswer(text).json == nil)
    }
}
