import ChantTesting
import Testing

@Suite("A project in a folder of its repository")
struct MonorepoTests {
    @Test("The agent works where .chant lies, and the finishing commit touches that folder's spec")
    func prefix() async throws {
        try await withTurn {
            let agent = ScriptedAgent([
                .shell("pwd > \"$CHANT_WORKTREE_PATH/where\""), .shell("test -d .chant/specs"),
                .shell(
                    "case \"$CHANT_SPEC_FILE\" in \"$CHANT_WORKTREE_PATH\"/parts/one/.chant/specs/*) ;; *) exit 9;; esac"
                ),
                .tick, .commit("work"),
            ])
            let project = try await DemoProject(agent: agent)
            _ = try await project.run("mkdir", ["-p", "parts/one"])
            try await project.git("mv", ".chant", "parts/one/.chant")
            try await project.git("commit", "-q", "-m", "Move the project")
            let server = try await ServerUnderTest(project, flags: ["--project", "\(project.checkout)/parts/one"])
            let path = "parts/one/.chant/specs/\(first).md"
            let run = try await server.settled(try await server.work(first))
            #expect(run["outcome"].text == "completed", "\(run)")
            #expect(try project.text("where").hasSuffix("/parts/one\n"))
            #expect(try project.text(path).contains("status: completed"))
            #expect(try await project.git("show", "main:\(path)") + "\n" == project.text(path))
            #expect(try await project.git("status", "--porcelain") == "")
            #expect(!project.exists("\(project.checkout)/.chant"))
            #expect(try await server.client.json("/specs/\(first)")["status"].text == "completed")
            _ = try await server.stop()
        }
    }
}
