import ChantTesting
import Testing

@testable import ChantDomain

@Suite struct LogTextTests {
    /// Raw bytes and what view `text` shows of them.
    static let table: [(name: String, raw: [UInt8], text: String)] = [
        ("plain", Array("a\tb\nc".utf8), "a\tb\nc"),
        ("colours", Array("\u{1B}[1;31mred\u{1B}[0m.".utf8), "red."),
        ("title with BEL", Array("\u{1B}]0;title\u{07}x".utf8), "x"),
        ("link with ST", Array("\u{1B}]8;;http://x\u{1B}\\link\u{1B}]8;;\u{1B}\\".utf8), "link"),
        ("character set", Array("\u{1B}(Bx\u{1B}=y".utf8), "xy"),
        ("control in UTF-8", Array("\u{9B}31mx\u{85}y".utf8), "xy"),
        ("string ended by U+009C", Array("\u{9D}0;t\u{9C}x".utf8), "x"),
        ("a line's end breaks a sequence", Array("\u{1B}[31\nx\u{1B}]0;t\ny".utf8), "\nx0;t\ny"),
        ("other controls", [0x61, 0x00, 0x08, 0x07, 0x0B, 0x7F, 0x62], "ab"),
        ("carriage returns", Array("10%\r20%\r\ndone\r".utf8), "10%\n20%\ndone\n"),
        ("characters", Array("ü€😀".utf8), "ü€😀"),
        ("lone bytes", [0x61, 0xFF, 0x80, 0xC0, 0x62], "a\u{FFFD}\u{FFFD}\u{FFFD}b"),
        ("half a character", [0xE2, 0x82, 0x41, 0xF0, 0x9F, 0x98], "\u{FFFD}A\u{FFFD}"),
        ("surrogate and overlong", [0xED, 0xA0, 0x80, 0xC1, 0x81], "\u{FFFD}\u{FFFD}\u{FFFD}\u{FFFD}\u{FFFD}"),
        ("unfinished colour", Array("x\u{1B}[3".utf8), "x"),
        ("lone escape", Array("x\u{1B}".utf8), "x"),
        ("escape before a control", Array("x\u{1B}\u{01}y".utf8), "xy"),
    ]

    @Test("the text of raw bytes", arguments: table.indices)
    func text(index: Int) {
        let (name, raw, text) = Self.table[index]
        let found = LogText(keepsEscapes: false).clean(raw[...], isFinal: true)
        #expect(String(decoding: found.text, as: UTF8.self) == text, "\(name)")
        #expect(found.consumed == raw.count)
    }

    @Test("R31: the text does not depend on where the bytes are cut", arguments: table.indices)
    func cuts(index: Int) {
        let raw = Self.table[index].raw
        let whole = LogText(keepsEscapes: false).clean(raw[...], isFinal: true).text
        for cut in 0...raw.count {
            let first = LogText(keepsEscapes: false).clean(raw[..<cut], isFinal: false)
            let rest = LogText(keepsEscapes: false).clean(raw[first.consumed...], isFinal: true)
            #expect(first.text + rest.text == whole, "cut at \(cut)")
        }
    }

    @Test("a lone introducer does not swallow the log, and what shows does not depend on cuts")
    func tooLong() {
        let raw = Array("\u{1B}]".utf8) + [UInt8](repeating: 0x61, count: 10_000)
        let whole = LogText(keepsEscapes: false).clean(raw[...], isFinal: true)
        #expect(whole.text.count == 10_000)
        for cut in [100, 4095, 4096, 4097, 9000] {
            let first = LogText(keepsEscapes: false).clean(raw[..<cut], isFinal: false)
            let rest = LogText(keepsEscapes: false).clean(raw[first.consumed...], isFinal: true)
            #expect(first.text + rest.text == whole.text, "cut at \(cut)")
        }
    }

    @Test("escape sequences may be kept; other controls go all the same")
    func kept() {
        let raw = Array("\u{1B}[31mred\u{1B}[0m\u{07}\u{1B}]0;t\u{07}!".utf8)
        let text = LogText(keepsEscapes: true).clean(raw[...], isFinal: true).text
        #expect(String(decoding: text, as: UTF8.self) == "\u{1B}[31mred\u{1B}[0m\u{1B}]0;t\u{07}!")
    }

    @Test("random bytes: the text is UTF-8 without controls, however they are cut", arguments: 1...20)
    func random(seed: Int) {
        var random = LogNoise(seed: UInt64(seed))
        let raw = random.bytes(upTo: 1500)
        let whole = LogText(keepsEscapes: false).clean(raw[...], isFinal: true).text
        #expect(String(validating: whole, as: UTF8.self) != nil)
        let controls = String(decoding: whole, as: UTF8.self).unicodeScalars.filter {
            $0.properties.generalCategory == .control && $0 != "\n" && $0 != "\t"
        }
        #expect(controls.isEmpty)
        var pieces: [UInt8] = []
        var start = 0
        var end = 0
        while start < raw.count {
            end = min(raw.count, end + Int.random(in: 1...50, using: &random))
            let found = LogText(keepsEscapes: false).clean(raw[start..<end], isFinal: end == raw.count)
            pieces += found.text
            start += found.consumed
        }
        #expect(pieces == whole)
    }
}

/// Bytes as terminals get them: text, escapes, broken characters, line ends.
struct LogNoise: RandomNumberGenerator {
    private var numbers: SplitMix64

    init(seed: UInt64) { numbers = SplitMix64(seed: seed) }

    mutating func next() -> UInt64 { numbers.next() }

    mutating func bytes(upTo count: Int) -> [UInt8] {
        let pool: [[UInt8]] = [
            Array("line of text".utf8), [0x0A], [0x0D], [0x0D, 0x0A], [0x1B], [0x1B, 0x5B], Array("31m".utf8),
            Array("\u{1B}]0;title".utf8), [0x07], [0x1B, 0x5C], Array("ü€😀".utf8), [0xE2, 0x82], [0xF0], [0xC2, 0x9B],
            [0xFF], [0x00], [0x80], [0x09], Array("\u{1B}(".utf8), [0xC2],
        ]
        var bytes: [UInt8] = []
        while bytes.count < count {
            bytes += pool[Int.random(in: 0..<pool.count, using: &self)]
        }
        return bytes
    }
}
