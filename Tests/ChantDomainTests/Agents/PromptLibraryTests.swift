import Foundation
import Glibc
import Testing

@testable import ChantDomain

@Suite("R68: the prompts of a project")
struct PromptLibraryTests {
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
    /// Files below `.chant/prompts`, which prompt is asked for, and its text or what its fault says.
    struct Family: Sendable, CustomTestStringConvertible {
        var files: [String: String]
        var name = "child"
        var text: String?
        var parents: [String] = []
        var fault = ""

        var testDescription: String { text ?? fault }
    }

    static let families = [
        Family(
            files: ["child": "---\nextends: parent\n---\n<{{> parent}}>", "parent": "P {{spec.id}}"],
            text: "<P {{spec.id}}>",
            parents: ["parent"]
        ),
        Family(
            files: [
                "child": "---\nname: x\nextends: b\n---\n\n1 {{> parent}}{{> parent}}",
                "b": "---\nextends: c\n---\n2 {{> parent}} ", "c": "---\npurpose: top\n---\n3",
            ],
            text: "1 2 3 2 3 ",
            parents: ["b", "c"]
        ),
        Family(files: ["child": "---\nextends: b\n---\nno marker", "b": "B"], text: "no marker", parents: ["b"]),
        Family(files: ["child": "---\nextends: ''\n---\n{{> parent}}"], text: "{{> parent}}"),
        Family(files: ["child": "{{> parent}} {{> b}}", "b": "B"], text: "{{> parent}} {{> b}}"),
        Family(
            files: ["child": "---\nextends: b\n---\n{{> parent}}", "b": "literally {{> parent}}"],
            text: "literally {{> parent}}",
            parents: ["b"]
        ),
        Family(files: ["child": "---\nextends: child\n---\n"], fault: "`child` extends `child`"),
        Family(
            files: ["child": "---\nextends: b\n---\n", "b": "---\nextends: child\n---\n"],
            fault: "`child` extends `b` extends `child`"
        ),
        Family(files: ["child": "---\nextends: gone\n---\n"], fault: "gone.md does not exist"),
        Family(files: ["child": "---\nextends: ../config\n---\n"], fault: "has no `/`"),
        Family(files: ["child": "---\nextends: [a]\n---\n"], fault: "extends"),
        Family(files: ["child": "---\nname: \"x\n---\n"], fault: "header cannot be read"),
        Family(
            files: [
                "child": "---\nextends: b\n---\n" + String(repeating: "{{> parent}}", count: 9),
                "b": String(repeating: "x", count: 200_000),
            ],
            fault: "larger than 1 MiB"
        ),
        Family(files: ["child": String(repeating: "x", count: (256 << 10) + 1)], fault: "larger than 256 KiB"),
    ]

    @Test("extends: the parent's text replaces the marker, whatever stands in it", arguments: families)
    func extends(family: Family) throws {
        let project = try ProjectFixture()
        for (name, text) in family.files { try project.write(".chant/prompts/\(name).md", text) }
        let library = PromptLibrary(chantFolder: project.chant)
        if let text = family.text {
            let prompt = try library.prompt(named: family.name)
            #expect(prompt.text == text)
            #expect(prompt.parents == family.parents)
        } else {
            let fault = try #require(library.fault(ofPromptNamed: family.name))
            #expect("\(fault)".contains(family.fault), "\(fault)")
        }
    }

    @Test("a long line of parents ends in a fault, not in a deep stack")
    func manyParents() throws {
        let project = try ProjectFixture()
        for number in 0..<40 {
            try project.write(".chant/prompts/p\(number).md", "---\nextends: p\(number + 1)\n---\n{{> parent}}")
        }
        try project.write(".chant/prompts/p40.md", "end")
        let library = PromptLibrary(chantFolder: project.chant)
        #expect(try library.prompt(named: "p24").text == "end")
        #expect(library.fault(ofPromptNamed: "p0") != nil)
    }

    @Test("a prompt may extend a built-in one, as long as the project has none of that name")
    func extendsBuiltIn() throws {
        let project = try ProjectFixture([
            ".chant/prompts/careful.md": "---\nextends: standard\n---\n{{> parent}}\nBe careful.\n"
        ])
        let library = PromptLibrary(chantFolder: project.chant)
        let prompt = try library.prompt(named: "careful")
        #expect(prompt.text == StandardPrompt.text + "\nBe careful.\n")
        #expect(prompt.source == .project)
        #expect(try library.prompt(named: "standard").source == .builtIn)
        try project.write(".chant/prompts/standard.md", "Own")
        #expect(try library.prompt(named: "careful").text == "Own\nBe careful.\n")
    }

    @Test("extensions are read in their order, without headers; a missing one is a fault of every prompt")
    func extensions() throws {
        let project = try ProjectFixture([
            ".chant/prompts/extensions/rules.md": "---\nname: rules\n---\n\nKeep {{spec.id}}.\n",
            ".chant/prompts/extensions/more.md": "More.",
        ])
        let library = PromptLibrary(chantFolder: project.chant, extensions: ["rules", "more"])
        let prompt = try library.prompt(named: "standard")
        #expect(prompt.extensions.map(\.name) == ["rules", "more"])
        #expect(prompt.extensions.map(\.text) == ["Keep {{spec.id}}.\n", "More."])
        for bad in ["gone", "../standard", ""] {
            let library = PromptLibrary(chantFolder: project.chant, extensions: [bad])
            #expect(library.fault(ofPromptNamed: "standard") != nil, "\(bad)")
        }
    }

    @Test("links are followed inside the project, never out of it; folders and pipes are no prompts")
    func links() throws {
        let project = try ProjectFixture([".chant/prompts/real.md": "Real", "shared/prompt.md": "Shared"])
        let folder = "\(project.chant)/prompts"
        let files = FileManager.default
        let outside = "\(project.folder)-outside"
        try files.createDirectory(atPath: outside, withIntermediateDirectories: true)
        defer { try? files.removeItem(atPath: outside) }
        try "secret".write(toFile: "\(outside)/secret", atomically: true, encoding: .utf8)
        for (name, target) in [
            ("inside", "real.md"), ("near", "../../shared/prompt.md"), ("out", "\(outside)/secret"),
            ("dangling", "gone"),
        ] {
            try files.createSymbolicLink(atPath: "\(folder)/\(name).md", withDestinationPath: target)
        }
        try files.createDirectory(atPath: "\(folder)/folder.md", withIntermediateDirectories: true)
        #expect(mkfifo("\(folder)/pipe.md", 0o600) == 0)
        let library = PromptLibrary(chantFolder: project.chant)
        #expect(try library.prompt(named: "inside").text == "Real")
        #expect(try library.prompt(named: "near").text == "Shared")
        for name in ["out", "dangling", "folder", "pipe"] {
            #expect(library.fault(ofPromptNamed: name) != nil, "\(name)")
        }
    }

    @Test("built-in prompts: those that the original's init writes, each with placeholders that are known")
    func builtIn() throws {
        let project = try ProjectFixture()
        let library = PromptLibrary(chantFolder: project.chant)
        #expect(BuiltInPrompts.names == ["merge-conflict", "ollama", "split", "standard", "verify"])
        for name in BuiltInPrompts.names {
            let template = PromptTemplate(prompt: try library.prompt(named: name))
            var values = PromptValues(
                projectName: "demo",
                specID: "001-abc",
                body: "BODY",
                specPath: "/w/s.md",
                folder: "/w",
                branch: "chant/001-abc"
            )
            values.conflict = PromptValues.Conflict(branch: "a", target: "b", files: ["f"], diff: "+x")
            let message = template.message(with: values)
            #expect(!message.contains("{{"), "\(name)")
            #expect(message.contains("BODY"))
            // None of them needs the section that asks for commits: they ask themselves, or want none.
            #expect(!message.contains("## Required"), "\(name)")
        }
    }
}
