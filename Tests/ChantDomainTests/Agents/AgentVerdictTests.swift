import Foundation
import Testing

@testable import ChantDomain

@Suite("What an agent's end means")
struct AgentVerdictTests {
    private static let start = Date(timeIntervalSince1970: 1_700_000_000)

    private static func record(
        code: Int32? = nil,
        signal: Int32? = nil,
        by: EndedBy = .exit,
        startError: String? = nil
    ) -> ExitRecord {
        ExitRecord(
            code: code,
            signal: signal,
            startedAt: start,
            endedAt: start.addingTimeInterval(90),
            by: by,
            startError: startError
        )
    }

    @Test("R65: exit code 0 is finished")
    func finished() {
        #expect(AgentVerdict.byExitCode(Self.record(code: 0)) == .finished)
    }

    @Test(
        "R65: everything else failed, with its reason and evidence",
        arguments: [
            (record(code: 1), .agentExit, ["code": .number(1)]),
            (record(code: 143), .agentExit, ["code": .number(143)]),
            (record(signal: 9), .agentKilled, ["signal": .number(9)]),
            (record(), .agentKilled, [:]),
            (record(signal: 15, by: .asked), .agentKilled, ["signal": .number(15)]),
            (record(code: 0, by: .asked), .agentKilled, ["signal": .number(15)]),
            (record(signal: 15, by: .wall), .wallLimit, ["signal": .number(15)]),
            (record(code: 0, by: .wall), .wallLimit, ["code": .number(0)]),
            (record(signal: 9, by: .idle), .idleLimit, ["signal": .number(9)]),
            (record(signal: 15, by: .log), .logLimit, ["signal": .number(15)]),
            (record(by: .startFailed, startError: "no such file"), .agentStartFailed, ["error": .text("no such file")]),
        ] as [(ExitRecord, RunReason, [String: Evidence])]
    )
    func failed(record: ExitRecord, reason: RunReason, evidence: [String: Evidence]) {
        guard case .failed(let problem) = AgentVerdict.byExitCode(record) else {
            Issue.record("it finished")
            return
        }
        #expect(problem.reason == reason)
        #expect(problem.members == evidence)
        #expect(!problem.detail.isEmpty)
    }

    @Test(
        "R65: the model that is asked for",
        arguments: [
            ("a", "b", "c", "d", .command, "a"), (nil, "b", "c", "d", .command, "b"),
            ("", nil, "c", "d", .command, "c"),
            (nil, "", "", "d", .command, "d"), (nil, nil, nil, nil, .command, nil), (nil, nil, nil, "", .demo, nil),
            (nil, nil, nil, nil, .claude, "haiku"),
        ] as [(String?, String?, String?, String?, Provider, String?)]
    )
    func asked(
        request: String?,
        chant: String?,
        anthropic: String?,
        configured: String?,
        provider: Provider,
        expected: String?
    ) {
        var environment: [String: String] = [:]
        environment["CHANT_MODEL"] = chant
        environment["ANTHROPIC_MODEL"] = anthropic
        let asked = ModelChoice.asked(
            request: request,
            environment: environment,
            configured: configured,
            provider: provider
        )
        #expect(asked == expected)
    }

    @Test(
        "R65: the model on disk",
        arguments: [
            ("claude-Opus-4-1", "x", "opus"), (nil, "claude-3-5-sonnet", "sonnet"), (nil, "gpt-5", "gpt-5"),
            ("", "", "mine"), (nil, nil, "mine"),
        ] as [(String?, String?, String)]
    )
    func recorded(reported: String?, asked: String?, expected: String) {
        #expect(ModelChoice.recorded(reported: reported, asked: asked, agent: "mine") == expected)
    }
}
