import ChantTesting
import Foundation
import Testing

@Suite("R34: secrets")
struct SecretTests {
    private static let key = "sk-ant-\"0123\"/hush"
    private static let token = "ghp_4567890123abcdef"
    private static let fromFile = "value-of-a-file-77"
    private static let secrets = [key, token, fromFile, "sk-ant-\\\"0123", "0123\"/hush"]

    /// Prints them in many ways, half of one before it waits.
    private static let agent = ScriptedAgent([
        .say("begin"), .shell(#"printf '%s\n' "$MY_API_KEY" "{\"t\":\"$GH_TOKEN\"}""#), .complain("$GH_TOKEN"),
        .shell(#"printf 'half: %s' "$(printf %s "$GH_TOKEN" | cut -c1-9)""#), .wait(for: "go"),
        .shell(#"printf '%s\n' "$(printf %s "$GH_TOKEN" | cut -c10-)""#),
        .shell(#"printf '{"k":"sk-ant-\\"0123\\"\\/hush"}\n'"#), .say("\(fromFile)"),
    ])
    private static let keys = [
        "agent_env: { pass: [MY_API_KEY], set: { GH_TOKEN: \(token) } }", "redact: { values_from: [.env] }",
    ]

    private func serve(
        _ agent: ScriptedAgent,
        _ keys: [String] = keys,
        environment: [String: String] = ["MY_API_KEY": key],
        _ body: (ServerUnderTest, DemoProject) async throws -> Void
    ) async throws {
        try await withTurn {
            let project = try await DemoProject(agent: agent, specs: [DemoSpec(first)], server: keys)
            try project.write("# a file that agents get\nOTHER='\(Self.fromFile)'\n", to: ".env")
            let server = try await ServerUnderTest(project, flags: ["--log-level", "trace"], environment: environment)
            do { try await body(server, project) } catch { Issue.record("\(error)\n\(server.log.suffix(4000))") }
            #expect(try await server.stop() == .code(0))
            for text in try Self.ownLog(project) { Self.expectNone(in: text, "the service's own log") }
        }
    }

    private static func ownLog(_ project: DemoProject) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: project.folder)
            .filter { $0.hasPrefix("server-") }.map { try project.text(atPath: "\(project.folder)/\($0)") }
    }

    private static func expectNone(in text: String, _ place: String) {
        for secret in secrets { #expect(!text.contains(secret), "\(place): \(text.prefix(2000))") }
    }

    @Test("what an agent prints leaves the service masked by every door, byte for byte at the same offsets")
    func logs() async throws {
        try await serve(Self.agent + ScriptedAgent.diligent) { server, project in
            let run = try await server.agentAtWork(try await server.work(first))
            let id = run["id"].text ?? ""
            let raw = "\(project.state)/runs/\(id)/out.log"
            try await eventually("half of a secret") { try project.text(atPath: raw).contains("half: ghp_") }
            let live = try await server.client.get("/runs/\(id)/log?follow=false")
            #expect(live.text.hasSuffix("half: "), "\(live.text)")
            try await Self.checkProcesses(of: server)
            async let streamed = server.client.events("/runs/\(id)/log").events()
            try project.release("go")
            _ = try await server.settled(run)
            let whole = try await server.client.get("/runs/\(id)/log?view=raw")
            let kept = Array(try project.text(atPath: raw).utf8)
            #expect(whole.body.count == kept.count)
            #expect(zip(whole.body, kept).allSatisfy { $0 == $1 || $0 == UInt8(ascii: "*") })
            #expect(whole.text.contains("half: \(String(repeating: "*", count: Self.token.utf8.count))\n"))
            for (start, end) in [(0, 9), (10, 30), (20, 21), (kept.count - 40, kept.count - 1)] {
                let headers = ["Range": "bytes=\(start)-\(end)"]
                let part = try await server.client.send("GET", "/runs/\(id)/log?view=raw", headers: headers)
                #expect(part.status == 206 && part.body == Array(whole.body[start...end]))
            }
            var answers = [whole.text, try await streamed.map(\.data).joined(separator: "\n")]
            for query in ["", "?tail=3", "?offset=9", "?ansi=keep", "?run=all"] {
                answers.append(try await server.client.get("/specs/\(first)/log\(query)").text)
            }
            answers.append(try project.text(".chant/logs/\(first).log"))
            for answer in answers {
                #expect(answer.contains("****"), "\(answer)")
                Self.expectNone(in: answer, "a log")
            }
            #expect(try project.text(atPath: raw).contains(Self.token))
        }
    }

    /// Neither the table of processes nor `/processes` shows a secret, though the agent has it in its environment.
    private static func checkProcesses(of server: ServerUnderTest) async throws {
        let list = try await server.client.get("/processes")
        expectNone(in: list.text, "/processes")
        let pid = try #require(list.json["items"][0]["pid"].number)
        let environment = try server.project.text(atPath: "/proc/\(pid)/environ")
        #expect(environment.contains("MY_API_KEY=\(key)"))
        for process in try FileManager.default.contentsOfDirectory(atPath: "/proc") where Int(process) != nil {
            guard let words = try? server.project.text(atPath: "/proc/\(process)/cmdline") else { continue }
            if words.contains(server.project.folder) { expectNone(in: words, "the arguments of \(process)") }
        }
    }

    /// Makes `git worktree add` fail, with a secret in what git and its filter print.
    private static func brokenFilter(_ project: DemoProject) async throws {
        try project.write("bad.txt filter=bad\n", to: ".gitattributes")
        try project.write("text\n", to: "bad.txt")
        try await project.git("add", ".gitattributes", "bad.txt")
        try await project.git("commit", "-q", "-m", "Attributes")
        try await project.git("config", "filter.bad.smudge", "echo no entry for \(token) >&2; false")
        try await project.git("config", "filter.bad.clean", "cat")
        try await project.git("config", "filter.bad.required", "true")
    }

    @Test("what git prints is masked in the run, its problem, the events, the journal, the spec and the lists")
    func problems() async throws {
        try await serve(.diligent) { server, project in
            try await Self.brokenFilter(project)
            let run = try await server.finished()
            #expect(Ending(run) == Ending("failed", "worktree-failed"))
            let stderr = try #require(run["problem"]["stderr"].text)
            #expect(stderr.contains("no entry for ****"), "\(stderr)")
            let id = run["id"].text ?? ""
            for target in [
                "/runs/\(id)", "/runs", "/specs/\(first)", "/specs/\(first)/runs", "/specs", "/status", "/config",
                "/runs/\(id)/log", "/specs/\(first)/log?run=all", "/specs?q=\(Self.token)", "/specs/\(Self.token)",
                "/runs/\(Self.token)",
            ] {
                Self.expectNone(in: try await server.client.get(target).text, target)
            }
            let events = try await server.client.events("/events?after=0").events { $0.event == "order.settled" }
            Self.expectNone(in: events.map(\.data).joined(separator: "\n"), "/events")
            Self.expectNone(in: try project.specText(first), "the spec's file")
            let files = try FileManager.default.contentsOfDirectory(atPath: project.state)
            for file in files where file.hasPrefix("journal.sqlite") {
                let bytes = try Data(contentsOf: URL(fileURLWithPath: "\(project.state)/\(file)"))
                #expect(bytes.range(of: Data(Self.token.utf8)) == nil, "\(file)")
            }
        }
    }

    @Test("R61: of the service's variables an agent finds those of the list, and no others")
    func environment() async throws {
        let given = [
            "DATABASE_URL": "pg://user:hidden-pass-1@host/db", "AWS_SECRET_ACCESS_KEY": "aws-hidden-123",
            "MY_OTHER": "1",
            "ANTHROPIC_API_KEY": "sk-visible-1234", "LC_TIME": "C", "https_proxy": "http://proxy:1",
            "GIT_DIR": "/nowhere",
            "GIT_CONFIG_PARAMETERS": "'a.b=c'", "CLAUDECODE": "1", "GPG_TTY": "/dev/tty1", "INVOCATION_ID": "x",
            "CHANT_DEMO_FAIL": "1", "LD_PRELOAD_X": "1", "XDG_RUNTIME_DIR": "/run/user/0",
        ]
        let agent = ScriptedAgent([.shell("env | cut -d= -f1 | sort > \"$folder/names\"")]) + .diligent
        try await serve(agent, [], environment: given) { server, project in
            #expect(Ending(try await server.finished()) == Ending("completed"))
            let names = Set(try project.text(atPath: "\(project.folder)/names").split(separator: "\n").map(String.init))
            #expect(names.intersection(given.keys) == ["ANTHROPIC_API_KEY", "LC_TIME", "https_proxy"])
            let others = names.filter { !$0.hasPrefix("CHANT_") && !$0.hasPrefix("GIT_") }
            #expect(
                others.subtracting(given.keys).subtracting(["_", "OLDPWD", "SHLVL", "PWD"]) == [
                    "HOME", "LANG", "PATH", "SSH_ASKPASS", "TERM",
                ]
            )
        }
    }

    @Test("what has become secret since the service started is masked from the next run on")
    func changedLater() async throws {
        let agent = ScriptedAgent([.say("the new value is newly-made-99"), .shell("git remote -v")]) + .diligent
        try await serve(agent) { server, project in
            try project.write("NEW=newly-made-99\n", to: ".env")
            try await project.git("remote", "add", "origin", "https://ann:remote-pass-5@127.0.0.1/x")
            #expect(Ending(try await server.finished()) == Ending("completed"))
            let log = try await server.client.get("/specs/\(first)/log").text
            #expect(log.contains("is *************\n") && log.contains("ann:*************@127"), "\(log)")
        }
    }

    @Test("a secret in an agent's command is told of at the start and by check, and not shown")
    func commands() async throws {
        let agents = ["agents:", "  - { name: a, provider: command, command: [/bin/true, --key, \(Self.token)] }"]
        let project = try await DemoProject(configuration: ["parallel:"] + agents.map { "  \($0)" })
        let flags = ["check", "--project", project.checkout, "--state-dir", project.state]
        let check = try await project.run(
            try BuiltProducts.chantServer(),
            flags,
            environment: ["GH_TOKEN": Self.token]
        )
        #expect(check.output.contains("agent a holds a secret"), "\(check.output)")
        Self.expectNone(in: check.output + check.error, "check")
    }
}

extension ScriptedAgent {
    fileprivate static func + (first: ScriptedAgent, second: ScriptedAgent) -> ScriptedAgent {
        ScriptedAgent(first.steps + second.steps)
    }
}
