import ChantTesting
import Foundation
import Testing

@testable import ChantDomain

@Suite("Domain: what agents are told")
struct DomainPromptTests {
    private func prompt(_ run: Run, _ world: DomainWorld) throws -> String {
        try world.project.text(atPath: "\(world.project.state)/runs/\(run.id)/prompt.md")
    }

    /// Writes files below `.chant/prompts`.
    private func write(_ prompts: [String: String], in world: DomainWorld) throws {
        let folder = "\(world.project.checkout)/.chant/prompts"
        try FileManager.default.createDirectory(atPath: "\(folder)/extensions", withIntermediateDirectories: true)
        for (name, text) in prompts { try world.project.write(text, to: ".chant/prompts/\(name).md") }
    }

    @Test("R68: the second attempt knows how the first one ended, and what a person wants to say")
    func second() async throws {
        var spec = DemoSpec(DomainWorld.spec)
        spec.criteria = ["It is done", "It is tested"]
        let agent = ScriptedAgent([
            .say("first line"), .shell("printf '\\033[31mred\\033[0m\\n'"),
            .shell("sed -i '0,/\\[ \\]/s//[x]/' \"$CHANT_SPEC_FILE\""),
            .append("worked", to: "work.txt"), .commit("work"),
        ])
        let world = try await DomainWorld(agent: agent, specs: [spec])
        try write(["again": "<{{previous}}>\n"], in: world)
        try await world.serving { domain in
            let first = try await domain.settled(domain.start(DomainWorld.spec, RunOptions(prompt: "again")).id)
            #expect(first.reason == .openCriteria)
            #expect(try prompt(first, world).hasPrefix("<>\n\n## Execution"))
            let options = RunOptions(prompt: "again", note: "Test it {{spec.id}}.")
            let second = try await domain.settled(domain.start(DomainWorld.spec, options).id)
            let message = try prompt(second, world)
            #expect(message.contains("ended as needs_attention (open-criteria)."))
            #expect(message.contains("\n- [ ] It is tested\n") && !message.contains("- [ ] It is done"))
            #expect(message.contains("\nfirst line\nred\n```>"))
            #expect(message.hasSuffix("Test it {{spec.id}}.\n"))
            #expect(second.options.note == "Test it {{spec.id}}.")
        }
    }

    @Test("R45: a run that follows an interruption keeps the note, and is told of the interruption")
    func interrupted() async throws {
        let world = try await DomainWorld(agent: .held)
        let domain = try await world.open()
        try await domain.recover()
        async let running: Void = domain.run()
        let run = try await domain.start(DomainWorld.spec, RunOptions(note: "Mind the gap."))
        try await domain.reached(run.id, "running") { $0.state == .running }
        await domain.stop(.stop)
        await running
        let next = try #require(try domain.runs.run(run.id).nextRun)
        domain.close()
        try world.project.release("go")
        try await world.serving { domain in
            let settled = try await domain.settled(next)
            #expect(settled.outcome == .completed)
            let message = try prompt(settled, world)
            #expect(message.contains("ended as interrupted (service-stopped)."))
            #expect(message.hasSuffix("Mind the gap.\n"))
        }
    }

    @Test("the message before the start is that of the run, but for the run's name")
    func preview() async throws {
        var spec = DemoSpec(
            DomainWorld.spec,
            header: ["context: [README.md, ../secret, gone.md]", "output_schema: s.json"]
        )
        spec.title = "Say {{spec.id}}"
        let world = try await DomainWorld(
            specs: [spec],
            configuration: ["  prompt: careful", "  prompt_extensions: [rules]"]
        )
        let project = world.project
        let careful = "---\nextends: standard\n---\n{{> parent}}\nBe careful.\n"
        try write(["careful": careful, "extensions/rules": "Keep the rules.\n"], in: world)
        try project.write(#"{"type": "object", "required": ["answer"]}"#, to: "s.json")
        try await project.git("add", "s.json")
        try await project.git("commit", "-q", "-m", "Schema")
        try project.write("changed, and not committed\n", to: "README.md")
        let id = try #require(SpecID(DomainWorld.spec))
        try await world.serving { domain in
            let preview = try await domain.prompts.preview(id, prompt: nil, note: "Soon.")
            #expect(preview.prompt == "careful" && preview.source == "project")
            #expect(preview.parents == ["standard"] && preview.extensions == ["rules"])
            for part in [
                "# Say {{spec.id}}", "=== README.md ===\nfirst line", "`answer`", "Be careful.", "Keep the rules.",
            ] {
                #expect(preview.message.contains(part), "\(part)")
            }
            let run = try await domain.settled(domain.start(DomainWorld.spec, RunOptions(note: "Soon.")).id)
            let message = preview.message.replacing(PromptService.unnamedRun, with: run.id.text)
            #expect(try prompt(run, world) == message)
        }
    }

    @Test("prompt-missing: a parent, an extension or the prompt itself is not there; nothing was written")
    func missing() async throws {
        let world = try await DomainWorld(configuration: ["  prompt_extensions: [gone]"])
        let id = try #require(SpecID(DomainWorld.spec))
        let domain = try await world.open()
        defer { domain.close() }
        await #expect(throws: RunError.self) { try await domain.prompts.preview(id, prompt: nil, note: nil) }
        let error = await #expect(throws: RunError.self) { try await domain.start(DomainWorld.spec) }
        guard case .refused(let refusal)? = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(refusal.reason == .promptMissing)
        #expect(refusal.sentence.contains("extensions/gone.md does not exist"))
        #expect(try world.spec().status == .pending)
    }

    @Test("a conflict's prompt shows what each side changed")
    func conflict() async throws {
        let header = [
            "source_branch: theirs", "target_branch: main", "conflicting_files: [README.md]", "prompt: merge-conflict",
        ]
        let world = try await DomainWorld(specs: [DemoSpec(DomainWorld.spec, header: header)])
        let project = world.project
        try await project.git("checkout", "-q", "-b", "theirs")
        for (branch, text) in [("theirs", "their line\n"), ("main", "our line\n")] {
            try await project.git("checkout", "-q", branch)
            try project.write(text, to: "README.md")
            try project.write(text, to: "other.txt")
            try await project.git("add", "-A")
            try await project.git("commit", "-q", "-m", branch)
        }
        let id = try #require(SpecID(DomainWorld.spec))
        try await world.serving { domain in
            let message = try await domain.prompts.preview(id, prompt: nil, note: nil).message
            #expect(message.contains("+their line") && message.contains("+our line"))
            #expect(!message.contains("other.txt") && !message.contains("{{"))
        }
    }
}
