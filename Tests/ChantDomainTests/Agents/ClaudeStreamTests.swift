import Foundation
import Testing

@testable import ChantDomain

@Suite("What Claude Code writes")
struct ClaudeStreamTests {
    /// Write them again with `CHANT_WRITE_GOLDEN=1`, and look at the difference.
    private static let writesGolden = ProcessInfo.processInfo.environment["CHANT_WRITE_GOLDEN"] == "1"

    @Test("each recording is decoded as the files beside it say", arguments: ClaudeRecording.allCases)
    func golden(recording: ClaudeRecording) throws {
        let views = ClaudeRecording.views(try recording.bytes)
        for (ending, decoded) in [(".text", views.text), (".events", views.events)] {
            if Self.writesGolden {
                let file = ClaudeRecording.folder.appendingPathComponent(recording.rawValue + ending)
                try decoded.write(to: file, atomically: true, encoding: .utf8)
            }
            #expect(decoded == (try recording.golden(ending)))
        }
    }

    @Test(
        "every line of view events is a JSON object with its offset and its kind",
        arguments: ClaudeRecording.allCases
    )
    func eventsAreJSON(recording: ClaudeRecording) throws {
        let raw = try recording.bytes
        let kinds = ["text", "tool_use", "tool_result", "retry", "usage", "result", "unknown"]
        for line in ClaudeRecording.views(raw).events.split(separator: "\n") {
            let step = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
            let offset = try #require(step?["offset"] as? Int)
            #expect(offset == 0 || raw[offset - 1] == UInt8(ascii: "\n"))
            #expect(kinds.contains(step?["kind"] as? String ?? ""))
        }
    }

    @Test("what comes out does not depend on how the bytes arrived", arguments: [1, 7, 64, 1000, 65_536])
    func pieces(size: Int) throws {
        let raw = try ClaudeRecording.toolError.bytes + Array("half a li".utf8)
        var lines = OutputLines()
        var found: [OutputLines.Line] = []
        var end = 0
        while end < raw.count {
            end = min(raw.count, end + size)
            found += lines.cut(Array(raw[lines.offset..<end]), isFinal: end == raw.count)
        }
        var whole = OutputLines()
        #expect(found.map(\.start) == whole.cut(raw, isFinal: true).map(\.start))
        #expect(found.map { $0.decoded(.claude) } == OutputLines.all(raw).map { $0.decoded(.claude) })
        #expect(lines == whole)
        #expect(lines.offset == raw.count)
    }

    @Test("a line that is too long is passed over, in whatever pieces it comes, and named", arguments: [5000, 6 << 20])
    func longLines(piece: Int) throws {
        let long = [UInt8](repeating: UInt8(ascii: "x"), count: OutputLines.longest + 5)
        let raw = Array("{}\n".utf8) + long + Array("\nlast".utf8)
        var lines = OutputLines()
        var found: [OutputLines.Line] = []
        var end = 0
        while end < raw.count {
            end = min(raw.count, end + piece)
            guard end - lines.offset > OutputLines.longest || end == raw.count || piece > long.count else { continue }
            found += lines.cut(Array(raw[lines.offset..<end]), isFinal: end == raw.count)
        }
        #expect(found.map(\.start) == [0, 3, 4 + long.count])
        #expect(found[1].content == .overlong(long.count))
        #expect(found[1].decoded(.claude).text == "[a line of \(long.count) bytes]\n")
    }

    @Test(
        "what is no event is kept as text; what is unknown is named",
        arguments: [
            ("Traceback: boom", "Traceback: boom\n", #"{"offset":0,"kind":"text","text":"Traceback: boom"}"#),
            (#"{"type":"assistant","mess"#, #"{"type":"assistant","mess"# + "\n", nil),
            (#"[1,2]"#, "[1,2]\n", #"{"offset":0,"kind":"text","text":"[1,2]"}"#),
            (#"{"type":"news","n":1}"#, "", #"{"offset":0,"kind":"unknown","raw_type":"news"}"#),
            (#"{"type":"system","subtype":"x"}"#, "", #"{"offset":0,"kind":"unknown","raw_type":"system/x"}"#),
            (#"{"type":7}"#, "{\"type\":7}\n", nil),
            (#"{"type":"assistant","message":[]}"#, "", ""),
            ("", "", ""),
            (
                #"{"type":"assistant","message":{"content":[{"type":"text","text":"a\u001b[1m\u0085\u007f"}]}}"#,
                "a\u{1B}[1m\u{85}\u{7F}\n", #"{"offset":0,"kind":"text","text":"a\u001b[1m\u0085\u007f"}"#
            ),
            (
                #"{"type":"assistant","message":{"content":[{"type":"tool_use","name":"T","input":{"b":"\u0085","a":1}}]}}"#,
                "[T] \n", #"{"offset":0,"kind":"tool_use","name":"T","input":{"a":1,"b":"\u0085"}}"#
            ),
        ] as [(String, String, String?)]
    )
    func oddLines(line: String, text: String, events: String?) {
        let views = ClaudeRecording.views(Array(line.utf8))
        #expect(views.text == text)
        if let events { #expect(views.events == (events.isEmpty ? "" : events + "\n")) }
    }

    @Test("figures that cannot be are not believed")
    func hostileFigures() {
        let line = """
            {"type":"result","is_error":false,"total_cost_usd":-1,"num_turns":1e300,"modelUsage":{},\
            "usage":{"input_tokens":-5,"output_tokens":1e300}}
            """
        let usage = ClaudeStream.decode(Array(line.utf8)[...]).facts.result?.usage
        #expect(usage == RunUsage())
    }

    @Test("the model is the one that answered, not what the program says in its place, and not a helper's")
    func model() throws {
        #expect(try ClaudeRecording.success.report.model == "claude-sonnet-5-5")
        // Nothing answered: the model that it was started with.
        #expect(try ClaudeRecording.badRequest.report.model == "claude-sonnet-5-5")
        let helper = #"{"type":"assistant","parent_tool_use_id":"t","message":{"model":"claude-haiku","content":[]}}"#
        #expect(ClaudeStream.decode(Array(helper.utf8)[...]).facts.answeringModel == nil)
    }
}

extension OutputLines {
    /// All lines of an output.
    static func all(_ raw: [UInt8]) -> [Line] {
        var lines = OutputLines()
        return lines.cut(raw, isFinal: true)
    }
}
