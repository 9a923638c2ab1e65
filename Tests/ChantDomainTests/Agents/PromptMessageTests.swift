import Foundation
import Testing

@testable import ChantDomain

@Suite("What goes into a message besides the prompt")
struct PromptMessageTests {
    private func values() -> PromptValues {
        PromptValues(
            projectName: "demo",
            specID: "001-abc",
            title: "Title",
            body: "Body {{spec.id}}",
            specPath: "/w/s.md",
            folder: "/w",
            branch: "chant/001-abc"
        )
    }

    @Test("R68: prompt, environment, form of the answer, commits, extensions, note: in this order, each once")
    func order() throws {
        var prompt = Prompt(name: "p", text: "PROMPT {{spec.description}}\n\n\n")
        prompt.extensions = [
            Prompt.Extension(name: "a", text: "FIRST {{spec.id}}\n\n"), Prompt.Extension(name: "b", text: " \n"),
            Prompt.Extension(name: "c", text: "SECOND"),
        ]
        let message = PromptTemplate(prompt: prompt).message(
            with: values(),
            outputFormat: "FORM",
            note: "NOTE {{spec.id}}"
        )
        let order = [
            "PROMPT Body {{spec.id}}\n\n## Execution Environment", "FORM\n\n## Required: Commit Your Work",
            "\n\nFIRST {{spec.id}}\n\nSECOND\n\n## Note for This Attempt\n\n", "NOTE {{spec.id}}\n",
        ]
        var rest = message[...]
        for part in order {
            let found = try #require(rest.firstRange(of: part), "\(part) in \(rest)")
            rest = rest[found.upperBound...]
        }
        #expect(rest.isEmpty)
        #expect(!PromptTemplate(prompt: prompt).message(with: values()).contains("Note for"))
    }

    @Test(
        "the variables of a conflict are known only for specs about one",
        arguments: [
            ("{{branch_name}} into {{target_branch}}", "a into b"), ("{{conflicting_files}}", "- f\n- g"),
            ("{{conflict_diff}}", "+x {{spec.id}}"),
        ]
    )
    func conflict(text: String, expected: String) {
        let template = PromptTemplate(prompt: Prompt(name: "p", text: text))
        #expect(template.filled(with: values()) == text)
        var conflicted = values()
        conflicted.conflict = .init(branch: "a", target: "b", files: ["f", "g"], diff: "+x {{spec.id}}")
        #expect(template.filled(with: conflicted) == expected)
    }

    @Test("R68: {{previous}} is the outcome, the open criteria and the end of the log")
    func previous() {
        let full = PreviousRun(
            outcome: .needsAttention,
            reason: .openCriteria,
            detail: "Two are open.",
            openCriteria: ["one", "two"],
            logEnd: ["a", "b"]
        )
        #expect(
            full.text == """
                ## The Previous Attempt

                The last run of this spec ended as needs_attention (open-criteria).

                Two are open.

                It left these criteria open:

                - [ ] one
                - [ ] two

                The end of its log:

                ```text
                a
                b
                ```
                """
        )
        #expect(PreviousRun(outcome: .completed).text.hasSuffix("The last run of this spec ended as completed."))
    }

    @Test("R68: the log's end has at most 50 lines, short ones, and nothing printed ends its block")
    func hostileLog() {
        let lines = (1...80).map { "line \($0)" } + ["```", "a ````` b", String(repeating: "x", count: 2_000_000)]
        let text = PreviousRun(outcome: .failed, logEnd: lines).text
        let shown = text.split(separator: "\n", omittingEmptySubsequences: false)
        let fence = "``````"
        #expect(shown.count { $0 == fence } == 1 && shown.count { $0 == fence + "text" } == 1)
        #expect(shown.last == Substring(fence))
        #expect(!text.contains("line 33\n") && text.contains("line 34\n"))
        #expect(text.count < 3000)
    }

    @Test("context files: readable ones inside the worktree, cut at the limit")
    func context() throws {
        let project = try ProjectFixture(["w/sub/a.txt": "aaaa", "w/b.txt": "bbbb", "secret": "s"])
        let tree = "\(project.folder)/w"
        func read(_ paths: [String], limit: Int = 100) -> String {
            let sources = WorktreeSources(folder: "\(tree)/sub", worktree: tree)
            return PromptContext(sources: sources, limit: limit).text(of: paths)
        }
        #expect(read(["a.txt", "../b.txt"]) == "=== a.txt ===\naaaa\n\n=== ../b.txt ===\nbbbb")
        #expect(read(["missing", "../../secret", "/etc/passwd", "..", "derived_team=x", ""]).isEmpty)
        #expect(read(["a.txt", "../b.txt"], limit: 6).hasSuffix("bb\n[cut after 2 of 4 bytes]"))
        try FileManager.default.createSymbolicLink(atPath: "\(tree)/sub/l", withDestinationPath: "../b.txt")
        try FileManager.default.createSymbolicLink(atPath: "\(tree)/sub/o", withDestinationPath: "../../secret")
        #expect(read(["l", "o"]) == "=== l ===\nbbbb")
    }

    static let schema = """
        {"type": "object", "required": ["name", "size"], "properties": {
            "name": {"type": "string"}, "size": {"type": "integer"}, "kind": {"enum": ["big", "small"]},
            "tags": {"type": "array", "items": {"type": "boolean"}},
            "place": {"properties": {"x": {"type": ["null", "number"]}}}, "zoo": {"type": "string"}
        }}
        """

    @Test("§6.3: the output schema with its required fields, and an example with up to three others")
    func outputFormat() throws {
        let section = try #require(OutputFormat(schema: Array(Self.schema.utf8))).section
        #expect(section.hasPrefix("## Output Format\n"))
        #expect(section.contains("Required fields: `name`, `size`."))
        let blocks = section.components(separatedBy: "```json\n").dropFirst().map {
            $0.components(separatedBy: "\n```")[0]
        }
        let values = try blocks.map { try JSONSerialization.jsonObject(with: Data($0.utf8)) as? NSDictionary }
        #expect(values[0] == (try JSONSerialization.jsonObject(with: Data(Self.schema.utf8)) as? NSDictionary))
        let example: NSDictionary = ["name": "...", "size": 0, "kind": "big", "tags": [true], "place": ["x": 0]]
        #expect(values[1] == example)
    }

    @Test(
        "§6.3: what is no JSON object is no schema; a schema that nests without end is cut",
        arguments: ["", "[]", "3", "{", "{}x"]
    )
    func noSchema(text: String) throws {
        #expect(OutputFormat(schema: Array(text.utf8)) == nil)
        var deep = #"{"type": "string"}"#
        for _ in 0..<100 { deep = #"{"properties": {"a": \#(deep)}}"# }
        #expect(try #require(OutputFormat(schema: Array(deep.utf8))).section.contains("null"))
    }

    @Test(
        "R68: corpus: a spec's text stands in each built-in message once, as it is",
        .enabled(if: SpecCorpus.folder != nil, "no corpus of real spec files here")
    )
    func corpus() throws {
        let library = PromptLibrary(chantFolder: "/nowhere/.chant")
        let prompts = try BuiltInPrompts.names.map { try library.prompt(named: $0) }
        var seen = 0
        for (name, bytes) in try SpecCorpus.files() {
            guard let id = SpecID(String(name.prefix { $0 != "@" })),
                let spec = try? Spec(id: id, path: name, document: SpecDocument(bytes: bytes)), !spec.body.isEmpty
            else { continue }
            seen += 1
            for prompt in prompts {
                var values = values()
                values.specID = id.text
                values.title = spec.title
                values.body = spec.body
                values.targetFiles = spec.targetFiles
                let message = PromptTemplate(prompt: prompt).message(with: values)
                #expect(message.ranges(of: spec.body).count == 1, "\(name) in \(prompt.name)")
                // Whatever looks like a placeholder now is the spec's own text, or one that only conflicts have.
                let others = message.replacing(spec.body, with: "").ranges(of: "{{").count
                #expect(others == (prompt.name == "merge-conflict" ? 8 : 0), "\(name) in \(prompt.name)")
            }
        }
        #expect(seen > 600)
    }
}
