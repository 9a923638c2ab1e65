import Testing

@testable import ChantDomain

@Suite("R2: edits of generated headers")
struct FrontmatterPropertyTests {
    /// A key with its lines, in one of many layouts; `noise` belongs to no key.
    private struct Piece {
        let key: String?
        let text: String
    }

    private static let values = [
        "plain", "'single ''quoted'''", "\"double \\\" quoted\"", "a # comment", "'x' # comment", "[a, 'b c', 812e667]",
        "[]", "{a: b, c: [d]}", "|\n  line: one\n\n  - two\n  --- three", ">-\n  folded\n  # no comment",
        "\n- a\n- b # c",
        "\n  - a\n\n  - b", "\n  inner: 1\n  # in\n  other:\n    deep: 2", "plain over\n  two lines",
        "\"over\nstatus: two\"",
        "[a,\n# c\n  b,\n]", "~", "", "&anchor x", "ä 🎉 — x", "\"\u{2028}x\"", "2026-01-24", "!!str 5",
        "\n  - |\n    text\n    # text",
        "'a\n\n  b'", "\n- x: 1\n  y: 2\n- z",
    ]

    private static let noise = ["", "# comment", "  # indented", "  ", "#"]

    private func header(_ numbers: inout SeededNumbers, keys: [String]) -> [Piece] {
        var pieces: [Piece] = []
        for key in keys.shuffled(using: &numbers) {
            while Int.random(in: 0..<3, using: &numbers) == 0 {
                let noise = FrontmatterPropertyTests.noise.randomElement(using: &numbers) ?? ""
                // Below a block of text an indented `#` is text of that block.
                let isBelowBlock = pieces.last { $0.key != nil }?.text.contains { "|>".contains($0) } ?? false
                if !isBelowBlock || !noise.hasPrefix("  ") { pieces.append(Piece(key: nil, text: noise)) }
            }
            let value = FrontmatterPropertyTests.values.randomElement(using: &numbers) ?? ""
            let gap = value.hasPrefix("\n") || value.isEmpty ? "" : [" ", "  "].randomElement(using: &numbers) ?? " "
            let anchor = value == "&anchor x" ? "&\(key) x" : value
            pieces.append(Piece(key: key, text: "\(key):\(gap)\(anchor)"))
        }
        return pieces
    }

    private func text(_ pieces: [Piece], ending: String, body: String, mark: String) -> String {
        let lines =
            ["---"]
            + pieces.flatMap { $0.text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init) }
        return mark + (lines + ["---"]).joined(separator: ending) + ending + body
    }

    @Test("R2: an edit changes no byte outside the key's lines", arguments: 1...400)
    func editsStayInside(seed: Int) throws {
        var numbers = SeededNumbers(seed: UInt64(seed))
        let keys = ["one", "two", "three", "x-y", "four five", "team"]
        let pieces = header(&numbers, keys: keys)
        let ending = Bool.random(using: &numbers) ? "\n" : "\r\n"
        let mark = Bool.random(using: &numbers) ? "\u{FEFF}" : ""
        let body = ["", "# T", "\n# T\r\n---\nx", "---\n"].randomElement(using: &numbers) ?? ""
        let old = document(text(pieces, ending: ending, body: body, mark: mark))
        let key = keys.randomElement(using: &numbers) ?? ""
        let place = try #require(pieces.firstIndex { $0.key == key })
        // What stands before the key's line and after its own lines has to be there afterwards, byte for byte.
        let before = text(Array(pieces[..<place]), ending: ending, body: "", mark: mark).dropLast("---\(ending)".count)
        let after = text(Array(pieces[(place + 1)...]), ending: ending, body: body, mark: "").dropFirst(
            "---\(ending)".count
        )

        // Without the key, an indented comment below it may become text of a block above it: then it is not removed.
        let isBelowBlock = pieces[..<place].last { $0.key != nil }?.text.contains { "|>".contains($0) } ?? false
        let removed: SpecDocument
        do { removed = try old.removing(key) } catch {
            #expect(isBelowBlock, "\(error)")
            return
        }
        let edits = try [
            removed, old.setting(key, to: "812e667"), old.settingList(key, to: ["a: b", "c"]),
            old.setting(key, to: .flag(true)), old.setting(key, to: .map([HeaderEntry("k", .text("v"))])),
        ]
        for (number, new) in edits.enumerated() {
            #expect(new.bytes.starts(with: before.utf8), "edit \(number)")
            let end = String(decoding: new.bytes.suffix(after.utf8.count), as: UTF8.self)
            #expect(end == after, "edit \(number)")
            let lines = try FrontmatterLines(new)
            #expect(Set(lines.entries.map(\.key)) == (number == 0 ? Set(keys).subtracting([key]) : Set(keys)))
        }
        #expect(edits[0].text == before + after)
        let read = try FrontmatterReader(lines: FrontmatterLines(edits[1]))
        #expect(read.written(try #require(read.lines[key]).value) == .text("812e667"))
        let added = try old.setting("new", to: "x")
        #expect(try added.removing("new") == old)
    }
}
