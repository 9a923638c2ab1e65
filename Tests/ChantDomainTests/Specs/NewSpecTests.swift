import Testing

@testable import ChantDomain

@Suite("§4.2: making a spec of fields")
struct NewSpecTests {
    @Test("§3.1: keys in schema order, lists not indented, then title and body")
    func everything() throws {
        var new = NewSpec(title: " Do: it ", body: "\nLine\n\n- [ ] a\n\n")
        new.kind = .research
        new.labels = ["a", "true"]
        new.dependsOn = ["2026-01-24-001-abc", "5636491"]
        new.targetFiles = ["src/*.rs", "*.md"]
        new.prompt = "standard"
        new.needsApproval = true
        let text = String(decoding: try new.markdown(), as: UTF8.self)
        #expect(
            text == """
                ---
                type: research
                status: pending
                depends_on:
                - 2026-01-24-001-abc
                - '5636491'
                labels:
                - a
                - 'true'
                target_files:
                - src/*.rs
                - '*.md'
                prompt: standard
                approval:
                  required: true
                  status: pending
                ---

                # Do: it

                Line

                - [ ] a

                """
        )
        let spec = try readSpec(text)
        #expect(spec.title == "Do: it" && spec.dependsOn == new.dependsOn && spec.targetFiles == new.targetFiles)
        #expect(spec.labels == new.labels && spec.approval == Approval(required: true) && spec.kind == .research)
    }

    @Test("§5.1: an empty list of dependencies is written, an absent one is not")
    func dependencies() throws {
        var new = NewSpec(title: "T")
        #expect(String(decoding: try new.markdown(), as: UTF8.self) == "---\ntype: code\nstatus: pending\n---\n\n# T\n")
        new.dependsOn = []
        #expect(try readSpec(String(decoding: new.markdown(), as: UTF8.self)).dependsOn == [])
    }

    @Test(
        "§4.2: a long title without a body is a description",
        arguments: [
            (String(repeating: "a", count: 80) + "\nrest", String(repeating: "a", count: 80), "rest"),
            (
                String(repeating: "a", count: 70) + ". And more of it", String(repeating: "a", count: 70) + ".",
                "And more of it"
            ),
            (String(repeating: "a.b", count: 40), String(repeating: "a.b", count: 40), ""),
            (String(repeating: "a", count: 90) + ".", String(repeating: "a", count: 90) + ".", ""),
            ("Short. Still the title", "Short. Still the title", ""),
        ]
    )
    func descriptions(text: String, title: String, body: String) throws {
        let spec = try readSpec(String(decoding: try NewSpec(title: text).markdown(), as: UTF8.self))
        #expect(spec.title == title)
        #expect(spec.body == "\n# \(title)\n" + (body.isEmpty ? "" : "\n\(body)\n"))
    }

    @Test("a title stays what it is, whatever it ends with", arguments: ["#", "C#", "x #", "x ##", "# x", "x \\#"])
    func oddTitles(title: String) throws {
        #expect(try readSpec(String(decoding: NewSpec(title: title).markdown(), as: UTF8.self)).title == title)
    }

    @Test("R37: what can be no id is no dependency")
    func dependencyIDs() throws {
        for id in ["a/b", "a\nb", "..", String(repeating: "x", count: 201)] {
            var new = NewSpec(title: "T")
            new.dependsOn = ["ok", id]
            let error = #expect(throws: SpecError.self) { try new.markdown() }
            #expect(error == .invalid([Complaint("/depends_on/1", "This can be no spec's id.")]))
        }
    }

    @Test("What is missing is named with its pointer")
    func complaints() {
        var new = NewSpec(title: "a\nb", body: "")
        new.labels = ["x", " "]
        new.dependsOn = [""]
        new.prompt = ""
        let error = #expect(throws: SpecError.self) { try new.markdown() }
        guard case .invalid(let complaints) = error else {
            Issue.record("not \(String(describing: error))")
            return
        }
        #expect(complaints.map(\.pointer) == ["/title", "/labels/1", "/depends_on/0", "/prompt"])
        #expect(throws: SpecError.self) { try NewSpec(title: "  ").markdown() }
    }

    @Test("§4.2: sections are found and appended")
    func sections() throws {
        let old = document("---\na: b\n---\n# T\n\n## One\nx\n```\n## Two\n```\n### Sub\n\n## Three\ny")
        #expect(old.sections.map(\.heading) == ["One", "Three"])
        #expect(old.text(of: old.sections[0]) == "x\n```\n## Two\n```\n### Sub\n\n")
        let longer = try old.appendingSection("Output", text: "line\n\n")
        #expect(longer.text == old.text + "\n\n## Output\n\nline\n")
        #expect(try document("# T\r\n").appendingSection("O", text: "a\nb").text == "# T\r\n\r\n## O\r\n\r\na\r\nb\r\n")
    }
}
