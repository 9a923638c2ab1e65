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

    @Test("R68: the built-in prompt knows every placeholder that it uses")
    func standard() {
        let message = PromptTemplate(prompt: Prompt(name: "standard", text: StandardPrompt.text)).message(
            with: values()
        )
        #expect(!message.contains("{{"))
        #expect(message.contains("chant(001-abc): "))
        #expect(!message.contains("## Required"))
    }
}
