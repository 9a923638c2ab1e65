import Testing

@testable import ChantDomain

@Suite("The message for an agent")
struct PromptTests {
    private func values(body: String = "# Title\n\nText.\n") -> PromptValues {
        PromptValues(
            projectName: "demo",
            specID: "001-abc",
            title: "Title",
            body: body,
            specPath: "/w/.chant/specs/001-abc.md",
            targetFiles: ["a.txt", "b.txt"],
            context: "",
            folder: "/w",
            branch: "chant/001-abc"
        )
    }

    private func filled(_ text: String, _ values: PromptValues) -> String {
        PromptTemplate(prompt: Prompt(name: "p", text: text)).filled(with: values)
    }

    @Test(
        "R68: placeholders (§7.6)",
        arguments: [
            ("{{project.name}}", "demo"), ("{{spec.id}}", "001-abc"), ("{{spec.title}}", "Title"),
            ("<{{spec.description}}>", "<# Title\n\nText.\n>"), ("{{spec.path}}", "/w/.chant/specs/001-abc.md"),
            ("{{spec.target_files}}", "a.txt\nb.txt"), ("{{spec.context}}", ""), ("{{worktree.path}}", "/w"),
            ("{{worktree.branch}}", "chant/001-abc"), ("{{worktree.isolated}}", "true"),
            ("{{unknown}} {{ spec.id }} {{> parent}} {{", "{{unknown}} {{ spec.id }} {{> parent}} {{"),
            ("{{{spec.id}}}", "{001-abc}"), ("{{ {{spec.id}}", "{{ 001-abc"),
            ("}}{{spec.id}}{{spec.id}}", "}}001-abc001-abc"),
            ("", ""),
        ]
    )
    func placeholders(text: String, expected: String) {
        #expect(filled(text, values()) == expected)
    }

    @Test("R68: a spec's text is never expanded, whatever it contains")
    func hostileSpec() {
        let body = "{{project.name}} {{spec}} {{worktree.path}} {{spec.id}} {{"
        let text = filled("{{spec.description}}}}|{{spec}}|{{spec.title}}", values(body: body))
        #expect(text == "\(body)}}|Spec id: 001-abc\n\n\(body)\n\nTarget files:\n- a.txt\n- b.txt|Title")
    }

    @Test("R68: a spec without title and target files")
    func bareSpec() {
        var bare = values(body: "text")
        bare.title = nil
        bare.targetFiles = []
        #expect(filled("{{spec.title}}|{{spec}}", bare) == "(untitled)|Spec id: 001-abc\n\ntext")
    }

    @Test(
        "R68: the commit section is added unless the prompt asks itself or splits; a spec's text cannot switch it off",
        arguments: [
            ("p", "Do it. {{spec}}", true), ("p", "Please Commit Your Work.", false), ("split", "Do it.", false),
        ]
    )
    func commitSection(name: String, text: String, expected: Bool) {
        let template = PromptTemplate(prompt: Prompt(name: name, text: text))
        let message = template.message(with: values(body: "commit your work"))
        #expect(message.contains("## Required: Commit Your Work") == expected)
        #expect(message.contains("`chant(001-abc): <description>`") == expected)
        #expect(message.contains("## Execution Environment"))
        #expect(message.contains("- Directory: `/w`"))
        #expect(message.contains("- Branch: `chant/001-abc`"))
        #expect(message.hasSuffix("\n") && !message.hasSuffix("\n\n"))
    }

    @Test("R68: a project's file is the prompt, without its header; standard is built in")
    func library() throws {
        let project = try ProjectFixture([
            ".chant/prompts/mine.md": "---\nname: mine\n---\n\nHello {{spec.id}}\n",
            ".chant/prompts/crlf.md": "---\r\nname: x\r\n---\r\nHello\r\n",
            ".chant/prompts/plain.md": "Hello\n---\nworld\n---\n",
            ".chant/prompts/open.md": "---\nHello\n",
            ".chant/prompts/empty.md": "---\nname: x\n---\n",
        ])
        let library = PromptLibrary(chantFolder: project.chant)
        #expect(try library.prompt(named: "mine").text == "Hello {{spec.id}}\n")
        #expect(try library.prompt(named: "crlf").text == "Hello\r\n")
        #expect(try library.prompt(named: "plain").text == "Hello\n---\nworld\n---\n")
        #expect(try library.prompt(named: "open").text == "---\nHello\n")
        #expect(try library.prompt(named: "empty").text.isEmpty)
        #expect(try library.prompt(named: "standard").text == StandardPrompt.text)
        try project.write(".chant/prompts/standard.md", "Own")
        #expect(try library.prompt(named: "standard").text == "Own")
    }

    @Test(
        "R68: a prompt that is not there, or whose name leaves the folder, is missing",
        arguments: ["none", "../config", "a/b", "", ".hidden", "a\u{0}b", "a..b", String(repeating: "x", count: 101)]
    )
    func missing(name: String) throws {
        let project = try ProjectFixture([".chant/config.md": "---\n---\n", ".chant/prompts/.hidden.md": "x"])
        let library = PromptLibrary(chantFolder: project.chant)
        guard case .promptMissing(name, _)? = library.fault(ofPromptNamed: name) else {
            Issue.record("found: \(name)")
            return
        }
    }

    @Test(
        "R68: which prompt is chosen",
        arguments: [
            ("a", "b", true, "d", ["documentation"], "a"), (nil, "b", true, "d", ["documentation"], "b"),
            ("", "", true, "d", ["documentation"], "documentation"), (nil, nil, true, "d", [], "d"),
            (nil, nil, false, "d", ["documentation"], "d"), (nil, nil, false, "bootstrap", [], "standard"),
            (nil, nil, false, "bootstrap", ["bootstrap"], "bootstrap"), ("bootstrap", nil, false, "d", [], "bootstrap"),
            (nil, nil, false, "", [], "standard"),
        ] as [(String?, String?, Bool, String, [String], String)]
    )
    func choice(
        request: String?,
        spec: String?,
        isDocumentation: Bool,
        configured: String,
        files: [String],
        expected: String
    ) throws {
        let project = try ProjectFixture()
        for file in files { try project.write(".chant/prompts/\(file).md", "text") }
        let name = PromptLibrary(chantFolder: project.chant).name(
            request: request,
            spec: spec,
            isDocumentation: isDocumentation,
            configured: configured
        )
        #expect(name == expected)
    }

    @Test("R68: the built-in prompt knows every placeholder that it uses")
    func standard() {
        let message = PromptTemplate(prompt: Prompt(name: "standard", text: StandardPrompt.text)).message(
            with: values()
        )
        #expect(!message.contains("{{"))
        #expect(message.contains("chant(001-abc): "))
        #expect(!message.contains("## Required"))
    }

    @Test("context files: readable ones inside the worktree, cut at the limit")
    func context() throws {
        let project = try ProjectFixture(["w/sub/a.txt": "aaaa", "w/b.txt": "bbbb", "secret": "s"])
        let tree = "\(project.folder)/w"
        func read(_ paths: [String], limit: Int = 100) -> String {
            PromptContext.read(paths, in: "\(tree)/sub", within: tree, limit: limit)
        }
        #expect(read(["a.txt", "../b.txt"]) == "=== a.txt ===\naaaa\n\n=== ../b.txt ===\nbbbb")
        #expect(read(["missing", "../../secret", "/etc/passwd", "..", "derived_team=x", ""]).isEmpty)
        #expect(read(["a.txt", "../b.txt"], limit: 6).hasSuffix("bb\n[cut after 2 of 4 bytes]"))
    }
}
