import ChantTesting
import Foundation
import Testing

@testable import ChantDomain

/// Starts that are refused, with the built program; the table of `EndToEndTests` has the everyday ones.
@Suite("Refused starts", .serialized)
struct StartRefusalTests {
    private func refused(
        _ project: DemoProject,
        _ flags: [String] = [],
        environment: [String: String] = [:],
        code: Int32,
        _ words: [String],
        location: SourceLocation = #_sourceLocation
    ) async throws {
        let number = "r\(UInt32.random(in: 0...UInt32.max))"
        let child = try ServerUnderTest.launch(project, number, flags: flags, environment: environment)
        let exit = try await child.waitForEnd()
        let message = try project.text(atPath: "\(project.folder)/server-\(number).err")
        #expect(exit == .code(code), "\(message)", sourceLocation: location)
        for word in words { #expect(message.contains(word), "\(message)", sourceLocation: location) }
        #expect(message.hasPrefix("chant-server: "), "\(message)", sourceLocation: location)
        #expect(message.split(separator: "\n").count == 1, "one sentence: \(message)", sourceLocation: location)
        let output = try project.text(atPath: "\(project.folder)/server-\(number).out")
        #expect(output == "", sourceLocation: location)
        #expect(!project.exists("\(project.folder)/port-\(number)"), sourceLocation: location)
    }

    @Test("66: no folder with .chant upwards; .chant is a file; a bare repository; no git at all")
    func unusableProject() async throws {
        let project = try await DemoProject()
        let lost = try await ProgramRun(
            ["--listen", "127.0.0.1:0", "--state-dir", project.state],
            project,
            in: "\(project.folder)/home"
        )
        #expect(lost.exit == .code(66), "\(lost)")
        #expect(lost.error.contains("chant-server init"))
        _ = try await project.run("mkdir", ["\(project.folder)/file"])
        try project.write("", to: "../file/.chant")
        try await refused(project, ["--project", "\(project.folder)/file"], code: 66, [".chant is not a folder"])
        _ = try await project.run("mkdir", ["-p", "\(project.folder)/bare/.chant"])
        try await project.git("init", "-q", "--bare", "\(project.folder)/bare")
        try await refused(project, ["--project", "\(project.folder)/bare"], code: 66, ["bare", "clone"])
        let empty = ["PATH": "\(project.folder)/home"]
        let program = try BuiltProducts.chantServer()
        let (exit, _, error) = try await project.run(
            "/usr/bin/env",
            ["-i", "PATH=\(empty["PATH"] ?? "")", "HOME=\(project.folder)/home", program]
                + ["--project", project.checkout, "--state-dir", project.state, "--listen", "127.0.0.1:0"]
        )
        #expect(exit == .code(66) && error.contains("Install git"), "\(exit) \(error)")
        let old = try await project.shadow("git", by: "echo git version 2.37.9")
        try await refused(project, environment: old, code: 66, ["2.37.9", "2.38"])
        #expect(!project.exists(project.state), "nothing was made")
    }

    @Test("78: several projects in variable or file; 64: by flag")
    func severalProjects() async throws {
        let project = try await DemoProject()
        let twice = ["--project", project.checkout, "--project", project.checkout]
        try await refused(project, twice, code: 64, ["one project"])
        try project.write("projects: [{path: /a}, {path: /b}]\n", to: "../two.yaml")
        try await refused(project, ["--config", "\(project.folder)/two.yaml"], code: 78, ["projects"])
    }

    @Test("78: a port file that cannot be written; nothing was decided, and the locks are free again")
    func portFile() async throws {
        let project = try await DemoProject()
        try await refused(project, ["--port-file", "\(project.folder)/nowhere/port"], code: 78, ["port file"])
        try await refused(project, ["--port-file", project.checkout], code: 78, ["it is a folder"])
        let server = try await ServerUnderTest(project)
        let events = try await server.client.events("/events?after=0")
        let first = try #require(try await events.next())
        #expect(first.event == "service.started" && first.id == "1", "the refused ones left no trace")
        #expect(try await server.stop() == .code(0))
    }

    @Test("78: a journal of a newer program")
    func newerJournal() async throws {
        let project = try await DemoProject()
        try FileManager.default.createDirectory(
            atPath: project.state,
            withIntermediateDirectories: false,
            attributes: [.posixPermissions: 0o700]
        )
        let newer = JournalSchema(steps: JournalSchema.current.steps + ["CREATE TABLE later (id TEXT)"])
        try Journal.open(stateFolder: project.state, schema: newer).close()
        try await refused(project, code: 78, ["version \(newer.version)", "newer"])
    }

    @Test("75: the second service on a project or a state folder is told who holds it, and does the first no harm")
    func heldByOther() async throws {
        let project = try await DemoProject()
        let other = try await DemoProject()
        let first = try await ServerUnderTest(project)
        let holder = ["\(first.program.pid)", "http://127.0.0.1:\(first.client.port)"]
        try await refused(project, ["--state-dir", other.state], code: 75, holder + ["project"])
        try await refused(other, ["--state-dir", project.state], code: 75, holder + ["state folder"])
        try await refused(other, ["--listen", "127.0.0.1:\(first.client.port)"], code: 69, ["\(first.client.port)"])
        #expect(try await first.client.get("/health/ready").status == 200)
        // Each refused start has given back what it had taken before it was refused.
        let second = try await ServerUnderTest(other)
        #expect(try await second.stop() == .code(0))
        #expect(try await first.stop() == .code(0))
    }

    @Test("The port file appears whole and goes with the service; one that a crash left behind is replaced")
    func portFileLife() async throws {
        let project = try await DemoProject()
        let file = "\(project.folder)/port"
        try project.write("1\n", to: "../port")
        let child = try ServerUnderTest.launch(project, "p", flags: ["--port-file", file])
        try await eventually("the new port") { (try? project.text(atPath: file)).map { $0 != "1\n" } ?? false }
        let text = try project.text(atPath: file)
        #expect(text.hasSuffix("\n") && (Int(text.dropLast()) ?? 0) > 1)
        child.send(SIGTERM)
        #expect(try await child.waitForEnd() == .code(0))
        #expect(!project.exists(file))
        let names = try FileManager.default.contentsOfDirectory(atPath: project.folder)
        #expect(!names.contains { $0.hasPrefix("port") }, "\(names)")
    }
}
