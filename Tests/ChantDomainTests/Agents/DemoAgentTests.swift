import ChantTesting
import Foundation
import Glibc
import Synchronization
import Testing

@testable import ChantDomain

@Suite("The demo agent")
struct DemoAgentTests {
    /// A git repository with one spec, and a demo agent in it.
    private final class Stage: Sendable {
        static let spec = "2026-01-24-001-abc"
        let project: ProjectFixture
        private let written = Mutex<[UInt8]>([])

        var output: String { String(decoding: written.withLock { $0 }, as: UTF8.self) }
        var outputBytes: Int { written.withLock { $0.count } }
        var specFile: String { ".chant/specs/\(Self.spec).md" }

        init(header: String = "status: in_progress") async throws {
            project = try ProjectFixture([
                ".chant/specs/\(Self.spec).md": """
                ---
                \(header)
                ---

                # Say hello

                - [ ] no criterion

                ## Acceptance Criteria

                - [ ] first
                - [x] second
                - [ ] third

                """,
                "prompt.md": "do it",
                "notes.txt": "old\n",
            ])
            try await git(["init", "--quiet", "--initial-branch", "main"])
            try await git(["add", ".chant", "notes.txt"])
            try await git(["commit", "--quiet", "-m", "start"])
        }

        func environment(_ demo: [String: String] = [:]) -> [String: String] {
            var environment = [
                "PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": project.folder, "GIT_CONFIG_NOSYSTEM": "1",
                "GIT_AUTHOR_NAME": "A", "GIT_AUTHOR_EMAIL": "a@b", "GIT_COMMITTER_NAME": "A",
                "GIT_COMMITTER_EMAIL": "a@b",
                "CHANT_SPEC_ID": Self.spec, "CHANT_SPEC_FILE": "\(project.folder)/\(specFile)",
                "CHANT_RUN_ID": "r1", "CHANT_BRANCH": "chant/x", "CHANT_PROMPT_FILE": "\(project.folder)/prompt.md",
                "CHANT_DEMO_DELAY_MS": "0",
            ]
            for (name, value) in demo { environment["CHANT_DEMO_\(name)"] = value }
            return environment
        }

        func run(_ demo: [String: String] = [:]) async -> Int32 {
            let agent = DemoAgent(
                environment: environment(demo),
                folder: project.folder,
                runner: SubprocessRunner(),
                write: { bytes in self.written.withLock { $0 += bytes } }
            )
            return await agent.run()
        }

        @discardableResult
        func git(_ arguments: [String]) async throws -> String {
            let command = Command("git", arguments, folder: project.folder, environment: environment())
            let result = try await SubprocessRunner().run(command)
            try #require(result.succeeded, "git \(arguments): \(result.errorText)")
            return String(decoding: result.output, as: UTF8.self)
        }

        /// What is not committed of tracked files.
        func dirty() async throws -> [String] {
            try await git(["status", "--porcelain", "--untracked-files=no"]).split(separator: "\n").map(String.init)
        }

        func commits() async throws -> Int {
            try await git(["log", "--format=%h", "main"]).split(separator: "\n").count - 1
        }
    }

    @Test("R66: it edits a file, ticks the criteria and commits, and says so")
    func works() async throws {
        let stage = try await Stage()
        #expect(await stage.run() == 0)
        #expect(try await stage.git(["log", "-1", "--format=%s"]) == "chant(\(Stage.spec)): Say hello\n")
        let files = try await stage.git(["show", "--name-only", "--format="])
        #expect(files.split(separator: "\n") == [Substring(stage.specFile), "demo/\(Stage.spec).md"])
        #expect(try await stage.dirty().isEmpty)
        let spec = try #require(stage.project.text(stage.specFile))
        #expect(spec.contains("- [ ] no criterion") && spec.contains("- [x] first\n- [x] second\n- [x] third\n"))
        #expect(spec.hasPrefix("---\nstatus: in_progress\n---\n"))
        #expect(stage.output.contains("step 3 of 3: wrote to demo/\(Stage.spec).md\n"))
        #expect(stage.output.contains("ticked 2 criteria"))
        #expect(stage.output.hasSuffix("done, exit code 0\n"))
    }

    @Test("R66: it takes the first target that is a text file, and adds to what is there")
    func targetFile() async throws {
        let header = "target_files: [src/main.swift, ../up.md, .chant/config.md, \"*.md\", notes.txt]"
        let stage = try await Stage(header: header)
        #expect(await stage.run(["STEPS": "1"]) == 0)
        #expect(stage.project.text("notes.txt") == "old\n- step 1 of run r1\n")
    }

    @Test("R66: an ignored spec is ticked and left out of the commit")
    func ignoredSpec() async throws {
        let stage = try await Stage()
        try await stage.git(["rm", "--quiet", "--cached", stage.specFile])
        try await stage.git(["commit", "--quiet", "-m", "untrack"])
        try stage.project.write(".gitignore", ".chant/specs/\n")
        #expect(await stage.run() == 0)
        #expect(try await stage.git(["show", "--name-only", "--format="]) == "demo/\(Stage.spec).md\n")
        #expect(stage.project.text(stage.specFile)?.contains("- [x] first") == true)
    }

    @Test("R66: CHANT_DEMO_FAIL is the exit code, with the work done")
    func fails() async throws {
        let stage = try await Stage()
        #expect(await stage.run(["FAIL": "7"]) == 7)
        #expect(try await stage.commits() == 1)
    }

    @Test("R66: CHANT_DEMO_COMMIT=0 commits nothing, CHANT_DEMO_CRITERIA=0 ticks nothing")
    func commitsNothing() async throws {
        let stage = try await Stage()
        #expect(await stage.run(["COMMIT": "0", "CRITERIA": "0"]) == 0)
        #expect(try await stage.commits() == 0)
        #expect(stage.project.text(stage.specFile)?.contains("- [ ] first") == true)
    }

    @Test("R66: CHANT_DEMO_LEAVE_DIRTY leaves a change of a tracked file, CHANT_DEMO_TOUCH commits another file")
    func leavesDirty() async throws {
        let stage = try await Stage()
        #expect(await stage.run(["LEAVE_DIRTY": "1", "TOUCH": ".chant/config.md"]) == 0)
        #expect(try await stage.dirty() == [" M demo/\(Stage.spec).md"])
        #expect(try await stage.git(["show", "--name-only", "--format="]).contains(".chant/config.md\n"))
    }

    @Test("R66: CHANT_DEMO_OUTPUT_BYTES writes exactly so many bytes more", arguments: [1, 80, 200_001])
    func output(count: Int) async throws {
        let quiet = try await Stage()
        #expect(await quiet.run(["COMMIT": "0"]) == 0)
        let stage = try await Stage()
        #expect(await stage.run(["COMMIT": "0", "OUTPUT_BYTES": String(count)]) == 0)
        // The two differ in their folders' names, of one length, and in the bytes asked for.
        #expect(stage.outputBytes == quiet.outputBytes + count)
    }

    @Test("R66: CHANT_DEMO_HANG works and then waits until it is stopped")
    func hangs() async throws {
        let stage = try await Stage()
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { _ = await stage.run(["HANG": "1"]) }
            try await eventually("it hangs") { stage.output.contains("hanging until it is stopped\n") }
            group.cancelAll()
        }
        #expect(try await stage.commits() == 0)
        #expect(!stage.output.contains("done"))
    }

    @Test("R66: CHANT_DEMO_GRANDCHILD leaves a process in a session of its own")
    func grandchild() throws {
        let pid = try DemoGrandchild.start()
        defer {
            kill(pid, SIGKILL)
            waitpid(pid, nil, 0)
        }
        #expect(getsid(pid) == pid)
        #expect(getpgid(pid) == pid)
    }

    @Test("R66: outside a run, and with a value that is none, it says so and ends with 64 or 70")
    func misused() async throws {
        let stage = try await Stage()
        #expect(await stage.run(["STEPS": "many"]) == EX_USAGE)
        #expect(await stage.run(["HANG": "perhaps"]) == EX_USAGE)
        #expect(await DemoAgent.run(environment: [:], arguments: ["x"]) == EX_USAGE)
        #expect(await DemoAgent.run(environment: [:], arguments: []) == EX_SOFTWARE)
    }

    @Test("R66: what CHANT_DEMO_* variables say")
    func settings() throws {
        let settings = try DemoSettings([
            "CHANT_DEMO_STEPS": "5", "CHANT_DEMO_DELAY_MS": "20", "CHANT_DEMO_IGNORE_TERM": "true",
            "CHANT_DEMO_GRANDCHILD": "1", "CHANT_DEMO_TOUCH": "", "CHANT_DEMO_FAIL": "255",
        ])
        #expect(settings.steps == 5)
        #expect(settings.delay == .milliseconds(20))
        #expect(settings.ignoresTerm && settings.leavesGrandchild && settings.commits && settings.ticksCriteria)
        #expect(settings.touch == nil)
        #expect(settings.exitCode == 255)
        #expect(throws: DemoSettings.Fault.self) { try DemoSettings(["CHANT_DEMO_FAIL": "256"]) }
    }
}
