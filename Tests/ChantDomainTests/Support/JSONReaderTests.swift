import Testing

@testable import ChantDomain

@Suite("JSONReader")
struct JSONReaderTests {
    private func read(_ text: String) -> JSONNode? { JSONReader.value(of: Array(text.utf8)[...]) }

    @Test("numbers keep all their digits, and are equal by what they say")
    func numbers() {
        #expect(read("1") == read("1.0") && read("10e-1") == read("1") && read("0.1e1") == read("1"))
        #expect(read("-0") == read("0.00e9") && read("1200") == read("12E+2"))
        #expect(read("9007199254740993") != read("9007199254740992"))
        #expect(read("0.1000000000000000000000001") != read("0.1"))
        #expect(read("-1") != read("1"))
        #expect(read("1e999999999999999999999999") != nil)
    }

    @Test("strings are decoded, half characters shown as such")
    func strings() {
        #expect(
            read(#""a\"\\\/\b\f\n\r\té\u00e9\ud83d\ude00""#) == .text("a\"\\/\u{8}\u{C}\n\r\t\u{E9}\u{E9}\u{1F600}")
        )
        #expect(read(#""\ud83dx""#) == .text("\u{FFFD}x"))
        #expect(read(#""\ude00""#) == .text("\u{FFFD}"))
    }

    static let broken = [
        "", " ", "01", "1.", ".5", "+1", "1e", "-", "tru", "nul", "\"", "\"\u{1}\"", #""\x""#, #""\u12g4""#, "[1,]",
        "[,1]",
        "[1 2]", "{", "{\"a\"}", "{\"a\":}", "{a:1}", "{\"a\":1,}", "1 2", "NaN", "'a'", "{\"a\":1",
    ]

    @Test("what the grammar does not have is refused", arguments: broken)
    func refused(text: String) { #expect(read(text) == nil) }

    @Test("values may be nested so deep, and no deeper")
    func depth() {
        func nested(_ count: Int) -> String {
            String(repeating: "[", count: count) + String(repeating: "]", count: count)
        }
        #expect(read(nested(JSONReader.deepest)) != nil)
        #expect(read(nested(JSONReader.deepest + 1)) == nil)
        #expect(read(nested(1_000_000)) == nil)
    }

    @Test("of one key the last value counts")
    func twice() { #expect(read(#"{"a": 1, "a": 2}"#) == read(#"{"a": 2}"#)) }
}
