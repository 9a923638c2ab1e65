import Testing

@testable import ChantDomain

@Suite("SpecLint")
struct SpecLintTests {
    private static let own = "2026-01-05-001-aaa"

    /// A spec and the rules that find something about it.
    struct Row: Sendable, CustomTestStringConvertible {
        let name: String
        var id = own
        var header = ""
        var body = "# Title\n"
        var others: [String] = []
        var settings = ProjectConfiguration.Lint()
        let rules: [LintRule]
        var testDescription: String { name }
    }

    private static func boxes(_ count: Int) -> String {
        "# T\n\n## Acceptance Criteria\n\n" + String(repeating: "- [ ] x\n", count: count)
    }

    private static func settings(_ change: (inout ProjectConfiguration.Lint) -> Void) -> ProjectConfiguration.Lint {
        var settings = ProjectConfiguration.Lint()
        change(&settings)
        return settings
    }

    static let rows = [
        Row(name: "nothing to say", rules: []),
        Row(name: "no title", body: "text\n", rules: [.title]),
        Row(name: "a title in code is none", body: "```\n# no\n```\n", rules: [.title]),
        Row(name: "no title, and nobody asks", body: "t\n", settings: settings { $0.disabled = ["title"] }, rules: []),
        Row(name: "an unknown dependency", header: "depends_on: [gone]", rules: [.dependency]),
        Row(name: "an archived one is known", header: "depends_on: [a]", others: ["a! completed"], rules: []),
        Row(name: "one that cannot be read is known", header: "depends_on: [a]", others: ["a unreadable"], rules: []),
        Row(name: "documentation of nothing", header: "type: documentation", rules: [.type, .type]),
        Row(name: "research", header: "type: research\norigin: [a]\ntarget_files: [b]", rules: []),
        Row(name: "research into nothing", header: "type: research", rules: [.type, .type]),
        Row(name: "a driver of nobody", header: "type: driver\nmembers: []", rules: [.type]),
        Row(name: "a driver that lists none", header: "type: driver", rules: []),
        Row(name: "ten criteria", body: boxes(10), rules: []),
        Row(name: "eleven criteria", body: boxes(11), rules: [.complexity]),
        Row(name: "six files", header: "target_files: [a, b, c, d, e, f]", rules: [.complexity]),
        Row(name: "many words", body: "# T\n" + String(repeating: "word ", count: 200), rules: []),
        Row(
            name: "many words, and they count",
            body: "# T\n" + String(repeating: "word ", count: 200),
            settings: settings { $0.disabled = [] },
            rules: [.complexity]
        ),
        Row(
            name: "other figures",
            body: boxes(3),
            settings: settings { $0.complexity.criteria = 2 },
            rules: [.complexity]
        ),
        Row(name: "a spec in its text", body: "# T\nSee 2026-01-04-002-bbb.\n", rules: [.coupling]),
        Row(name: "as a link", body: "# T\nSee [[2026-01-04-002-bbb]].\n", rules: []),
        Row(name: "in code", body: "# T\n```\n2026-01-04-002-bbb\n```\n", rules: []),
        Row(name: "its own id", body: "# T\n2026-01-05-001-aaa and 2026-01-05-001-aaa.2\n", rules: []),
        Row(
            name: "a member leans on a sibling",
            id: "\(own).2",
            body: "# T\n2026-01-05-001-aaa.1, 2026-01-04-002-bbb, 2026-01-05-001-aaa\n",
            others: ["\(own) pending"],
            rules: [.coupling]
        ),
        Row(name: "a driver may", header: "type: driver", body: "# T\n2026-01-04-002-bbb\n", rules: []),
        Row(name: "a large model", header: "model: claude-opus-4", body: "# T\n", rules: [.modelwaste]),
        Row(name: "for much", header: "model: opus", body: "# T\nmore than three words\n", rules: []),
        Row(name: "a small one", header: "model: haiku", body: "# T\n", rules: []),
    ]

    @Test("each rule of the reduced set finds what it is about", arguments: rows)
    func rules(row: Row) throws {
        let spec = try readSpec("---\n\(row.header)\n---\n\(row.body)", id: row.id)
        let index = try IndexFixture.index(row.others)
        let whole = SpecIndex(specs: index.all + [spec], unreadable: index.unreadable)
        #expect(SpecLint(settings: row.settings).findings(in: spec, whole).map(\.rule) == row.rules)
    }

    @Test("of the reduced set only a missing title stops work: a missing dependency is a blocker (R10)")
    func errors() throws {
        let spec = try readSpec("---\ndepends_on: [gone]\ntype: research\n---\ntext\n")
        let index = SpecIndex(specs: [spec])
        #expect(
            SpecLint().findings(in: spec, index).filter { $0.severity == .error }.map(\.rule) == [.title, .dependency]
        )
        #expect(SpecLint().errorsAgainstWork(in: spec, index).map(\.rule) == [.title])
    }

    @Test("what keeps a spec back is named with what to do")
    func evidence() throws {
        let finding = Finding(.title, .error, "No title.", suggestion: "Add one.")
        let id = try specID(Self.own)
        let members: [String: Evidence] = [
            "rule": .text("title"), "severity": .text("error"), "detail": .text("No title."),
            "suggestion": .text("Add one."),
        ]
        #expect(GateRefusal.lintFailed(id, [finding]).evidence == ["findings": .list([.record(members)])])
    }
}
