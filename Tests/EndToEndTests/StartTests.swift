import ChantTesting
import Testing

@Suite("Starting")
struct StartTests {
    /// A start that must be refused.
    struct Case: Sendable, CustomTestStringConvertible {
        var name: String
        var code: Int32
        /// A word that the message must have.
        var word: String
        var flags: @Sendable (DemoProject) -> [String] = { _ in [] }
        var environment: [String: String] = [:]
        var before: @Sendable (DemoProject) async throws -> Void = { _ in }

        var testDescription: String { name }
    }

    static let cases = [
        Case(name: "an unknown flag", code: 64, word: "--nonsense", flags: { _ in ["--nonsense"] }),
        Case(name: "a folder without .chant", code: 66, word: ".chant", flags: { ["--project", "\($0.folder)/home"] }),
        Case(
            name: "a folder that is not there",
            code: 66,
            word: "nowhere",
            flags: { ["--project", "\($0.folder)/nowhere"] }
        ),
        Case(
            name: "a project that is no repository",
            code: 66,
            word: "git",
            before: { project in
                _ = try await project.run("rm", ["-rf", "\(project.checkout)/.git"])
            }
        ),
        Case(
            name: "a bare repository",
            code: 66,
            word: "bare",
            before: { project in try await project.git("config", "core.bare", "true") }
        ),
        Case(name: "an address off loopback", code: 78, word: "0.0.0.0", flags: { _ in ["--listen", "0.0.0.0:0"] }),
        Case(
            name: "an unknown variable",
            code: 78,
            word: "CHANT_SERVER_WORKERS",
            environment: ["CHANT_SERVER_WORKER": "3"]
        ),
        Case(
            name: "an unknown key of the server's file",
            code: 78,
            word: "workers",
            flags: { project in
                ["--config", "\(project.checkout)/server.yaml"]
            },
            before: { try $0.write("workres: 3\n", to: "server.yaml") }
        ),
        Case(
            name: "an unknown key below server:",
            code: 78,
            word: "criteria",
            before: { project in
                let text = try project.text(".chant/config.md").replacing(
                    "server:\n",
                    with: "server:\n  critera: tick\n"
                )
                try project.write(text, to: ".chant/config.md")
            }
        ),
        Case(
            name: "a state folder that others may write",
            code: 78,
            word: "state",
            before: { project in
                _ = try await project.run("mkdir", ["-m", "777", project.state])
            }
        ),
        Case(
            name: "a git that is too old",
            code: 66,
            word: "2.38",
            flags: { _ in [] },
            before: { project in
                try Self.fakeGit(project, "echo git version 2.30.2")
            }
        ),
        Case(name: "no number of workers", code: 64, word: "workers", flags: { _ in ["--workers", "many"] }),
    ]

    private static func fakeGit(_ project: DemoProject, _ line: String) throws {
        try project.write("#!/bin/sh\n\(line)\n", to: "../home/git")
    }

    @Test("each start failure has its exit code and a sentence, and leaves nothing half started", arguments: cases)
    func refused(_ given: Case) async throws {
        try await withTurn {
            let project = try await DemoProject()
            try await given.before(project)
            var environment = given.environment
            if project.exists("\(project.folder)/home/git") {
                _ = try await project.run("chmod", ["755", "\(project.folder)/home/git"])
                environment["PATH"] = "\(project.folder)/home:/usr/local/bin:/usr/bin:/bin"
            }
            let flags = given.flags(project)
            let child = try ServerUnderTest.launch(project, "refused", flags: flags, environment: environment)
            let exit = try await child.waitForEnd()
            let message = try project.text(atPath: "\(project.folder)/server-refused.err")
            #expect(exit == .code(given.code), "\(message)")
            #expect(message.contains(given.word), "\(message)")
            #expect(!message.contains("Fatal error"), "\(message)")
            #expect(!project.exists("\(project.folder)/port-refused"))
            #expect(try project.text(atPath: "\(project.folder)/server-refused.out") == "")
        }
    }

    @Test("an address that is taken is 69")
    func addressTaken() async throws {
        try await withService { server, _ in
            let other = try await DemoProject()
            let child = try ServerUnderTest.launch(
                other,
                "second",
                flags: ["--listen", "127.0.0.1:\(server.client.port)"]
            )
            #expect(try await child.waitForEnd() == .code(69))
            let message = try other.text(atPath: "\(other.folder)/server-second.err")
            #expect(message.contains("\(server.client.port)"), "\(message)")
        }
    }

    @Test("the ready line is one line on standard output, in text and in JSON", arguments: ["text", "json"])
    func readyLine(format: String) async throws {
        try await withService(flags: ["--log-format", format]) { server, _ in
            try await eventually("the ready line") { server.output.hasSuffix("\n") }
            let url = "http://127.0.0.1:\(server.client.port)"
            if format == "text" {
                #expect(server.output == "listening on \(url)\n")
            } else {
                let line = try JSON(Array(server.output.utf8))
                #expect(line["event"].text == "listening")
                #expect(line["url"].text == url)
            }
            #expect(try await server.client.get("/health/ready").status == 200)
            #expect(try await server.client.get("/health/live").status == 200)
            #expect(try await server.client.json("/version")["version"].text?.isEmpty == false)
        }
    }

    @Test("init makes a working .chant, and does not touch one that is there")
    func initCommand() async throws {
        let project = try await DemoProject()
        let program = try BuiltProducts.chantServer()
        let folder = "\(project.folder)/fresh"
        _ = try await project.run("git", ["init", "-q", "-b", "main", folder])
        let (exit, _, error) = try await project.run(program, ["init", folder])
        #expect(exit == .code(0), "\(error)")
        #expect(project.exists("\(folder)/.chant/config.md"))
        #expect(project.exists("\(folder)/.chant/specs"))
        let ignored = try project.text(atPath: "\(folder)/.chant/.gitignore")
        #expect(ignored.contains("logs/") && ignored.contains(".locks/"))
        let before = try project.text(".chant/config.md")
        _ = try await project.run(program, ["init", project.checkout])
        #expect(try project.text(".chant/config.md") == before)
    }

    @Test("check says what is wrong: 0 for a sound project, 1 where something is missing")
    func checkCommand() async throws {
        let project = try await DemoProject()
        let program = try BuiltProducts.chantServer()
        let flags = ["check", "--project", project.checkout, "--state-dir", project.state]
        let sound = try await project.run(program, flags)
        #expect(sound.exit == .code(0), "\(sound)")
        _ = try await project.run("rm", [project.agent])
        let broken = try await project.run(program, flags)
        #expect(broken.exit == .code(1), "\(broken)")
        #expect((broken.output + broken.error).contains("agent.sh"))
        let journal = try await project.run(program, flags + ["--journal"])
        #expect(journal.output.contains("There is no journal"), "\(journal)")
    }

    @Test("R73: check --journal reads the journal through beside a running service, and says what is wrong with it")
    func checkJournal() async throws {
        let project = try await DemoProject()
        let flags = ["check", "--project", project.checkout, "--state-dir", project.state, "--journal"]
        let server = try await ServerUnderTest(project)
        _ = try await server.settled(try await server.work(first))
        let beside = try await project.run(try BuiltProducts.chantServer(), flags)
        #expect(beside.exit == .code(0) && beside.output.contains("1 runs, 1 orders"), "\(beside)")
        #expect(try await server.stop() == .code(0))
        let path = "\(project.state)/journal.sqlite"
        _ = try await project.run(
            "dd",
            ["if=/dev/urandom", "of=\(path)", "bs=4096", "seek=1", "count=5", "conv=notrunc"]
        )
        let damaged = try await project.run(try BuiltProducts.chantServer(), flags)
        #expect(damaged.exit == .code(1) && damaged.output.contains("error: The journal could not"), "\(damaged)")
    }
}
