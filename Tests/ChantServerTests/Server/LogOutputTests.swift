import Logging
import Testing

@testable import ChantServer

@Suite("Log output")
struct LogOutputTests {
    private let lines = LoggedLines()

    @Test("A text line has time, level, message and sorted values, and stays one line")
    func text() throws {
        var logger = lines.logger(.text)
        logger[metadataKey: "b"] = "two words"
        logger.warning("a\nmessage", metadata: ["a": "1", "c": "x\n\"y"])
        let line = try #require(lines.all.first)
        #expect(line.dropFirst(24) == " WARNING  a\\nmessage a=1 b=\"two words\" c=\"x\\n\\\"y\"\n")
        #expect(try Regex(#"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z "#).firstMatch(in: line) != nil)
    }

    @Test("A JSON line is one object; values cannot replace time, level and message")
    func json() throws {
        lines.logger(.json).info("hello", metadata: ["level": "x", "list": ["a", ["b": "c"]]])
        let line = try #require(lines.all.first)
        #expect(line.hasSuffix("\n") && line.dropLast().contains("\n") == false)
        let value = try JSONValue(parsing: Array(line.utf8))
        #expect(value["level"] == "info")
        #expect(value["message"] == "hello")
        #expect(value["list"] == ["a", ["b": "c"]])
        #expect(value["time"]?.stringValue?.hasSuffix("Z") == true)
    }

    @Test("The line about lines left out has the format of the others", arguments: LogFormat.allCases)
    func dropped(format: LogFormat) throws {
        let line = String(decoding: LogOutput.notice(ofDropped: 12, format: format), as: UTF8.self)
        #expect(line.hasSuffix("\n") && line.contains("left out"))
        switch format {
        case .text: #expect(line.contains(" WARNING ") && line.hasSuffix(" lines=12\n"))
        case .json: #expect(try JSONValue(parsing: Array(line.utf8))["lines"] == "12")
        }
    }

    @Test("What is below the level is left out")
    func level() {
        lines.logger(level: .error).info("hello")
        #expect(lines.all.isEmpty)
    }
}
