import Foundation
import Testing

@testable import ChantDomain

@Suite("R2, R3: odd files, edited in every way")
struct OddFileTests {
    struct File: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let bytes: [UInt8]
        /// Whether it is a spec.
        let isReadable: Bool

        init(_ name: String, _ text: String, isReadable: Bool = true) {
            self.init(name, Array(text.utf8), isReadable: isReadable)
        }

        init(_ name: String, _ bytes: [UInt8], isReadable: Bool = true) {
            (testDescription, self.bytes, self.isReadable) = (name, bytes, isReadable)
        }
    }

    private static let body = "\n# T\n\n## Acceptance Criteria\n\n- [ ] a\n- [x] b\n"
    /// An em dash that was read as Windows-1252 and written as UTF-8, as in two of the founding specs.
    private static let damaged = "\u{E2}\u{20AC}\u{201D}"

    static let readable: [File] = [
        File("plain", "---\nstatus: pending\ntype: code\n---\n" + body),
        File(
            "CRLF",
            ("---\nstatus: pending\nlabels:\n- a\n- b\n---\n" + body).replacingOccurrences(of: "\n", with: "\r\n")
        ),
        File("CRLF in the header only", "---\r\nstatus: pending\r\nlabels:\r\n  - a\r\n---\r\n" + body),
        File("mixed line ends", "---\r\nstatus: pending\nlabels: [a]\r\ncontext:\n- x\r\n---\n" + body),
        File("byte order mark", "\u{FEFF}---\nstatus: pending\n---\n" + body),
        File("byte order mark, no header", "\u{FEFF}" + body),
        File("no final newline", "---\nstatus: pending\n---\n# T\n\n## Acceptance Criteria\n- [ ] a"),
        File("nothing after the header", "---\nstatus: pending\n---"),
        File("empty header", "---\n---\n" + body), File("comments only", "---\n# a\n\n  # b\n---\n" + body),
        File("no header", "# T\n\ntext\n---\nmore\n"), File("empty", ""), File("blank", "\n \n\t\n"),
        File("blank lines before the header", "\n\n---\nstatus: pending\n---\n" + body),
        File(
            "comments",
            "---\n# a\nstatus: pending # b\n# c\n\n# d\nlabels: # e\n# f\n- a # g\n\n# h\n- b\n# i\n---\n" + body
        ),
        File(
            "flow lists",
            "---\nlabels: [a, 'b, c', \"d\"] # e\ndepends_on: [\n  x, # y\n  z\n]\nstatus: pending\n---\n" + body
        ),
        File("flow maps", "---\napproval: {required: true, status: pending} # x\nstatus: pending\n---\n" + body),
        File("indented lists", "---\nlabels:\n  - a\n  -   b\nstatus: pending\n---\n" + body),
        File("nested", "---\nx:\n  a:\n    - b: 1\n      c: [d]\n  e: {f: g}\nstatus: pending\n---\n" + body),
        File("anchors", "---\nx: &x [a, b]\ny: *x\nz: &z t\nstatus: pending\nlabels: *x\n---\n" + body),
        File("literal", "---\nx: |\n  status: no\n\n    # no\n  ---\nstatus: pending\n---\n" + body),
        File("literal that keeps", "---\nx: |+\n  a\n\n\nstatus: pending\n# c\n---\n" + body),
        File("folded", "---\nx: >-\n  a\n  b\n\n  c\nstatus: pending\ny: >2\n    d\n---\n" + body),
        File("quoted over lines", "---\nx: \"a\n  b\n\n  c\" # d\ny: 'it''s\n\n  e'\nstatus: pending\n---\n" + body),
        File("plain over lines", "---\nx: a\n  b\n  c # d\nstatus: pending\n---\n" + body),
        File("dashes in values", "---\nx: a --- b\ny: '---'\nz: |\n  ---\nw: ---a\nstatus: pending\n---\n" + body),
        File("hashes", "---\nstatus: completed\ncommits:\n- 812e667\n- 1e83309\n- 5636491\n- '0012345'\n---\n" + body),
        File(
            "damaged dashes",
            "---\nstatus: pending\nx: a \(damaged) b\nlabels:\n- \(damaged)\n---\n# T \(damaged) t\n"
        ),
        File(
            "invalid UTF-8 in the body",
            Array("---\nstatus: pending\n---\n# T \u{0}".utf8) + [0xFF, 0xC3, 0x28, 0xED, 0xA0, 0x80, 0x0A]
        ),
        File(
            "unbalanced fence",
            "---\nstatus: pending\n---\n# T\n\n```swift\nlet a\n\n## Acceptance Criteria\n- [ ] a\n"
        ),
        File(
            "glued fences",
            "---\nstatus: pending\n---\n" + body
                + "\n## Agent Output\n\nnow\n\n```\nCode:\n```a\nb\n```\nDone.```\n\n## More\n\nx"
        ),
        File("quoted keys", "---\n'status': \"pending\"\n\"a b\": 1\n? c\n: d\n? e\nf : g\n---\n" + body),
        File("indented keys", "---\n  status: pending\n  labels:\n  - a\n---\n" + body),
        File("tags", "---\nstatus: pending\nt: !!str 5\nx: !mine {a: b}\nlabels: !!seq [a]\n---\n" + body),
        File("other line ends in values", "---\nx: \"a\u{85}b\u{2028}c\"\nstatus: pending\n---\n" + body),
        File("wide characters", "---\n\"ключ 🎉\": 日本語 # ✓\nstatus: pending\n\u{e4}: [\u{e4}, 🎉]\n---\n" + body),
        File("nulls", "---\nlabels:\nprompt: ~\ndepends_on: null\nstatus: pending\napproval:\n---\n" + body),
        File(
            "one text for a list",
            "---\ndepends_on: 2026-01-24-001-abc\nlabels: a # b\nstatus: pending\n---\n" + body
        ),
        File("list of maps", "---\nx:\n- a: 1\n  b: 2\n-\n  c: 3\n- - d\n  - e\nstatus: pending\n---\n" + body),
        File("nothing but markers with blanks", "--- \t\nstatus: pending\n---\n" + body),
        File("merge key", "---\nx: &x {a: 1}\ny:\n  <<: *x\n  b: 2\nstatus: pending\n---\n" + body),
        File("empty items", "---\nlabels:\n-\n- a\n- ''\nstatus: pending\n---\n" + body),
    ]

    static let unreadable: [File] = [
        File("unterminated", "---\nstatus: pending\n# T\n", isReadable: false),
        File("closing marker with blanks", "---\nstatus: pending\n--- \n# T\n", isReadable: false),
        File("closing marker indented", "---\nstatus: pending\n ---\n# T\n", isReadable: false),
        File("broken YAML", "---\nstatus: [pending\nx: y\n---\n# T\n", isReadable: false),
        File("open quote", "---\nstatus: 'pending\nx: y\n---\n# T\n", isReadable: false),
        File("tab for an indent", "---\nstatus: pending\nx:\n\ty: z\n---\n# T\n", isReadable: false),
        File("tab before a key", "---\n\tstatus: pending\n---\n# T\n", isReadable: false),
        File("a key twice", "---\nstatus: pending\nx: 1\nstatus: failed\n---\n# T\n", isReadable: false),
        File("a key twice in a map", "---\nx:\n  a: 1\n  a: 2\nstatus: pending\n---\n# T\n", isReadable: false),
        File("header in braces", "---\n{status: pending, x: y}\n---\n# T\n", isReadable: false),
        File("a list for a header", "---\n- a\n- b\n---\n# T\n", isReadable: false),
        File("a text for a header", "---\nstatus\n---\n# T\n", isReadable: false),
        File("undefined alias", "---\nstatus: *x\n---\n# T\n", isReadable: false),
        File("end of document", "---\nstatus: pending\n...\nx: y\n---\n# T\n", isReadable: false),
        File("control characters", "---\nstatus: pending\nx: \u{1}\n---\n# T\n", isReadable: false),
        File(
            "merge conflict",
            "---\n<<<<<<< HEAD\nstatus: pending\n=======\nstatus: failed\n>>>>>>> x\n---\n# T\n",
            isReadable: false
        ),
    ]

    @Test("R2: each edit changes its key's lines and nothing else", arguments: readable)
    func edits(file: File) throws {
        _ = try Spec(id: specID("x"), path: "", document: SpecDocument(bytes: file.bytes))
        let every = EveryEdit(file.testDescription, file.bytes)
        #expect(every.faults.isEmpty)
        #expect(every.made > 8)
        // What is refused is refused with its reason, and where a line is to blame, with that.
        let tolerated = ["anchors", "literal that keeps", "merge key", "folded"]
        for (edit, error) in every.refusals where !edit.hasPrefix("append to") {
            #expect(tolerated.contains(file.testDescription), "\(edit): \(error)")
            guard case .header(let problem) = error else { continue }
            #expect(problem.line != nil, "\(edit): \(problem.detail)")
        }
    }

    @Test("R3: what cannot be read has no key edited, and says where", arguments: unreadable)
    func refuses(file: File) throws {
        let old = SpecDocument(bytes: file.bytes)
        let problem = #expect(throws: HeaderProblem.self) { try Spec(id: specID("x"), path: "", document: old) }
        #expect(problem?.line != nil, "\(problem?.detail ?? "")")
        for edit in [
            { try old.setting("status", to: "failed") }, { try old.removing("status") },
            { try old.setting("new", to: "x") },
            { try old.appending("x", toList: "labels") }, { try old.patching("x", with: .map([])) },
            { try old.setting("by", inMap: "approval", to: .null) },
        ] as [() throws -> SpecDocument] {
            let error = #expect(throws: SpecError.self) { try edit() }
            guard case .header(let problem)? = error else {
                Issue.record("\(String(describing: error))")
                continue
            }
            #expect(problem.line != nil, "\(problem.detail)")
        }
    }

    @Test("R2: a file of 5 MB is edited in every way, in a second or two", .timeLimit(.minutes(1)))
    func large() throws {
        let line = Array("- [ ] a line of text that is repeated, with a `#` and ``` in it\n".utf8)
        var bytes = Array("---\nstatus: pending\nlabels: [a]\n---\n# T\n\n## Acceptance Criteria\n\n".utf8)
        while bytes.count < 5 * 1_024 * 1_024 { bytes += line }
        let old = SpecDocument(bytes: bytes)
        let new = try old.setting("status", to: "failed").appending("b", toList: "labels").setting("k", to: .integer(1))
        #expect(new.bytes.suffix(1_000_000) == bytes.suffix(1_000_000))
        // `pending` lost a byte, `, b` and `k: 1` came.
        #expect(new.bytes.count == bytes.count - 1 + 3 + 5)
    }
}
