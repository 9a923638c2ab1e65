import Foundation
import Testing

@testable import ChantDomain

@Suite("Claude Code as an agent")
struct ClaudeProviderTests {
    private static func provider(_ command: [String] = ["claude"]) -> ClaudeProvider {
        let agent = Agent(name: "main", provider: .claude, command: command, maxConcurrent: 2, weight: 1)
        return ClaudeProvider(agent: agent, program: "/opt/claude")
    }

    private static func exit(_ code: Int32? = 0, signal: Int32? = nil, by: EndedBy = .exit) -> ExitRecord {
        let start = Date(timeIntervalSince1970: 1_700_000_000)
        return ExitRecord(code: code, signal: signal, startedAt: start, endedAt: start, by: by, startError: nil)
    }

    @Test("R67: the command line: structured output, a session of the run's own, the prompt as a file")
    func commandLine() throws {
        var request = try AgentFixtures.request()
        request.costLimitUSD = 0.5
        let command = try Self.provider().command(for: request)
        #expect(command.program == "/opt/claude")
        #expect(
            command.arguments == [
                "-p",
                "Your task is in the file @\"/runs/r1/prompt.md\" . Read all of it, and do everything that it says.",
                "--output-format", "stream-json", "--verbose",
                "--session-id", "00000000-0000-0000-0000-000000000000", "--model", "opus",
                "--permission-mode", "bypassPermissions", "--max-budget-usd", "0.5",
            ]
        )
        #expect(Self.provider().separatesError)
    }

    @Test("the session's UUID is the one that the run's id spells")
    func session() throws {
        let run = RunID(at: Date(timeIntervalSince1970: 1_700_000_000.5))
        let uuid = try #require(UUID(uuidString: run.uuidText))
        let bytes = withUnsafeBytes(of: uuid.uuid) { Array($0) }
        let milliseconds = bytes.prefix(6).reduce(0) { $0 << 8 | UInt64($1) }
        #expect(milliseconds == 1_700_000_000_500)
        #expect(bytes[6] >> 4 == 7)
        #expect(bytes[8] >> 6 == 2)
    }

    @Test(
        "words of the configuration come first; how they give permissions counts",
        arguments: [
            (["claude"], true), (["claude", "--allowedTools", "Write"], false),
            (["claude", "--permission-mode", "acceptEdits"], false), (["claude", "--permission-mode=plan"], false),
            (["claude", "--permission-mode", "bypassPermissions"], true),
            (["claude", "--dangerously-skip-permissions"], true), (["claude", "--add-dir", "{worktree}"], true),
        ] as [([String], Bool)]
    )
    func permissions(command: [String], bypasses: Bool) throws {
        let provider = Self.provider(command)
        #expect(ClaudeProvider.bypassesPermissions(provider.agent) == bypasses)
        let words = try provider.command(for: AgentFixtures.request(worktree: "/w")).arguments
        #expect(words.starts(with: command.dropFirst().map { $0 == "{worktree}" ? "/w" : $0 }))
        let asksTwice = words.filter { $0.hasPrefix("--permission-mode") }.count > 1
        #expect(!asksTwice)
        let refusing = AgentCatalog(
            ProjectConfiguration(),
            projectFolder: "/p",
            ownProgram: "/opt/chant-server",
            searchPath: "/bin",
            isRoot: true
        )
        #expect(refusing.agents.first?.provider == .claude)
    }

    @Test(
        "R65: the verdict on each recording",
        arguments: [
            (.success, nil), (.noCommit, nil), (.retriesThenSuccess, nil), (.cut, nil), (.toolError, nil),
            (.denied, nil),
            (.rateLimit, .rateLimited), (.overload, .rateLimited), (.badRequest, .agentError),
            (.unauthorized, .agentError), (.budget, .costLimit), (.terminated, .agentUnfinished),
            (.interrupted, .agentUnfinished), (.interruptedInTool, .agentError),
        ] as [(ClaudeRecording, RunReason?)]
    )
    func verdict(recording: ClaudeRecording, reason: RunReason?) throws {
        let verdict = Self.provider().verdict(
            on: Self.exit(try recording.exitCode),
            try recording.report,
            costLimit: recording == .budget ? 0.01 : nil
        )
        switch verdict {
        case .finished: #expect(reason == nil)
        case .failed(let problem): #expect(problem.reason == reason, "\(problem)")
        }
    }

    @Test("R65: who was stopped or killed is judged by that, whatever its output says")
    func endedByOthers() throws {
        let success = try ClaudeRecording.success.report
        let silent = try ClaudeRecording.terminated.report
        let rows: [(ExitRecord, AgentReport, RunReason)] = [
            (Self.exit(143, by: .wall), silent, .wallLimit), (Self.exit(143, by: .idle), silent, .idleLimit),
            (Self.exit(143, by: .log), success, .logLimit), (Self.exit(nil, signal: 9), success, .agentKilled),
            (Self.exit(143, by: .asked), success, .agentKilled),
            (Self.exit(143, by: .idle), try ClaudeRecording.overload.report, .idleLimit),
        ]
        for (exit, report, reason) in rows {
            guard case .failed(let problem) = Self.provider().verdict(on: exit, report, costLimit: nil) else {
                Issue.record("\(reason) finished")
                continue
            }
            #expect(problem.reason == reason)
        }
    }

    @Test("R28, R65: after its last word it only waits for what it left running: a limit then ends that, not its work")
    func waitedForBackground() throws {
        let report = try ClaudeRecording.success.report
        for by in [EndedBy.idle, .wall] {
            let verdict = Self.provider().verdict(on: Self.exit(143, by: by), report, costLimit: nil)
            #expect(verdict == .finished, "\(by)")
        }
    }

    @Test("R65: a command that ends in the background begins a further turn, whose end is another last word")
    func furtherTurn() throws {
        var report = try ClaudeRecording.success.report
        let usage = report.usage
        let begin = Array(#"{"type":"system","subtype":"init","model":"claude-sonnet-5-5"}"#.utf8)[...]
        report.add(ClaudeStream.decode(begin).facts)
        for exit in [Self.exit(143), Self.exit(0)] {
            guard case .failed(let problem) = Self.provider().verdict(on: exit, report, costLimit: nil) else {
                Issue.record("it finished, with exit code \(exit.code ?? -1)")
                continue
            }
            #expect(problem.reason == .agentUnfinished)
        }
        #expect(report.usage == usage)
        report.add(try ClaudeRecording.success.report.facts)
        #expect(Self.provider().verdict(on: Self.exit(), report, costLimit: nil) == .finished)
    }

    @Test("R65: the evidence says what the program said")
    func evidence() throws {
        guard
            case .failed(let problem) = Self.provider().verdict(
                on: Self.exit(1),
                try ClaudeRecording.overload.report,
                costLimit: nil
            )
        else {
            Issue.record("it finished")
            return
        }
        #expect(problem.members["api_status"] == .number(529))
        #expect(problem.members["terminal_reason"] == .text("api_error"))
        #expect(try ClaudeRecording.denied.report.result?.deniedTools == ["Write", "Bash"])
        let json = String(decoding: try JSONEncoder().encode(problem.members["cost_usd"]), as: UTF8.self)
        #expect(json == "0", "a number, as in the run's usage")
    }

    @Test("usage is that of the last word, for all models, cached tokens included")
    func usage() throws {
        let usage = try ClaudeRecording.success.report.usage
        #expect(usage.inputTokens == 300)
        #expect(usage.outputTokens == 60)
        #expect(abs((usage.costUSD ?? 0) - 0.0012) < 1e-9)
        #expect(try ClaudeRecording.terminated.report.usage.isEmpty)
        let line = """
            {"type":"result","is_error":false,"usage":{"input_tokens":1,"cache_read_input_tokens":10,\
            "cache_creation_input_tokens":100,"output_tokens":5},"modelUsage":{}}
            """
        let cached = ClaudeStream.decode(Array(line.utf8)[...]).facts.result?.usage
        #expect(cached == RunUsage(inputTokens: 111, outputTokens: 5))
    }

    @Test("root without a sandbox is refused where nobody is asked for permissions")
    func root() throws {
        for (isRoot, isSandbox, arguments, refused) in [
            (true, false, [], true), (true, true, [], false), (false, false, [], false),
            (true, false, ["--allowedTools", "Write"], false),
        ] as [(Bool, Bool, [String], Bool)] {
            var configuration = ProjectConfiguration()
            configuration.agents = [AgentEntry(name: "a", provider: "claude", command: ["/bin/sh"] + arguments)]
            let catalog = AgentCatalog(
                configuration,
                projectFolder: "/p",
                ownProgram: "/opt/chant-server",
                searchPath: "/bin",
                isRoot: isRoot,
                isSandbox: isSandbox
            )
            let fault = catalog.fault(of: try catalog.agent(named: nil))
            #expect(fault == (refused ? .refusesRoot(agent: "a") : nil))
        }
    }

    @Test("R61: its defaults give way to the environment and to agent_env")
    func environment() throws {
        var keys = ServerKeys()
        keys.agentEnv.set = ["DISABLE_AUTOUPDATER": "0"]
        let request = try AgentFixtures.request()
        func made(_ provider: Provider, _ service: [String: String]) -> [String: String] {
            AgentEnvironment.make(from: service, keys: keys, request: request, provider: provider, needsIdentity: false)
        }
        let claude = made(.claude, ["CLAUDE_CODE_MAX_RETRIES": "9"])
        #expect(claude["CLAUDE_CODE_MAX_RETRIES"] == "9")
        #expect(claude["DISABLE_AUTOUPDATER"] == "0")
        #expect(claude["CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC"] == "1")
        #expect(made(.command, [:])["CLAUDE_CODE_MAX_RETRIES"] == nil)
    }
}
