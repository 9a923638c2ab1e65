import Testing

@testable import ChantDomain

@Suite("What an agent inherits")
struct AgentEnvironmentTests {
    private func make(
        _ service: [String: String],
        pass: [String] = [],
        set: [String: String] = [:],
        provider: Provider = .command,
        needsIdentity: Bool = false,
        model: String? = "opus"
    ) throws -> [String: String] {
        var keys = ServerKeys()
        keys.agentEnv.pass = pass
        keys.agentEnv.set = set
        return AgentEnvironment.make(
            from: service,
            keys: keys,
            request: try AgentFixtures.request(model: model),
            provider: provider,
            needsIdentity: needsIdentity
        )
    }

    @Test(
        "R61: these go through",
        arguments: [
            "HOME", "USER", "LOGNAME", "SHELL", "PATH", "LANG", "LC_ALL", "LC_TIME", "TZ", "TMPDIR", "http_proxy",
            "HTTPS_PROXY", "no_proxy", "ALL_PROXY", "SSL_CERT_FILE", "SSL_CERT_DIR", "NODE_EXTRA_CA_CERTS",
            "SSH_AUTH_SOCK", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME", "ANTHROPIC_API_KEY",
            "CLAUDE_CODE_MAX_RETRIES", "CLAUDE_CONFIG_DIR", "OPENAI_API_KEY", "CODEX_HOME", "IS_SANDBOX",
        ]
    )
    func passed(name: String) throws {
        #expect(try make([name: "value"])[name] == "value")
    }

    @Test(
        "R61: these never go through, whatever agent_env says",
        arguments: [
            "GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_AUTHOR_NAME", "GIT_CONFIG_COUNT", "GPG_TTY",
            "CHANT_SERVER_LISTEN", "CLAUDECODE", "CLAUDE_CODE_ENTRYPOINT", "NOTIFY_SOCKET", "LISTEN_FDS", "LISTEN_PID",
            "INVOCATION_ID", "CHANT_DEMO_FAIL",
        ]
    )
    func never(name: String) throws {
        #expect(try make([name: "value"])[name] == nil)
        #expect(try make([name: "value"], pass: ["*", name])[name] == nil)
    }

    @Test(
        "R61: agent_env.set cannot set what is never given, nor another repository, nor the run's own variables",
        arguments: [
            "CLAUDECODE", "NOTIFY_SOCKET", "LISTEN_FDS", "CHANT_SERVER_WORKERS", "GIT_DIR", "GIT_WORK_TREE",
            "GIT_INDEX_FILE", "CHANT_DEMO_FAIL", "GPG_TTY",
        ]
    )
    func neverSet(name: String) throws {
        #expect(try make([:], set: [name: "value"])[name] == nil)
    }

    @Test(
        "R61: what nobody named stays with the service",
        arguments: ["AWS_SECRET_ACCESS_KEY", "DATABASE_URL", "MY_VAR", "CHANT_X"]
    )
    func unnamed(name: String) throws {
        #expect(try make([name: "secret"])[name] == nil)
        #expect(try make([name: "secret"], pass: [name])[name] == "secret")
        #expect(try make([name: "secret"], pass: ["\(name.prefix(3))*"])[name] == "secret")
    }

    @Test("R61: the whole environment of a service with nothing to pass on")
    func whole() throws {
        let request = try AgentFixtures.request()
        #expect(
            try make(["SECRET": "x"]) == [
                "TERM": "dumb", "GIT_TERMINAL_PROMPT": "0", "GIT_ASKPASS": "true", "SSH_ASKPASS": "true",
                "GIT_SSH_COMMAND": "ssh -o BatchMode=yes", "GIT_EDITOR": "true",
                "CHANT_SPEC_ID": "2026-01-24-001-abc",
                "CHANT_SPEC_FILE": "/w/tree/.chant/specs/2026-01-24-001-abc.md",
                "CHANT_WORKTREE": "1", "CHANT_WORKTREE_PATH": "/w/tree", "CHANT_BRANCH": "chant/2026-01-24-001-abc",
                "CHANT_RUN_ID": request.runID.text, "CHANT_ATTEMPT": "2", "CHANT_PROMPT_FILE": "/runs/r1/prompt.md",
                "CHANT_MODEL": "opus", "CHANT_GIT_DIR": "/repo/.git/worktrees/tree",
                "CHANT_GIT_COMMON_DIR": "/repo/.git",
            ]
        )
    }

    @Test("R61: agent_env.set wins over what goes through and what is set, never over the run's own")
    func order() throws {
        let environment = try make(
            ["LANG": "de", "TERM": "xterm", "CHANT_RUN_ID": "service"],
            pass: ["CHANT_*"],
            set: ["LANG": "en", "TERM": "ansi", "CHANT_RUN_ID": "mine", "GIT_AUTHOR_NAME": "Me"]
        )
        #expect(environment["LANG"] == "en")
        #expect(environment["TERM"] == "ansi")
        #expect(environment["GIT_AUTHOR_NAME"] == "Me")
        #expect(environment["CHANT_RUN_ID"] == (try AgentFixtures.request().runID.text))
    }

    @Test("R61: GIT_SSH_COMMAND is the quiet one unless agent_env has one")
    func sshCommand() throws {
        let service = ["GIT_SSH_COMMAND": "ssh -i key"]
        #expect(try make(service)["GIT_SSH_COMMAND"] == "ssh -o BatchMode=yes")
        #expect(try make(service, pass: ["GIT_SSH_COMMAND"])["GIT_SSH_COMMAND"] == "ssh -i key")
        #expect(try make(service, set: ["GIT_SSH_COMMAND": "x"])["GIT_SSH_COMMAND"] == "x")
    }

    @Test("R61: CHANT_DEMO_* goes to the demo agent only")
    func demo() throws {
        #expect(try make(["CHANT_DEMO_FAIL": "3"], provider: .demo)["CHANT_DEMO_FAIL"] == "3")
        #expect(try make([:], set: ["CHANT_DEMO_FAIL": "4"], provider: .demo)["CHANT_DEMO_FAIL"] == "4")
    }

    @Test("R61: an inherited CHANT_MODEL does not remain where nobody asked for a model")
    func noModel() throws {
        #expect(try make(["CHANT_MODEL": "old"], pass: ["CHANT_*"], model: nil)["CHANT_MODEL"] == nil)
    }

    @Test("R62: agents get an identity where git knows nobody")
    func identity() throws {
        let environment = try make([:], needsIdentity: true)
        #expect(environment["GIT_AUTHOR_NAME"] == "Chant Agent")
        #expect(environment["GIT_AUTHOR_EMAIL"] == "agent@chant.invalid")
        #expect(environment["GIT_COMMITTER_NAME"] == "Chant Agent")
        #expect(environment["GIT_COMMITTER_EMAIL"] == "agent@chant.invalid")
        #expect(try make([:])["GIT_AUTHOR_NAME"] == nil)
        #expect(try make([:], set: ["GIT_AUTHOR_NAME": "Me"], needsIdentity: true)["GIT_AUTHOR_NAME"] == "Me")
    }
}
