import ChantTesting
import Foundation
import Glibc
import Testing

@testable import ChantDomain

/// Signals, streams that somebody closed, and requests at the edges of the service's life, with the built program.
@Suite("The service's life", .serialized)
struct ServiceLifeTests {
    private static let spec = "2026-01-05-001-aaa"
    private static let other = "2026-01-05-002-bbb"

    @Test(
        "serve is the default subcommand, and a signal right after the ready line ends it well",
        arguments: [SIGTERM, SIGINT, SIGHUP]
    )
    func signalAfterReady(signal: Int32) async throws {
        let project = try await DemoProject()
        let program = try BuiltProducts.chantServer()
        let child = try ChildProgram(
            program,
            ["--state-dir", project.state, "--listen", "127.0.0.1:0", "--log-format=text"],
            environment: project.environment,
            folder: "\(project.checkout)/.chant/specs",
            output: "\(project.folder)/out",
            error: "\(project.folder)/err"
        )
        try await eventually("the ready line", within: .seconds(60)) {
            try project.text(atPath: "\(project.folder)/out").hasPrefix("listening on http://127.0.0.1:")
        }
        child.send(signal)
        #expect(try await child.waitForEnd() == .code(0))
        let name = [SIGINT: "SIGINT", SIGHUP: "SIGHUP"][signal] ?? "SIGTERM"
        #expect(try project.text(atPath: "\(project.folder)/err").contains(name))
    }

    @Test("While agents are stopped new work is 503 `stopping`; a second signal ends the service at once")
    func stopping() async throws {
        let agent = ScriptedAgent([.ignoreTerm, .say("busy"), .hang])
        let project = try await DemoProject(
            agent: agent,
            specs: [DemoSpec(Self.spec), DemoSpec(Self.other)],
            server: ["limits: { stop_grace: 60s }"]
        )
        let server = try await ServerUnderTest(project, flags: ["--log-level", "error"])
        _ = try await server.agentAtWork(try await server.work(Self.spec))
        let pid = try #require(try await server.client.json("/processes")["items"][0]["pid"].number)
        defer { kill(pid_t(pid), SIGKILL) }
        server.program.send(SIGINT)
        try await eventually("the service is stopping") {
            try await server.client.get("/health/ready").status == 503
        }
        let refused = try await server.client.post("/specs/\(Self.other)/work")
        #expect(refused.status == 503 && refused.problem == "stopping", "\(refused.text)")
        #expect(refused.headers["retry-after"] != nil)
        #expect(try await server.client.get("/specs/\(Self.other)").status == 200, "reading goes on")
        #expect(
            server.log.contains("pid") && server.log.contains("\(Int(pid))"),
            "Ctrl-C names the agents: \(server.log)"
        )
        server.program.send(SIGTERM)
        #expect(try await server.program.waitForEnd() == .code(0))
        #expect(kill(pid_t(pid), 0) == 0, "at once, and not after the agent's 60 s of grace")
        let names = try FileManager.default.contentsOfDirectory(atPath: project.folder)
        #expect(!names.contains { $0.hasPrefix("port") }, "\(names)")
    }

    /// A project whose service has crashed and left an agent, and a git that works on for a few seconds: nothing is
    /// decided before it has ended.
    private func crashed() async throws -> DemoProject {
        let project = try await DemoProject(agent: ScriptedAgent([.say("busy"), .hang]))
        let server = try await ServerUnderTest(project)
        _ = try await server.agentAtWork(try await server.work(Self.spec))
        try await server.crash()
        _ = try ChildProgram(
            "sleep",
            ["4"],
            environment: [
                "PATH": "/usr/bin:/bin", ServiceMark.variable: ServiceMark.value(stateFolder: project.state),
            ],
            folder: project.folder,
            output: "/dev/null",
            error: "/dev/null"
        )
        return project
    }

    /// The port of a service that still decides old runs: its lock tells it.
    private func earlyPort(_ project: DemoProject, _ child: ChildProgram) async throws -> Int {
        var port: Int?
        try await eventually("the address in the lock", within: .seconds(60)) {
            let words = try project.text(".chant/.locks/server.lock").split(whereSeparator: \.isWhitespace)
            guard words.first == "\(child.pid)", let address = words.last, address.hasPrefix("http") else {
                return false
            }
            port = address.split(separator: ":").last.flatMap { Int($0) }
            return port != nil
        }
        return try #require(port)
    }

    @Test("A request that comes before every old run is decided waits for that; the liveness probe does not")
    func earlyRequest() async throws {
        let project = try await crashed()
        let child = try ServerUnderTest.launch(project, "early")
        let client = HTTPClient(port: try await earlyPort(project, child))
        #expect(try await client.get("/health/live").status == 200)
        let early = try await client.get("/health/ready")
        #expect(!project.exists("\(project.folder)/port-early"), "not ready yet")
        #expect(early.status == 503 && early.headers["retry-after"] != nil, "\(early.text)")
        #expect(try await client.get("/version").status == 200)
        let run = try await client.json("/runs")["items"]
        #expect(project.exists("\(project.folder)/port-early"), "ready now")
        #expect(run.list.map { $0["state"].text } == ["running"], "adopted: \(run)")
        child.send(SIGTERM)
        #expect(try await child.waitForEnd() == .code(0))
    }

    @Test("Whoever started the service under nohup closes the terminal without ending it")
    func hangUpIgnored() async throws {
        let project = try await DemoProject()
        let port = "\(project.folder)/port-nohup"
        let child = try ChildProgram(
            "sh",
            ["-c", "trap '' HUP; exec \"$0\" \"$@\"", try BuiltProducts.chantServer()]
                + ["--state-dir", project.state, "--listen", "127.0.0.1:0", "--port-file", port],
            environment: project.environment,
            folder: project.checkout,
            output: "\(project.folder)/out",
            error: "\(project.folder)/err"
        )
        let client = HTTPClient(port: try await project.port(of: "nohup"))
        child.send(SIGHUP)
        #expect(try await client.get("/health/ready").status == 200)
        child.send(SIGTERM)
        #expect(try await child.waitForEnd() == .code(0))
        #expect(try !project.text(atPath: "\(project.folder)/err").contains("SIGHUP"))
    }

    @Test("A signal before the ready line: no ready line, no port file, exit code 0")
    func earlySignal() async throws {
        let project = try await crashed()
        let child = try ServerUnderTest.launch(project, "early")
        _ = try await earlyPort(project, child)
        child.send(SIGTERM)
        #expect(try await child.waitForEnd() == .code(0))
        #expect(try project.text(atPath: "\(project.folder)/server-early.out") == "")
        let names = try FileManager.default.contentsOfDirectory(atPath: project.folder)
        #expect(!names.contains { $0.hasPrefix("port-early") }, "\(names)")
    }

    @Test("All three standard streams closed at the start: the service works, and the journal is not hit")
    func closedStreams() async throws {
        let project = try await DemoProject()
        let program = try BuiltProducts.chantServer()
        let port = "\(project.folder)/port-closed"
        let flags = ["--state-dir", project.state, "--listen", "127.0.0.1:0", "--port-file", port]
        let child = try ChildProgram(
            "sh",
            ["-c", "exec \"$0\" \"$@\" <&- >&- 2>&-", program] + flags,
            environment: project.environment,
            folder: project.checkout,
            output: "\(project.folder)/out",
            error: "\(project.folder)/err"
        )
        let client = HTTPClient(port: try await project.port(of: "closed"))
        #expect(try await client.get("/specs").status == 200)
        for descriptor in 0...2 {
            let target = try FileManager.default.destinationOfSymbolicLink(
                atPath: "/proc/\(child.pid)/fd/\(descriptor)"
            )
            #expect(target == "/dev/null")
        }
        child.send(SIGTERM)
        #expect(try await child.waitForEnd() == .code(0))
        _ = try await ServerUnderTest(project).stop()
    }

    @Test("Readers of standard output and error that have left do not end the service")
    func readersLeft() async throws {
        let project = try await DemoProject()
        let ends = ["out", "err"].map { "\(project.folder)/server-pipe.\($0)" }
        for path in ends { mkfifo(path, 0o600) }
        let readers = ends.map { open($0, O_RDWR | O_CLOEXEC) }
        let child = try ServerUnderTest.launch(project, "pipe")
        for reader in readers { close(reader) }
        let client = HTTPClient(port: try await project.port(of: "pipe"))
        for _ in 0..<5 { #expect(try await client.get("/specs").status == 200) }
        child.send(SIGTERM)
        #expect(try await child.waitForEnd() == .code(0))
    }

    @Test("A log that nobody reads does not stop the service; who reads again learns what is missing")
    func logUnread() async throws {
        let project = try await DemoProject()
        let path = "\(project.folder)/server-full.err"
        mkfifo(path, 0o600)
        let reader = open(path, O_RDWR | O_CLOEXEC | O_NONBLOCK)
        defer { close(reader) }
        let child = try ServerUnderTest.launch(project, "full", flags: ["--log-format", "json"])
        let client = HTTPClient(port: try await project.port(of: "full"))
        // Each costs a line of some 200 bytes, and the pipe holds 64 KiB.
        let id = String(repeating: "x", count: 120)
        for _ in 0..<400 {
            let answer = try await client.send(
                "GET",
                "/health/live",
                headers: ["X-Request-Id": id]
            )
            #expect(answer.status == 200)
        }
        _ = drain(reader)
        _ = try await client.get("/health/live")
        let rest = drain(reader)
        #expect(rest.contains("left out"), "\(rest)")
        #expect(rest.split(separator: "\n").allSatisfy { (try? JSON(Array($0.utf8))) != nil }, "\(rest)")
        child.send(SIGTERM)
        #expect(try await child.waitForEnd() == .code(0))
    }

    private func drain(_ descriptor: Int32) -> String {
        var all: [UInt8] = []
        var bytes = [UInt8](repeating: 0, count: 1 << 16)
        while case let count = read(descriptor, &bytes, bytes.count), count > 0 { all += bytes.prefix(count) }
        return String(decoding: all, as: UTF8.self)
    }
}
