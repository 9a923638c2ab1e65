import Glibc

/// What an agent's process finds in its environment (R61, R62).
///
/// A list of what goes through, never of what is held back: a secret of the service that nobody thought of stays here.
enum AgentEnvironment {
    /// Names and globs that go through from the service's environment.
    private static let passed = [
        "HOME", "USER", "LOGNAME", "SHELL", "PATH", "LANG", "LC_*", "TZ", "TMPDIR", "*_proxy", "*_PROXY",
        "SSL_CERT_FILE", "SSL_CERT_DIR", "NODE_EXTRA_CA_CERTS", "SSH_AUTH_SOCK",
        "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME",
        "ANTHROPIC_*", "CLAUDE_CODE_*", "CLAUDE_CONFIG_DIR", "OPENAI_*", "CODEX_HOME", "IS_SANDBOX",
    ]

    /// Names and globs that no agent gets, whatever `agent_env` says.
    ///
    /// The first four would tell a program that it runs inside another one of its kind, or let it talk to systemd in the
    /// service's name.
    private static let never = [
        "CLAUDECODE", "CLAUDE_CODE_ENTRYPOINT", "NOTIFY_SOCKET", "LISTEN_*", "INVOCATION_ID", "GPG_TTY",
        "CHANT_SERVER_*",
    ]

    /// Variables that would send git to another repository than the worktree's.
    private static let elsewhere: Set<String> = [
        "GIT_DIR", "GIT_WORK_TREE", "GIT_COMMON_DIR", "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY",
        "GIT_ALTERNATE_OBJECT_DIRECTORIES", "GIT_NAMESPACE", "GIT_PREFIX",
    ]

    /// The only variables of git that `agent_env.pass` can let through; all others come from `agent_env.set`.
    private static let passableOfGit: Set<String> = ["GIT_SSH_COMMAND"]

    /// The whole environment of an agent: what all have, and last the run's own.
    ///
    /// - Parameters:
    ///   - service: the service's environment.
    ///   - keys: the project's keys.
    ///   - request: the run.
    ///   - provider: the agent's kind; only the demo agent gets `CHANT_DEMO_*`.
    ///   - needsIdentity: whether git knows nobody to commit as in the worktree.
    /// - Returns: names and values.
    static func make(
        from service: [String: String],
        keys: ServerKeys,
        request: AgentRequest,
        provider: Provider,
        needsIdentity: Bool
    ) -> [String: String] {
        shared(from: service, keys: keys, provider: provider, needsIdentity: needsIdentity)
            .merging(own(request)) { _, own in own }
    }

    /// What all agents of a kind have, whatever they work on.
    ///
    /// Later parts win: what goes through, the identity, what keeps git and ssh from asking, `agent_env.set`.
    static func shared(
        from service: [String: String],
        keys: ServerKeys,
        provider: Provider,
        needsIdentity: Bool
    ) -> [String: String] {
        var environment = service.filter { name, _ in
            (matches(name, passed) || passes(name, keys.agentEnv.pass) || isDemo(name)) && isAllowed(name, provider)
        }
        if needsIdentity {
            for role in ["AUTHOR", "COMMITTER"] {
                environment["GIT_\(role)_NAME"] = keys.identity.name
                environment["GIT_\(role)_EMAIL"] = keys.identity.email
            }
        }
        environment.merge(quiet) { _, quiet in quiet }
        environment.merge(provider == .claude ? ClaudeProvider.environment : [:]) { given, _ in given }
        if keys.agentSigning == .off { environment.merge(unsigned) { _, unsigned in unsigned } }
        if environment["GIT_SSH_COMMAND"] == nil { environment["GIT_SSH_COMMAND"] = "ssh -o BatchMode=yes" }
        for (name, value) in keys.agentEnv.set where isAllowed(name, provider) && !elsewhere.contains(name) {
            environment[name] = value
        }
        return environment
    }

    /// Nobody sits at a terminal: git and ssh fail instead of asking, and no editor opens.
    private static let quiet = [
        "TERM": "dumb",
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_ASKPASS": "true",
        "SSH_ASKPASS": "true",
        "GIT_EDITOR": "true",
    ]

    /// Configuration by environment wins over every file; `git tag` signs by a key of its own (R62).
    private static let unsigned = [
        "GIT_CONFIG_COUNT": "2",
        "GIT_CONFIG_KEY_0": "commit.gpgSign", "GIT_CONFIG_VALUE_0": "false",
        "GIT_CONFIG_KEY_1": "tag.gpgSign", "GIT_CONFIG_VALUE_1": "false",
    ]

    private static func own(_ request: AgentRequest) -> [String: String] {
        var own = [
            "CHANT_SPEC_ID": request.spec.text,
            "CHANT_SPEC_FILE": request.specFile,
            "CHANT_WORKTREE": "1",
            "CHANT_WORKTREE_PATH": request.worktree,
            "CHANT_BRANCH": request.branch,
            "CHANT_RUN_ID": request.runID.text,
            "CHANT_ATTEMPT": String(request.attempt),
            "CHANT_PROMPT_FILE": request.promptFile,
            "CHANT_GIT_DIR": request.gitDir,
            "CHANT_GIT_COMMON_DIR": request.gitCommonDir,
        ]
        // A name that is empty would read as a model; absent is what "nobody asked" means. An inherited one must not remain.
        own["CHANT_MODEL"] = request.model
        return own
    }

    private static func passes(_ name: String, _ patterns: [String]) -> Bool {
        guard matches(name, patterns) else { return false }
        return !name.hasPrefix("GIT_") || passableOfGit.contains(name)
    }

    private static func isAllowed(_ name: String, _ provider: Provider) -> Bool {
        if matches(name, never) || name == "CHANT_MODEL" { return false }
        return provider == .demo || !isDemo(name)
    }

    private static func isDemo(_ name: String) -> Bool { name.hasPrefix("CHANT_DEMO_") }

    private static func matches(_ name: String, _ patterns: [String]) -> Bool {
        patterns.contains { fnmatch($0, name, 0) == 0 }
    }
}
