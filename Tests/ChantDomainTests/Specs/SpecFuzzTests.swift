import Testing

@testable import ChantDomain

@Suite("R3: no bytes make the reader fall over")
struct SpecFuzzTests {
    private static let tokens = [
        "---", "---\n", "\n", "\r\n", "\r", "\t", " ", "  ", "status", "type", "labels", "approval", ": ", ":", "- ",
        "? ",
        "pending", "code", "'", "\"", "|", ">", "|2-", ">+\n", "[", "]", "{", "}", ",", "#", " # c", "&a ", "*a", "!",
        "!!str ",
        "!<x>", "!!binary ", "<<: ", "%YAML 1.1", "...", "\\", "\\uD800", "\\U00110000", "\"\\xFF\"", "\u{85}",
        "\u{2028}", "\u{FEFF}",
        "\u{0}", "\u{1}", "ä", "🎉", "`", "@", "~", "null", "status: pending\n", "labels:\n- a\n", "```\n",
        "## Agent Output\n\nx\n\n```\n",
        "## Acceptance Criteria\n", "- [ ] a\n", "# T\n", "~~~", "- - - ", "1. ", "0",
    ]

    @Test("R3: reading and editing of thousands of generated files", arguments: 1...40)
    func survives(seed: Int) throws {
        var numbers = SeededNumbers(seed: UInt64(seed))
        var readable = 0
        for _ in 0..<150 {
            var bytes = Array("---\n".utf8)
            for _ in 0..<Int.random(in: 1...30, using: &numbers) {
                if Int.random(in: 0..<25, using: &numbers) == 0 {
                    bytes.append(UInt8.random(in: 0...255, using: &numbers))
                } else {
                    bytes += Array((SpecFuzzTests.tokens.randomElement(using: &numbers) ?? "").utf8)
                }
            }
            bytes += Array("\n---\n# T\n".utf8)
            let old = SpecDocument(bytes: bytes)
            _ = MarkdownBody(bytes)
            _ = old.tickingBoxes()
            _ = old.sections
            guard (try? Spec(id: specID("x"), path: "", document: old)) != nil else { continue }
            readable += 1
            let lines = try FrontmatterLines(old)
            for key in ["status", "labels", "new"] + lines.entries.map(\.key) {
                guard let new = try? old.setting(key, to: "failed"), (try? FrontmatterLines(new)) != nil else {
                    continue
                }
                let value = try FrontmatterLines(new)[key].map {
                    try FrontmatterReader(lines: FrontmatterLines(new)).written($0.value)
                }
                #expect(
                    value == .text("failed"),
                    "\(key) of \(old.text.debugDescription) is \(new.text.debugDescription)"
                )
            }
        }
        #expect(readable > 0, "nothing was edited")
    }

    @Test("R3: deep nesting is read or refused", arguments: [500, 900, 5_000, 100_000])
    func nesting(depth: Int) {
        for open in ["[", "{a: ", "- ", "? "] {
            let text =
                "---\nx: " + (open == "- " || open == "? " ? "\n" : "") + String(repeating: open, count: depth)
                + "\n---\n"
            _ = try? readSpec(text)
        }
        let closed =
            "---\nx: " + String(repeating: "[", count: depth) + String(repeating: "]", count: depth) + "\n---\n"
        let spec = try? readSpec(closed)
        #expect((spec != nil) == (depth < 1_000))
    }
}
