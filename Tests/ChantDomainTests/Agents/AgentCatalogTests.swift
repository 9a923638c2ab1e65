import Testing

@testable import ChantDomain

@Suite("The agents of a project")
struct AgentCatalogTests {
    @Test(
        "R64: an agent's provider is its own word, else claude by its program's name, else the default",
        arguments: [
            (nil, ["claude"], "demo", .claude),
            (nil, ["/opt/bin/claude"], "demo", .claude),
            (nil, ["claude-alt1"], "demo", .claude),
            (nil, ["claudette"], "demo", .demo),
            (nil, ["./agent.sh"], "command", .command),
            (nil, ["./agent.sh"], "claude", .claude),
            ("command", ["claude"], "demo", .command),
            ("demo", nil, "claude", .demo),
            (nil, nil, "ollama", .unsupported("ollama")),
            ("kirocli", ["x"], "command", .unsupported("kirocli")),
        ] as [(String?, [String]?, String, Provider)]
    )
    func providers(own: String?, command: [String]?, byDefault: String, expected: Provider) throws {
        let entry = AgentEntry(name: "a", provider: own, command: command)
        #expect(AgentFixtures.catalog([entry], provider: byDefault).agents.first?.provider == expected)
    }

    @Test("R64: without agents there is one, main, of the default provider")
    func implicitAgent() throws {
        let catalog = AgentFixtures.catalog(nil, provider: "command", providerCommand: ["./run.sh", "x"])
        #expect(
            catalog.agents == [
                Agent(name: "main", provider: .command, command: ["./run.sh", "x"], maxConcurrent: 2, weight: 1)
            ]
        )
        #expect(AgentFixtures.catalog(nil).agents.first?.command == ["claude"])
    }

    @Test("R64: an agent is named, or it is the first; an unknown name is refused with those that there are")
    func naming() throws {
        let catalog = AgentFixtures.catalog([AgentEntry(name: "one"), AgentEntry(name: "two")])
        #expect(try catalog.agent(named: nil).name == "one")
        #expect(try catalog.agent(named: "two").name == "two")
        #expect(throws: AgentError.unknownAgent(name: "three", known: ["one", "two"])) {
            try catalog.agent(named: "three")
        }
    }

    @Test(
        "R66: a provider that this service does not run is refused with those that it runs",
        arguments: ["kirocli", "openai", "x"]
    )
    func unsupported(word: String) throws {
        let catalog = AgentFixtures.catalog([AgentEntry(name: "a", provider: word)])
        let agent = try catalog.agent(named: "a")
        let expected = AgentError.providerUnsupported(
            agent: "a",
            provider: word,
            supported: ["claude", "command", "demo"]
        )
        #expect(catalog.fault(of: agent) == expected)
        #expect(throws: expected) { try catalog.provider(of: agent) }
    }

    @Test("R66: the demo agent is this program")
    func demo() throws {
        let catalog = AgentFixtures.catalog(nil, provider: "demo")
        let provider = try catalog.provider(of: catalog.agent(named: nil))
        let command = try provider.command(for: AgentFixtures.request())
        #expect(command == AgentCommand(program: "/opt/chant-server", arguments: ["demo-agent"]))
        #expect(!provider.separatesError)
    }

    @Test("R64: a relative program with a slash lies in the project's folder, a bare name in the service's PATH")
    func programs() throws {
        let project = try ProjectFixture()
        try project.write("agent.sh", "#!/bin/sh\n", executable: true)
        try project.write("bin/tool", "#!/bin/sh\n", executable: true)
        try project.write("bin/plain", "no program")
        let cases: [(program: String, path: String?)] = [
            ("./agent.sh", "\(project.folder)/./agent.sh"),
            ("bin/tool", "\(project.folder)/bin/tool"),
            ("tool", "\(project.folder)/bin/tool"),
            ("\(project.folder)/bin/tool", "\(project.folder)/bin/tool"),
            ("agent.sh", nil), ("./missing", nil), ("bin/plain", nil), ("plain", nil), ("./bin", nil),
            ("tool --with words", nil),
        ]
        for (program, path) in cases {
            let catalog = AgentFixtures.catalog(
                [AgentEntry(name: "a", provider: "command", command: [program])],
                folder: project.folder,
                path: "relative:\(project.folder)/bin:/nowhere"
            )
            let agent = try catalog.agent(named: nil)
            if let path {
                let command = try catalog.provider(of: agent).command(for: AgentFixtures.request())
                #expect(command.program == path)
            } else {
                guard case .agentMissing("a", program, let detail)? = catalog.fault(of: agent) else {
                    Issue.record("\(program) was found: \(String(describing: catalog.fault(of: agent)))")
                    continue
                }
                #expect(!detail.isEmpty)
            }
        }
    }

    @Test("R64: provider command without any program is a missing agent that says what to configure")
    func nothingConfigured() throws {
        let catalog = AgentFixtures.catalog(nil, provider: "command")
        let fault = catalog.fault(of: try catalog.agent(named: nil))
        #expect(fault?.description.contains("server.provider_command") == true)
    }

    @Test(
        "R64: placeholders are replaced inside words, in one pass; without {prompt_file} its path comes last",
        arguments: [
            (["-p", "{prompt_file}"], ["-p", "/runs/r1/prompt.md"]),
            (["--in={prompt_file}!"], ["--in=/runs/r1/prompt.md!"]),
            (["{model}", "{branch}"], ["opus", "chant/{model}", "/runs/r1/prompt.md"]),
            (["{spec_id}:{spec_file}"], ["{model}:/w/tree/.chant/specs/{model}.md", "/runs/r1/prompt.md"]),
            (
                ["{worktree}", "{unknown}", "{", "{}}", "{{model}}"],
                ["/w/tree", "{unknown}", "{", "{}}", "{opus}", "/runs/r1/prompt.md"]
            ),
            (["a b; c $(d)"], ["a b; c $(d)", "/runs/r1/prompt.md"]),
            ([], ["/runs/r1/prompt.md"]),
        ]
    )
    func placeholders(words: [String], expected: [String]) throws {
        let entry = AgentEntry(name: "a", provider: "command", command: ["/bin/cat"] + words)
        let catalog = AgentFixtures.catalog([entry])
        let provider = try catalog.provider(of: catalog.agent(named: nil))
        // The spec's id looks like a placeholder, which must not be replaced in its turn.
        #expect(try provider.command(for: AgentFixtures.request(spec: "{model}")).arguments == expected)
    }

    @Test("R64: {run_id} is the run's, {model} is empty where nobody asked for one")
    func runAndModel() throws {
        let entry = AgentEntry(name: "a", provider: "command", command: ["/bin/cat", "{run_id}", "{model}"])
        let catalog = AgentFixtures.catalog([entry])
        let request = try AgentFixtures.request(model: nil)
        let command = try catalog.provider(of: catalog.agent(named: nil)).command(for: request)
        #expect(command.arguments == [request.runID.text, "", "/runs/r1/prompt.md"])
    }
}
