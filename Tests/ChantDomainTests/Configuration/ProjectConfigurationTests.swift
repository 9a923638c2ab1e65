import Testing

@testable import ChantDomain

@Suite("A project's configuration")
struct ProjectConfigurationTests {
    private func load(_ files: [String: String]) throws -> ProjectConfiguration {
        let project = try ProjectFixture(files)
        return try ProjectConfiguration.load(chantFolder: project.chant, environment: project.environment)
    }

    @Test("R35: no file at all means all defaults")
    func nothing() throws {
        let configuration = try load([:])
        #expect(configuration == ProjectConfiguration())
        #expect(configuration.defaults.prompt == "bootstrap")
        #expect(configuration.defaults.branchPrefix == "chant/")
        #expect(configuration.defaults.provider == "claude")
        #expect(configuration.agents == nil)
        #expect(configuration.server.limits.wall == .seconds(7200))
        #expect(configuration.server.limits.logBytes == 268_435_456)
        #expect(configuration.server.agentMayWrite == ["specs/<id>*.md"])
        #expect(configuration.server.identity.description == "Chant Agent <agent@chant.invalid>")
    }

    @Test("§11.2: what the checks go by, with the original's defaults")
    func checks() throws {
        let defaults = ProjectConfiguration()
        #expect(defaults.approval.rejectionAction == .manual && !defaults.approval.requiredForAgentWork)
        #expect(!defaults.validation.strictOutput && defaults.lint.disabled == ["complexity_words"])
        let text = """
            ---
            approval: {rejection_action: group, require_approval_for_agent_work: true, other: 1}
            validation: {strict_output_validation: true}
            lint: {thresholds: {complexity_files: 7, simple_words: 9}, disable: []}
            ---

            """
        let read = try load([".chant/config.md": text])
        #expect(read.approval.rejectionAction == .group && read.approval.requiredForAgentWork)
        #expect(read.validation.strictOutput && read.lint.disabled.isEmpty)
        #expect(read.lint.complexity == .init(criteria: 10, files: 7, words: 150))
        #expect(read.lint.simple == .init(criteria: 1, files: 1, words: 9))
        #expect(throws: ConfigurationError.self) {
            try load([".chant/config.md": "---\napproval: {rejection_action: shout}\n---\n"])
        }
    }

    @Test("R35: a configuration of the original works unchanged, unknown keys included")
    func original() throws {
        let configuration = try load([
            ".chant/config.md": """
            ---
            project:
              name: chant
              colour: blue
            defaults:
              prompt: standard
              model: sonnet
              main_branch: trunk
              rotation_strategy: round_robin
            providers:
              ollama: {endpoint: "http://localhost:11434/v1"}
            parallel:
              stagger_delay_ms: 1000
              agents:
              - name: main
                command: claude
              - {name: alt1, command: claude-alt1, max_concurrent: 3, weight: 2}
            something: [1, 2]
            ---

            # Text that nobody reads
            ---
            """
        ])
        #expect(configuration.project.name == "chant")
        #expect(configuration.defaults.mainBranch == "trunk")
        #expect(configuration.defaults.rotationStrategy == .roundRobin)
        #expect(
            configuration.agents == [
                AgentEntry(name: "main", command: ["claude"]),
                AgentEntry(name: "alt1", command: ["claude-alt1"], maxConcurrent: 3, weight: 2),
            ]
        )
        #expect(configuration.warnings.isEmpty)
    }

    @Test("R35: the project's file wins key by key in project and defaults, and section by section elsewhere (§11.1)")
    func precedence() throws {
        let configuration = try load([
            "xdg/chant/config.md": """
            ---
            project: {name: everywhere}
            defaults: {model: opus, prompt: mine}
            parallel: {agents: [{name: global, command: a}]}
            server: {merge: manual, keep_failed: 1h}
            ---
            """,
            ".chant/config.md": """
            ---
            defaults: {model: haiku}
            server: {criteria: tick}
            ---
            """,
        ])
        #expect(configuration.project.name == "everywhere")
        #expect(configuration.defaults.model == "haiku")
        #expect(configuration.defaults.prompt == "mine")
        #expect(configuration.agents?.map(\.name) == ["global"])
        #expect(configuration.server.criteria == .tick)
        #expect(configuration.server.merge == .auto, "the section is taken whole from the project's file")
        #expect(configuration.server.keepFailed == .seconds(86400))
    }

    @Test("R35: the user's file lies in XDG_CONFIG_HOME, else in ~/.config")
    func globalFile() {
        #expect(ProjectConfiguration.globalFile(["XDG_CONFIG_HOME": "/x", "HOME": "/h"]) == "/x/chant/config.md")
        #expect(ProjectConfiguration.globalFile(["HOME": "/h"]) == "/h/.config/chant/config.md")
        #expect(
            ProjectConfiguration.globalFile(["XDG_CONFIG_HOME": "x", "HOME": "/h"]) == "/h/.config/chant/config.md"
        )
        #expect(ProjectConfiguration.globalFile([:]) == nil)
    }

    @Test(
        "R35: agents.md replaces parallel.agents where it lists any",
        arguments: [
            ("---\nparallel:\n  agents:\n  - {name: local, command: b}\n---\n", ["local"]),
            ("---\nagents:\n- {name: local, command: b}\n---\n", ["local"]),
            ("---\nparallel: {agents: []}\n---\n", ["project"]),
            ("---\n---\n", ["project"]),
        ]
    )
    func agentsFile(text: String, names: [String]) throws {
        let config = "---\nparallel: {agents: [{name: project, command: a}]}\n---\n"
        let configuration = try load([".chant/config.md": config, ".chant/agents.md": text])
        #expect(configuration.agents?.map(\.name) == names)
    }

    @Test("R35: CRLF, a byte order mark and blank lines on top do not matter")
    func lineEndings() throws {
        let text = "\u{FEFF}\r\n---\r\ndefaults:\r\n  model: opus\r\nserver: {merge: manual}\r\n---\r\ntext\r\n"
        let configuration = try load([".chant/config.md": text])
        #expect(configuration.defaults.model == "opus")
        #expect(configuration.server.merge == .manual)
    }

    @Test("the section server reads every key")
    func server() throws {
        let keys = try load([
            ".chant/config.md": """
            ---
            server:
              provider_command: ["./agent.sh", "-p", "{prompt_file}"]
              limits: {wall: 90m, idle: 200ms, stop_grace: 0s, log_bytes: 2GiB, setup: 90s, cost_usd: 2.5}
              criteria: ignore
              merge: manual
              uncommitted: report
              keep_failed: 0s
              commit_specs: true
              agent_may_write: []
              agent_env: {pass: [MY_*], set: {A: 4, B: "", C: }}
              identity: "Some Body <some@body.example>"
              service_identity: "Service <s@x.example>"
              agent_signing: off
              sign: ABCDEF
              worktree: {setup: [npm, ci], include: [.env], keep: [node_modules]}
              redact: {env: ["*_PW"], values_from: [.env]}
              retention:
                {runs_age: 1ms, runs_bytes: 1B, runs_count: 2, events_age: 3s, events_count: 4, refs_age: 5m,
                 refs_count: 6, every: 7ms}
              floors: {disk: 0, disk_percent: 0, memory: 1KiB, state: 2MiB, ballast: 0, every: 8ms}
            ---
            """
        ]).server
        #expect(keys.providerCommand == ["./agent.sh", "-p", "{prompt_file}"])
        #expect(keys.limits.wall == .seconds(5400))
        #expect(keys.limits.idle == .milliseconds(200))
        #expect(keys.limits.stopGrace == .zero)
        #expect(keys.limits.logBytes == 2_147_483_648)
        #expect(keys.limits.costUSD == 2.5)
        #expect(keys.criteria == .ignore)
        #expect(keys.merge == .manual)
        #expect(keys.uncommitted == .report)
        #expect(keys.keepFailed == .zero)
        #expect(keys.commitSpecs)
        #expect(keys.agentMayWrite.isEmpty)
        #expect(keys.agentEnv.pass == ["MY_*"])
        #expect(keys.agentEnv.set == ["A": "4", "B": "", "C": ""])
        #expect(keys.identity == Identity(name: "Some Body", email: "some@body.example"))
        #expect(keys.agentSigning == .off)
        #expect(keys.sign == "ABCDEF")
        #expect(keys.worktree.setup == ["npm", "ci"])
        #expect(keys.redact.env == ["*_PW"])
        #expect(keys.retention.runsAge == .milliseconds(1) && keys.retention.eventsAge == .seconds(3))
        #expect(keys.retention.refsAge == .seconds(300) && keys.retention.every == .milliseconds(7))
        #expect([keys.retention.runsBytes, keys.retention.runsCount] == [1, 2])
        #expect([keys.retention.eventsCount, keys.retention.refsCount] == [4, 6])
        #expect([keys.floors.disk, keys.floors.diskPercent, keys.floors.memory] == [0, 0, 1024])
        #expect([keys.floors.state, keys.floors.ballast] == [2 << 20, 0] && keys.floors.every == .milliseconds(8))
    }

    @Test("oddities are warnings: a second agent of one name, a section that looks like server")
    func warnings() throws {
        let text = "---\nparallel:\n  agents: [{name: a}, {name: a, weight: 2}]\nservr: {}\n---\n"
        let configuration = try load([".chant/config.md": text])
        #expect(configuration.agents == [AgentEntry(name: "a")])
        #expect(configuration.warnings.count == 2)
        #expect(configuration.warnings.last?.contains("did you mean `server`?") == true)
    }
}
