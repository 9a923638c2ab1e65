import Testing

@testable import ChantDomain

@Suite("What is wrong with a configuration")
struct ConfigurationErrorTests {
    private func complaints(_ config: String) throws -> [ConfigurationError.Complaint] {
        do {
            let project = try ProjectFixture([".chant/config.md": config])
            _ = try ProjectConfiguration.load(chantFolder: project.chant, environment: project.environment)
            return []
        } catch let error as ConfigurationError {
            return error.complaints
        }
    }

    @Test(
        "a wrong value is refused with its line and key",
        arguments: [
            ("server:\n  criteria: maybe", 3, "server.criteria", "`require`, `tick`, `ignore`"),
            ("server:\n  limits:\n    wall: 2 hours", 4, "server.limits.wall", "`2h`"),
            ("server:\n  limits: {wall: 0s}", 3, "server.limits.wall", "above 0"),
            ("server:\n  limits: {log_bytes: 256MB}", 3, "server.limits.log_bytes", "`256MiB`"),
            ("server:\n  limits: {cost_usd: -1}", 3, "server.limits.cost_usd", "above 0"),
            ("server:\n  floors: {disk: 2GB}", 3, "server.floors.disk", "a size, such as"),
            ("server:\n  floors: {disk_percent: 100}", 3, "server.floors.disk_percent", "at most 99"),
            ("server:\n  retention: {runs_count: 0}", 3, "server.retention.runs_count", "at least 1"),
            ("server:\n  retention: {runs_age: 30d}", 3, "server.retention.runs_age", "`2h`"),
            ("server:\n  commit_specs: sometimes", 3, "server.commit_specs", "`true` or `false`"),
            ("server:\n  agent_env: {pass: MY}", 3, "server.agent_env.pass", "a list"),
            ("server:\n  agent_env:\n    set: {\"A=B\": 1}", 4, "server.agent_env.set.A=B", "name of a variable"),
            ("server:\n  identity: nobody", 3, "server.identity", "name and an address"),
            ("server:\n  provider_command: []", 3, "server.provider_command", "program"),
            ("server: 4", 2, "server", "a map"),
            ("defaults:\n  branch_prefix: \"-x\"", 3, "defaults.branch_prefix", "-x"),
            ("defaults:\n  rotation_strategy: daily", 3, "defaults.rotation_strategy", "`round-robin`"),
            ("project:\n  silent: 7", 3, "project.silent", "`true`"),
            ("parallel:\n  agents:\n  - command: a", 4, "parallel.agents[0]", "needs a `name`"),
            ("parallel:\n  agents:\n  - {name: a, max_concurrent: 0}", 4, "parallel.agents[0].max_concurrent", "1"),
            ("parallel:\n  agents: yes", 3, "parallel.agents", "list of agents"),
        ]
    )
    func wrongValues(header: String, line: Int, key: String, words: String) throws {
        let complaint = try #require(complaints("---\n\(header)\n---\n").first)
        #expect(complaint.line == line)
        #expect(complaint.key == key)
        #expect(complaint.detail.contains(words), "\(complaint.detail)")
        #expect(complaint.file.hasSuffix("/.chant/config.md"))
    }

    @Test(
        "an unknown key below server is refused with the nearest name",
        arguments: [
            ("server:\n  critera: tick", "server.critera", "did you mean `criteria`?"),
            ("server:\n  limits: {stop-grace: 1s}", "server.limits.stop-grace", "did you mean `stop_grace`?"),
            ("server:\n  retention: {run_age: 1h}", "server.retention.run_age", "did you mean `runs_age`?"),
            ("server:\n  floors: {discs: 1B}", "server.floors.discs", "did you mean `disk`?"),
            ("server:\n  agent_env: {passs: []}", "server.agent_env.passs", "did you mean `pass`?"),
            ("server:\n  worktree: {zzzzzz: []}", "server.worktree.zzzzzz", "known are `setup`, `include`, `keep`"),
        ]
    )
    func unknownKeys(header: String, key: String, advice: String) throws {
        let complaint = try #require(complaints("---\n\(header)\n---\n").first)
        #expect(complaint.key == key)
        #expect(complaint.detail.hasSuffix(advice), "\(complaint.detail)")
    }

    @Test("everything that is wrong is named at once")
    func severalComplaints() throws {
        let found = try complaints("---\nserver:\n  merge: x\n  crit: y\n  limits: {wall: z}\n---\n")
        #expect(Set(found.compactMap(\.key)) == ["server.merge", "server.crit", "server.limits.wall"])
    }

    @Test(
        "a file that is no configuration is refused with its line",
        arguments: [
            ("just text", nil, "no header"),
            ("", nil, "no header"),
            ("---\nserver: {}\n", 1, "never closed"),
            ("---\na: [1\n---\n", 3, "YAML is broken"),
            ("---\na: 1\na: 2\n---\n", 3, "twice"),
            ("---\n- a\n---\n", 2, "map"),
        ] as [(String, Int?, String)]
    )
    func brokenFiles(text: String, line: Int?, words: String) throws {
        let complaint = try #require(complaints(text).first)
        #expect(complaint.detail.contains(words), "\(complaint.detail)")
        if let line { #expect(abs((complaint.line ?? 0) - line) <= 1, "\(complaint)") }
    }

    @Test("a folder in the place of the file is a complaint, not a crash")
    func folderInPlace() throws {
        let project = try ProjectFixture([".chant/config.md/x": ""])
        #expect(throws: ConfigurationError.self) {
            try ProjectConfiguration.load(chantFolder: project.chant, environment: [:])
        }
    }
}
