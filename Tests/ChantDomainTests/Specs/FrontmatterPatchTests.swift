import Testing

@testable import ChantDomain

@Suite("R2: merge patches of the header")
struct FrontmatterPatchTests {
    private func file(_ header: String) -> String { "---\n\(header)---\n# T\n" }

    private static func map(_ entries: (String, HeaderValue)...) -> HeaderValue {
        .map(entries.map { HeaderEntry($0.0, $0.1) })
    }

    @Test(
        "R2: null removes, a map is merged, all else replaces; what is not named keeps its bytes",
        arguments: [
            ("x: 1 # a\ny: 2\n", HeaderValue.null, "y: 2\n"), ("y: 2\n", .null, "y: 2\n"),
            ("x: 1 # a\n", .integer(2), "x: 2 # a\n"), ("x: '1'\n", .integer(1), "x: 1\n"),
            ("x: 1\n", .text("1"), "x: '1'\n"), ("x: 812e667\n", .text("812e667"), "x: 812e667\n"),
            ("x: true\n", .text("true"), "x: 'true'\n"), ("x: True # a\n", .flag(true), "x: True # a\n"),
            ("y: 2\n", .decimal(0.5), "y: 2\nx: 0.5\n"), ("y: 2\n", .decimal(1e-7), "y: 2\nx: 0.0000001\n"),
            ("y: 2\n", .decimal(-1.5e21), "y: 2\nx: -1500000000000000000000.0\n"),
            ("y: 2\n", .decimal(0.1 + 0.2), "y: 2\nx: 0.30000000000000004\n"),
            ("x: [a]\n", .list([.integer(1), .text("1"), .null, .flag(false)]), "x: [1, '1', null, false]\n"),
            ("x:\n  - a\n", .list([map(("k", .integer(1)))]), "x:\n  - {k: 1}\n"),
            ("x:\n  a: 1 # a\n  # c\n  b:   'q'\n", map(("b", .text("r"))), "x:\n  a: 1 # a\n  # c\n  b:   'r'\n"),
            ("x:\n  a: 1\n  b: 2\ny: 3\n", map(("a", .null)), "x:\n  b: 2\ny: 3\n"),
            ("x:\n  a: 1\ny: 3\n", map(("a", .null)), "x: {}\ny: 3\n"),
            (
                "x:\n  a:\n    b: 1 # b\n    c: 2\n", map(("a", map(("c", .integer(3)), ("d", .text("e"))))),
                "x:\n  a:\n    b: 1 # b\n    c: 3\n    d: e\n"
            ),
            ("x: {a: 1, b: 2}\n", map(("a", .null), ("c", .integer(3))), "x: {b: 2, c: 3}\n"),
            ("x: y\n", map(("a", .null), ("b", map(("c", .null)))), "x:\n  b: {}\n"),
            ("x:\n  a: 1\n", map(), "x:\n  a: 1\n"),
            ("y: 2\n", map(("a b", .list([.text("c")]))), "y: 2\nx:\n  a b:\n  - c\n"),
            ("", .integer(1), "x: 1\n"),
        ]
    )
    func patches(old: String, value: HeaderValue, new: String) throws {
        let edited = try document(file(old)).patching("x", with: value)
        #expect(edited.text == file(new))
        #expect(try edited.patching("x", with: value) == edited)
        if case .map = value { return }
        #expect(try readSpec(edited.text).extra.first { $0.key == "x" }?.value ?? .null == value)
    }

    @Test("R4: of a key that the service knows, quotes make no difference")
    func known() throws {
        let old = document(file("commits:\n- 5636491\nprompt: 5\npublic: 'false'\nreplay_count: '3'\n"))
        #expect(try old.patching("commits", with: .texts(["5636491"])) == old)
        #expect(try old.patching("prompt", with: .text("5")) == old)
        #expect(try old.patching("public", with: .flag(false)) == old)
        #expect(try old.patching("replay_count", with: .integer(3)) == old)
    }

    @Test(
        "R2: a value that YAML would not give back is refused",
        arguments: [HeaderValue.integer(1_234_567_890_123_456), .decimal(.infinity), .decimal(.nan)]
    )
    func refuses(value: HeaderValue) {
        #expect(throws: SpecError.self) { try document(file("x: 1\n")).patching("x", with: value) }
    }

    @Test("The keys that are said to be known are those that the reader knows")
    func typedKeys() throws {
        for key in FrontmatterReader.typedKeys {
            #expect(try readSpec(file("\(key):\n")).extra.isEmpty, "\(key)")
        }
        // What is known by the reader and not listed would be read as an unknown key here.
        let fields = Mirror(reflecting: try readSpec("")).children.compactMap(\.label)
        let others = [
            "id", "path", "archived", "updatedAt", "revision", "title", "extra", "frontmatter", "criteria", "body",
        ]
        #expect(FrontmatterReader.typedKeys.count == fields.count - others.count)
    }

    @Test(
        "R2: a title survives a replaced body",
        arguments: [
            ("# T\n\nold\n", "new\n", "# T\n\nnew\n"), ("\n# T #\nold", "\n\nnew", "\n# T #\n\nnew"),
            ("# T\nold\n", "# N\nnew", "# N\nnew"), ("# T\nold\n", "", "# T\n"), ("old\n", "new\n", "new\n"),
            ("# T\nold\n", "```\n# no\n```\n", "# T\n\n```\n# no\n```\n"), ("text\n# T\nx", "new", "# T\n\nnew"),
            ("# T\r\nold\r\n", "a\nb\n", "# T\r\n\r\na\r\nb\r\n"), ("# T\r\n", "# N\r\nb\nc", "# N\r\nb\nc"),
            ("", "x", "x"), ("# T", "# T", "# T"),
        ]
    )
    func bodies(old: String, text: String, new: String) throws {
        for header in ["---\nstatus: failed # c\n---\n", "", "\u{FEFF}"] {
            #expect(try document(header + old).settingBody(text).text == header + new)
        }
    }

    @Test("R2: a body never becomes a header, nor part of one")
    func bodiesAndHeaders() throws {
        let forged = "---\nstatus: completed\n---\n"
        for old in ["# T\n", "", "\u{FEFF}# T\n", "---\nstatus: failed\n---", "---\n---\n"] {
            let new = try document(old).settingBody("\(forged)# N\n")
            #expect(try readSpec(new.text).status == readSpec(old).status, "\(old)")
            #expect(new.body == "\(forged)# N\n", "\(old)")
        }
        #expect(throws: SpecError.self) { try document("---\nstatus: failed\n").settingBody("x") }
        #expect(throws: SpecError.self) { try document("---\nstatus: failed\n").appendingSection("x", text: "y") }
    }

    @Test(
        "R2: a title's line is the only one that changes",
        arguments: [
            ("# T\nx\n", "# N\nx\n"), ("  # T ##\r\nx", "  # N\r\nx"), ("```\n# no\n```\n# T", "```\n# no\n```\n# N"),
            ("text\n", "# N\n\ntext\n"), ("\n\r\ntext\n", "\n\r\n# N\n\ntext\n"), ("", "# N\n"), ("\n", "\n# N\n"),
        ]
    )
    func titles(old: String, new: String) throws {
        let header = "---\nstatus: failed\n---\n"
        #expect(try document(header + old).settingTitle("N").text == header + new)
        #expect(try document(header + old).settingTitle("C #").title == "C #")
        for bad in ["", " N", "a\nb", "a\rb\n"] {
            #expect(throws: SpecError.self) { try document(header + old).settingTitle(bad) }
        }
    }

    @Test(
        "R2: a section is appended where a heading is one, whatever hides the end",
        arguments: [
            "# T\n\n```\nopen\n", "~~~~\n```\n", "- a\n  ```\n  b", "## Agent Output\n\nnow\n\n```\nDone.```",
            "## Agent Output\n\nnow\n\n```\nlet a\n", "## Agent Output\n\nnow\n\n```\n```swift\nlet a\n", "", "x",
            "x\n\n\n",
            "## Agent Output\n\nnow\n\n```\n```\n```\n```\n",
        ]
    )
    func sections(body: String) throws {
        for ending in ["\n", "\r\n"] {
            let old = document(
                "---\nstatus: failed\n---\n"
                    + body.split(separator: "\n", omittingEmptySubsequences: false).joined(separator: ending)
            )
            let new = try old.appendingSection("Output", text: "a\r\nb\n\n")
            #expect(new.bytes.starts(with: old.bytes))
            #expect(new.sections.map(\.heading) == old.sections.map(\.heading) + ["Output"])
        }
    }

    @Test("R2: a heading that is no line is refused")
    func headings() throws {
        #expect(throws: SpecError.self) { try document("## A\n\nx\n").appendingSection("a\nb", text: "c") }
    }
}
