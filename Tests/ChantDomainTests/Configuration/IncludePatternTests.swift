import Testing

@testable import ChantDomain

@Suite("Patterns of files that are copied into worktrees")
struct IncludePatternTests {
    @Test(
        "paths below the project's folder, with wild cards in their parts",
        arguments: [
            ".env", "config/local.yaml", "config/", "*.local", "a/*/b?.[ch]", ".env*", "x", "a b", "ä/ö", ".github/x",
            "...", "a..b", ".chantx",
        ]
    )
    func patterns(text: String) throws {
        let pattern = try #require(IncludePattern(text))
        #expect(pattern.text == text)
        #expect(!pattern.parts.isEmpty)
    }

    @Test(
        "a pattern that leads elsewhere cannot exist",
        arguments: [
            "", "/etc/passwd", "/", "..", "../x", "a/../b", "a/..", ".", "./a", "a//b", "a/./b", "~/x", "~", "a\\b",
            "**/x", "a/**", "a**b", ".git", ".git/config", "sub/.git/config", ".GIT/x", ".chant", ".chant/config.md",
            "a\u{0}b", "a\nb", "a\u{7F}", String(repeating: "x", count: 501),
        ]
    )
    func hostile(text: String) {
        #expect(IncludePattern(text) == nil)
    }

    @Test("the configuration names the line of a bad pattern; set-up is a program or a list")
    func configuration() throws {
        func keys(_ lines: String) throws -> ServerKeys.WorktreeKeys {
            let file = try ConfigurationFile.parse("---\nserver:\n  worktree:\n\(lines)\n---\n", path: "config.md")
            return try ProjectConfiguration(project: file.root, global: nil, agents: nil).server.worktree
        }
        let both = try keys("    setup: [npm, ci]\n    include: [.env, \"config/*.local\"]")
        #expect(both.setup == ["npm", "ci"])
        #expect(both.include.map(\.text) == [".env", "config/*.local"])
        #expect(both.furnishes)
        #expect(try keys("    setup: ./prepare it").setup == ["./prepare it"])
        for none in ["    setup: []", "    setup:", "    setup: \"\"", "    include: []"] {
            #expect(try !keys(none).furnishes, "\(none)")
        }
        for (lines, line) in [
            ("    include:\n    - .env\n    - ../secret", 6), ("    include: [/etc/passwd]", 4), ("    include: x", 4),
            ("    setup: [\"\"]", 4), ("    setup: {a: b}", 4),
        ] {
            let error = #expect(throws: ConfigurationError.self) { try keys(lines) }
            #expect(error?.complaints.first?.line == line, "\(lines)")
        }
    }
}
