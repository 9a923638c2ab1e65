import ChantTesting
import Foundation
import Testing

@testable import ChantServer

@Suite("The other subcommands", .serialized)
struct CommandTests {
    @Test("--version and --help answer on standard output; a word or flag that is not known is 64 with the nearest")
    func usage() async throws {
        let project = try await DemoProject()
        let version = try await ProgramRun(["--version"], project)
        #expect(version.exit == .code(0) && version.output == "\(ServiceVersion.text)\n")
        let help = try await ProgramRun(["--help"], project)
        #expect(help.exit == .code(0))
        for word in ["serve", "init", "check"] { #expect(help.output.contains(word)) }
        for word in ["supervise", "demo-agent", "merge-driver"] { #expect(!help.output.contains(word)) }
        let table = [
            (["chek"], "did you mean check?"), (["nonsense"], "check, init, serve"),
            (["--prot-file", "x"], "--port-file"),
            (["serve", "surplus"], "surplus"), (["check", "--jurnal"], "--journal"), (["--workers"], "--workers"),
        ]
        for (arguments, word) in table {
            let refused = try await ProgramRun(arguments, project)
            #expect(refused.exit == .code(64), "\(arguments): \(refused)")
            #expect(refused.error.contains(word) && refused.output.isEmpty, "\(arguments): \(refused)")
        }
    }

    @Test("init makes a .chant that check finds sound and the service serves; twice it makes nothing")
    func initialise() async throws {
        let project = try await DemoProject()
        let folder = "\(project.folder)/fresh"
        _ = try await project.run("git", ["init", "-q", "-b", "main", folder])
        _ = try await project.run(
            "git",
            ["-C", folder, "commit", "-q", "--allow-empty", "-m", "x"],
            environment: Self.author
        )
        let made = try await ProgramRun(["init", "fresh"], project, in: project.folder)
        #expect(made.exit == .code(0) && made.output.contains("made \(folder)/.chant/config.md"), "\(made)")
        let again = try await ProgramRun(["init", folder], project)
        #expect(again.exit == .code(0) && again.output.contains("Nothing was missing"), "\(again)")
        let check = try await ProgramRun(["check", "--project", folder, "--state-dir", project.state], project)
        #expect(check.exit == .code(0) && !check.output.contains("error:"), "\(check)")
        let server = try await ServerUnderTest(project, flags: ["--project", folder])
        #expect(try await server.client.json("/specs")["total"].number == 0)
        #expect(try await server.stop() == .code(0))
    }

    private static let author = [
        "GIT_AUTHOR_NAME": "a", "GIT_AUTHOR_EMAIL": "a@b", "GIT_COMMITTER_NAME": "a", "GIT_COMMITTER_EMAIL": "a@b",
    ]

    @Test("init outside git, in no folder and in a bare repository is 66 and makes nothing")
    func initialiseRefused() async throws {
        let project = try await DemoProject()
        try await project.git("init", "-q", "--bare", "\(project.folder)/bare")
        try project.write("", to: "../file")
        let table = [("home", "git init"), ("nowhere", "not a folder"), ("file", "not a folder"), ("bare", "bare")]
        for (folder, word) in table {
            let refused = try await ProgramRun(["init", folder], project, in: project.folder)
            #expect(refused.exit == .code(66) && refused.error.contains(word), "\(folder): \(refused)")
            #expect(!project.exists("\(project.folder)/\(folder)/.chant"), "\(folder)")
        }
    }

    /// A project in which something is wrong, or odd.
    struct Case: Sendable, CustomTestStringConvertible {
        var name: String
        var code: Int32
        var line: String
        var flags: [String] = []
        var environment: [String: String] = [:]
        var before: @Sendable (DemoProject) async throws -> [String: String] = { _ in [:] }

        var testDescription: String { name }
    }

    static let cases = [
        Case(name: "sound", code: 0, line: "ok: The project is "),
        Case(name: "git too old", code: 1, line: "error: This machine's git is 2.30.2") {
            try await $0.shadow("git", by: "echo git version 2.30.2")
        },
        Case(name: "no identity", code: 0, line: "warning: git has no identity") { project in
            try await project.git("config", "--unset", "user.name")
            try await project.git("config", "--unset", "user.email")
            return [:]
        },
        Case(name: "agent missing", code: 1, line: "error: ") { project in
            _ = try await project.run("rm", [project.agent])
            return [:]
        },
        Case(name: "state folder writable by others", code: 1, line: "error: Others may write the state folder") {
            _ = try await $0.run("mkdir", ["-m", "772", $0.state])
            return [:]
        },
        Case(name: "broken configuration", code: 1, line: "error: ") { project in
            try project.write("---\nserver:\n  critera: tick\n---\n", to: ".chant/config.md")
            return [:]
        },
        Case(name: "no .chant", code: 1, line: "error: ") { project in
            _ = try await project.run("rm", ["-r", "\(project.checkout)/.chant"])
            return [:]
        },
        Case(
            name: "unknown variable",
            code: 1,
            line: "error: the variable CHANT_SERVER_X",
            environment: ["CHANT_SERVER_X": "1"]
        ),
        Case(name: "unreadable spec", code: 0, line: "warning: ") { project in
            try project.write("---\nstatus: [\n---\n", to: ".chant/specs/2026-01-05-009-bad.md")
            return [:]
        },
        Case(name: "no HOME", code: 0, line: "warning: HOME is not set", environment: ["HOME": ""]),
    ]

    @Test("check says in sentences what is wrong: 1 for errors, 0 for warnings, and changes nothing", arguments: cases)
    func check(_ given: Case) async throws {
        let project = try await DemoProject()
        let variables = try await given.before(project).merging(given.environment) { $1 }
        let flags = ["check", "--project", project.checkout, "--state-dir", project.state]
        let hadState = project.exists(project.state)
        let checked = try await ProgramRun(flags + given.flags, project, environment: variables)
        #expect(checked.exit == .code(given.code), "\(checked)")
        let lines = checked.output.split(separator: "\n").map(String.init)
        #expect(lines.contains { $0.hasPrefix(given.line) }, "\(checked)")
        #expect(lines.contains { $0.hasPrefix("error: ") } == (given.code == 1), "\(checked)")
        #expect(checked.error.isEmpty, "\(checked)")
        #expect(project.exists(project.state) == hadState)
    }
}
