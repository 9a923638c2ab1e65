import Foundation
import Glibc

/// A spec for a test's project.
package struct DemoSpec: Sendable {
    package var id: String
    package var title = "Do the work"
    package var status = "pending"
    package var dependsOn: [String]?
    package var criteria = ["It is done"]
    /// Further lines of the header.
    package var header: [String] = []

    package init(_ id: String, dependsOn: [String]? = nil, status: String = "pending", header: [String] = []) {
        self.id = id
        self.dependsOn = dependsOn
        self.status = status
        self.header = header
    }

    package var text: String {
        var lines = ["---", "type: code", "status: \(status)"]
        if let dependsOn { lines.append("depends_on: [\(dependsOn.joined(separator: ", "))]") }
        lines += header + ["---", "", "# \(title)", "", "What to do.", ""]
        if !criteria.isEmpty { lines += ["## Acceptance Criteria", ""] + criteria.map { "- [ ] \($0)" } }
        return lines.joined(separator: "\n") + "\n"
    }
}

/// A git repository with a `.chant` folder in a temporary folder, and an agent program beside it.
package final class DemoProject: Sendable {
    /// Everything of this project lies below it.
    package let folder: String
    /// The repository's checkout, on branch `main`.
    package var checkout: String { "\(folder)/project" }
    package var state: String { "\(folder)/state" }
    package var worktrees: String { "\(folder)/worktrees" }
    package var agent: String { "\(folder)/agent.sh" }

    /// Makes the repository with one commit that holds everything.
    ///
    /// - Parameters:
    ///   - agent: what the agent does.
    ///   - specs: the specs.
    ///   - server: lines of the configuration below `server:`.
    ///   - configuration: further lines of the configuration.
    /// - Throws: what the file system or git says.
    package init(
        agent: ScriptedAgent = .diligent,
        specs: [DemoSpec] = [DemoSpec("2026-01-05-001-aaa")],
        server: [String] = [],
        configuration: [String] = []
    ) async throws {
        _ = Watchdog.started
        var template = Array("\(NSTemporaryDirectory())/\(Watchdog.mark)XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw HTTPConnection.Failure(description: "no temporary folder") }
        let name = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        folder = URL(fileURLWithPath: name).resolvingSymlinksInPath().path
        try makeFolder("home")
        try makeFolder("project/.chant/specs")
        try script(agent)
        let limits = server.contains { $0.hasPrefix("limits:") } ? [] : ["limits: { stop_grace: 1s }"]
        let keys = ["provider_command: [\"\(self.agent)\"]"] + limits + server
        let header =
            ["project:", "  name: demo", "defaults:", "  provider: command", "  main_branch: main"] + configuration
            + ["server:"] + keys.map { "  \($0)" }
        try write("---\n\(header.joined(separator: "\n"))\n---\n\n# Configuration\n", to: ".chant/config.md")
        try write(".locks/\nlogs/\n*.md.tmp\n", to: ".chant/.gitignore")
        try write("first line\n", to: "README.md")
        for spec in specs { try add(spec) }
        try await git("init", "-q", "-b", "main")
        try await git("config", "user.name", "Test User")
        try await git("config", "user.email", "test@example.com")
        try await git("add", "-A")
        try await git("commit", "-q", "-m", "Begin")
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    /// The environment of the service and of git: no configuration of the machine's user.
    package var environment: [String: String] {
        let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/local/bin:/usr/bin:/bin"
        return ["HOME": "\(folder)/home", "PATH": path, "LANG": "C.UTF-8"]
    }

    /// Runs git in the checkout.
    ///
    /// - Returns: what it printed, without the last line break.
    @discardableResult
    package func git(_ arguments: String...) async throws -> String {
        let (exit, output, error) = try await run("git", arguments)
        guard exit == .code(0) else {
            throw HTTPConnection.Failure(description: "git \(arguments.joined(separator: " ")): \(error)")
        }
        return output.hasSuffix("\n") ? String(output.dropLast()) : output
    }

    /// Runs a program in the checkout to its end.
    package func run(
        _ program: String,
        _ arguments: [String],
        environment extra: [String: String] = [:]
    ) async throws -> (exit: ChildProgram.Exit, output: String, error: String) {
        let name = "\(folder)/call-\(UUID().uuidString)"
        let child = try ChildProgram(
            program,
            arguments,
            environment: environment.merging(extra) { _, extra in extra },
            folder: checkout,
            output: "\(name).out",
            error: "\(name).err"
        )
        let exit = try await child.waitForEnd(within: .seconds(60))
        return (exit, try text(atPath: "\(name).out"), try text(atPath: "\(name).err"))
    }

    /// Lets agents go on that wait for `name`.
    package func release(_ name: String) throws {
        try writeFile("", at: "\(folder)/release.\(name)")
    }

    /// Writes the agent's program.
    package func script(_ agent: ScriptedAgent) throws {
        try writeFile(agent.script(folder: folder), at: self.agent, mode: 0o755)
    }

    package func add(_ spec: DemoSpec) throws { try write(spec.text, to: ".chant/specs/\(spec.id).md") }

    /// The spec's file as it is in the checkout now.
    package func specText(_ id: String) throws -> String { try text(".chant/specs/\(id).md") }

    /// Writes a file of the checkout, and puts it in place whole.
    ///
    /// Written in place it would be told of as complete only when no half-started program of another test has it open.
    package func write(_ text: String, to path: String) throws {
        let place = "\(checkout)/\(path)"
        try writeFile(text, at: place + ".new")
        guard rename(place + ".new", place) == 0 else {
            throw HTTPConnection.Failure(description: "\(place): errno \(errno)")
        }
    }

    /// Reads a file of the checkout.
    package func text(_ path: String) throws -> String { try text(atPath: "\(checkout)/\(path)") }

    package func text(atPath path: String) throws -> String {
        String(decoding: try Data(contentsOf: URL(fileURLWithPath: path)), as: UTF8.self)
    }

    package func exists(_ path: String) -> Bool { FileManager.default.fileExists(atPath: path) }

    /// Closed on exec: a service that another test starts at this moment must not hold an agent's program open for
    /// writing, because nobody could execute it then.
    private func writeFile(_ text: String, at path: String, mode: UInt32 = 0o644) throws {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode)
        guard descriptor >= 0 else { throw HTTPConnection.Failure(description: "\(path): errno \(errno)") }
        defer { close(descriptor) }
        let bytes = Array(text.utf8)
        guard Glibc.write(descriptor, bytes, bytes.count) == bytes.count else {
            throw HTTPConnection.Failure(description: "\(path) was not written whole")
        }
    }

    private func makeFolder(_ path: String) throws {
        try FileManager.default.createDirectory(atPath: "\(folder)/\(path)", withIntermediateDirectories: true)
    }
}
