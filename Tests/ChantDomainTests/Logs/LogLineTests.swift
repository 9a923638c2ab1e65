import Testing

@testable import ChantDomain

@Suite struct LogLineTests {
    private static let limit = LogLineCutter.longest

    private static func lines(_ text: String, isFinal: Bool = false, view: LogView = .text) -> [LogLine] {
        LogLineCutter(view: view, keepsEscapes: false).lines(Array(text.utf8), at: 100, isFinal: isFinal)
    }

    @Test("a line ends at LF, without the CR before it; other CRs become LF")
    func ends() {
        #expect(
            Self.lines("a\r\nb\rc\n\nrest") == [
                LogLine(Array("a".utf8), end: 103), LogLine(Array("b\nc".utf8), end: 107), LogLine([], end: 108),
            ]
        )
        #expect(Self.lines("a\rb\r\n", view: .raw) == [LogLine(Array("a\nb".utf8), end: 105)])
    }

    @Test("an unfinished line is one when nothing follows")
    func unfinished() {
        #expect(Self.lines("a").isEmpty)
        #expect(Self.lines("a", isFinal: true) == [LogLine(Array("a".utf8), end: 101)])
        #expect(Self.lines("", isFinal: true).isEmpty)
    }

    @Test("a line over 64 KiB comes in parts", arguments: [-1, 0, 1, 65_535, 65_536, 65_537])
    func parts(over: Int) {
        let text = String(repeating: "x", count: Self.limit + over) + "\n"
        let lines = Self.lines(text)
        #expect(
            lines.map(\.isPart) == (over <= 0 ? [false] : over <= Self.limit ? [true, false] : [true, true, false])
        )
        #expect(lines.map(\.text.count).reduce(0, +) == Self.limit + over)
        #expect(lines.allSatisfy { $0.text.count <= Self.limit })
        #expect(lines.last?.end == 100 + Self.limit + over + 1)
    }

    @Test("a part never ends inside of a character, an escape sequence or a line's end", arguments: 0...8)
    func partBorders(shift: Int) {
        for middle in ["€€€", "\u{1B}[38;5m", "\r\r\r"] {
            let text =
                String(repeating: "x", count: Self.limit - shift) + middle + String(repeating: "y", count: 90) + "\n"
            let raw = Array(text.utf8)
            let lines = Self.lines(text)
            #expect(lines.map(\.isPart) == [true, false])
            let whole = LogText(keepsEscapes: false).clean(raw[...], isFinal: true).text
            #expect(lines.flatMap(\.text) + [0x0A] == whole)
            // What a reader gets who comes back with the part's id.
            let border = (lines.first?.end ?? 100) - 100
            let rest = LogLineCutter(view: .text, keepsEscapes: false)
                .lines(Array(raw[border...]), at: 100 + border, isFinal: false)
            #expect(rest == Array(lines.dropFirst()))
        }
    }
}
