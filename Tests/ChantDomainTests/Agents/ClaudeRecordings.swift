import Foundation
import Testing

@testable import ChantDomain

/// What the real program wrote, case by case (recorded with `Tests/RealAgents/record_claude.py`).
enum ClaudeRecording: String, CaseIterable, CustomTestStringConvertible {
    case badRequest = "bad-request"
    case budget
    case cut
    case denied
    case interrupted
    case interruptedInTool = "interrupted-in-tool"
    case noCommit = "no-commit"
    case overload
    case rateLimit = "rate-limit"
    case retriesThenSuccess = "retries-then-success"
    case success
    case terminated
    case toolError = "tool-error"
    case unauthorized

    static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("Fixtures/claude")

    var testDescription: String { rawValue }

    /// The raw output.
    var bytes: [UInt8] {
        get throws { Array(try Data(contentsOf: Self.folder.appendingPathComponent(rawValue + ".jsonl"))) }
    }

    /// What is expected of it, in a file beside the recording.
    func golden(_ ending: String) throws -> String {
        try String(contentsOf: Self.folder.appendingPathComponent(rawValue + ending), encoding: .utf8)
    }

    /// The exit code of the program.
    var exitCode: Int32 {
        get throws {
            let json = try Data(contentsOf: Self.folder.appendingPathComponent("exit-codes.json"))
            return try JSONDecoder().decode([String: Int32].self, from: json)[rawValue] ?? -1
        }
    }

    /// All that it says about the run.
    var report: AgentReport {
        get throws {
            var lines = OutputLines()
            var report = AgentReport()
            for line in lines.cut(try bytes, isFinal: true) { report.add(line.decoded(.claude).facts) }
            return report
        }
    }

    /// Its decoded views.
    static func views(_ bytes: [UInt8]) -> (text: String, events: String) {
        var lines = OutputLines()
        var views = (text: "", events: "")
        for line in lines.cut(bytes, isFinal: true) {
            let decoded = line.decoded(.claude)
            views.text += decoded.text
            for step in decoded.steps { views.events += step.json(at: line.start) + "\n" }
        }
        return views
    }
}
