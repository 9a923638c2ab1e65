import Testing

@testable import ChantServer

@Suite("JSON")
struct JSONTests {
    @Test(
        "A document is read as RFC 8259 says",
        arguments: [
            (" {} ", .object(JSONObject())),
            ("[1,-2,0]", [1, -2, 0]),
            ("1.5e2", 150.0),
            ("9223372036854775807", .int(.max)),
            (#""a\"\\\/\b\f\n\r\t\u00e9\ud83d\ude00""#, .string("a\"\\/\u{8}\u{C}\n\r\té😀")),
            (#"{"b":true,"a":[null,false]}"#, ["a": [.null, false], "b": true]),
        ] as [(String, JSONValue)]
    )
    func reads(text: String, value: JSONValue) throws {
        #expect(try JSONValue(parsing: Array(text.utf8)) == value)
    }

    @Test(
        "What is no document is refused, with line and column",
        arguments: [
            ("", 1, 1), ("{", 1, 2), ("[1,]", 1, 4), ("{\"a\":1,\n \"a\":2}", 2, 5), ("01", 1, 3), ("1.", 1, 3),
            ("tru", 1, 1), ("\"\u{1}\"", 1, 3), (#""\ud800""#, 1, 8), (#""\x""#, 1, 4), ("{} {}", 1, 4), ("'a'", 1, 1),
            ("1e999", 1, 6), ("+1", 1, 1), ("NaN", 1, 1),
        ]
    )
    func refuses(text: String, line: Int, column: Int) {
        let error = #expect(throws: JSONSyntaxError.self) { try JSONValue(parsing: Array(text.utf8)) }
        #expect(error?.line == line)
        #expect(error?.column == column)
    }

    @Test("Bytes that are no UTF-8 are refused")
    func refusesBrokenUTF8() {
        #expect(throws: JSONSyntaxError.self) { try JSONValue(parsing: [0x22, 0xFF, 0x22]) }
        #expect(throws: JSONSyntaxError.self) { try JSONValue(parsing: [0x22, 0xC0, 0x80, 0x22]) }
    }

    @Test("64 levels are read, 65 are not")
    func boundsDepth() throws {
        let fits = String(repeating: "[", count: 64) + String(repeating: "]", count: 64)
        #expect(throws: Never.self) { try JSONValue(parsing: Array(fits.utf8)) }
        let tooDeep = String(repeating: "[", count: 100_000)
        #expect(throws: JSONSyntaxError.self) { try JSONValue(parsing: Array(tooDeep.utf8)) }
    }

    @Test("What is written is read as the same, keys in their order")
    func writes() throws {
        let value: JSONValue = [
            "z": "\u{0}\u{1F}\"\\/\n\r\té😀", "a": [1, -1, 1.5, 2.0, true, .null], "m": ["nested": [:]],
        ]
        let text =
            #"{"z":"\u0000\u001f\"\\/\n\r\té😀","a":[1,-1,1.5,2,true,null],"m":{"nested":{}}}"#
        #expect(value.text == text)
        #expect(JSONValue.double(.nan).text == "null")
        #expect(try JSONValue(parsing: Array(text.utf8))["z"] == value["z"])
    }

    @Test("A member is replaced in its place and removed by nil")
    func changesMembers() {
        var object: JSONObject = ["a": 1, "b": 2]
        object["a"] = 3
        object["c"] = 4
        object["b"] = nil
        #expect(JSONValue.object(object).text == #"{"a":3,"c":4}"#)
    }
}
