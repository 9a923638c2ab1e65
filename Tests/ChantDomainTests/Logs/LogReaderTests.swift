import Foundation
import Testing

@testable import ChantDomain

@Suite struct LogReaderTests {
    private let folder: ScratchFolder
    private let runFolder: RunFolder
    private let reader: LogReader

    init() throws {
        folder = try ScratchFolder()
        runFolder = RunFolder(stateFolder: folder.path, run: RunID(at: Date()))
        try FileManager.default.createDirectory(atPath: runFolder.path, withIntermediateDirectories: true)
        reader = LogReader(runFolder, agentStarted: true)
    }

    private func write(_ text: String) throws {
        try Data(text.utf8).write(to: URL(fileURLWithPath: runFolder.outFile))
    }

    static let tails: [(text: String, count: Int, rest: String)] = [
        ("a\nb\nc\n", 1, "c\n"), ("a\nb\nc\n", 2, "b\nc\n"), ("a\nb\nc", 1, "c"), ("a\nb\nc", 2, "b\nc"),
        ("a\nb\nc\n", 3, "a\nb\nc\n"), ("a\nb\nc\n", 99, "a\nb\nc\n"), ("a\n", 0, ""), ("", 5, ""),
        ("\n\n\n", 2, "\n\n"),
        ("abc", 1, "abc"), ("\n", 1, "\n"),
    ]

    @Test("the last lines", arguments: tails.indices)
    func tail(index: Int) throws {
        let (text, count, rest) = Self.tails[index]
        try write(text)
        let offset = try reader.offset(ofLast: count)
        #expect(String(decoding: try reader.bytes(from: offset), as: UTF8.self) == rest)
    }

    @Test("the last lines of a large log, found from its end", arguments: [1, 10, 9_000, 99_999, 100_000, 100_001])
    func largeTail(count: Int) throws {
        try write((0..<100_000).map { "line \($0)\n" }.joined())
        let offset = try reader.offset(ofLast: count)
        let first = max(0, 100_000 - count)
        #expect(String(decoding: try reader.bytes(from: offset, limit: 12), as: UTF8.self).hasPrefix("line \(first)\n"))
    }

    static let moments: [(second: Double, offset: Int)] = [
        (0, 0), (99.9, 0), (100, 2), (101.5, 2), (102, 4), (103, 4), (104, 6), (1000, 6),
    ]

    @Test("since a time: the line that was being written then, and all after it", arguments: moments.indices)
    func since(index: Int) throws {
        try write("a\nb\nc\nd")
        let notes = "100000 2\n102000 5\nnonsense\n104000 6\n1050"
        try Data(notes.utf8).write(to: URL(fileURLWithPath: runFolder.timesFile))
        let (second, offset) = Self.moments[index]
        #expect(try reader.offset(since: Date(timeIntervalSince1970: second)) == offset)
    }

    @Test("without notes of times everything is as new as can be")
    func sinceWithoutTimes() throws {
        try write("a\n")
        #expect(try reader.offset(since: Date()) == 0)
    }

    @Test("R31: a missing log is empty before the agent, and gone after it")
    func missing() throws {
        let early = LogReader(runFolder, agentStarted: false)
        #expect(try early.size() == 0)
        #expect(try early.bytes(from: 0).isEmpty)
        #expect(throws: LogError.gone(path: runFolder.outFile)) { try reader.size() }
        #expect(throws: LogError.gone(path: runFolder.outFile)) { try reader.bytes(from: 0) }
        #expect(throws: LogError.gone(path: folder.file("x"))) { try LogReader(path: folder.file("x")).size() }
        #expect(try LogReader(path: folder.file("x"), isExpected: false).size() == 0)
    }

    @Test("a log that is a link is not followed")
    func link() throws {
        try folder.write(Array("secret".utf8), to: "elsewhere")
        try FileManager.default.createSymbolicLink(
            atPath: runFolder.outFile,
            withDestinationPath: folder.file("elsewhere")
        )
        #expect(throws: LogError.self) { try reader.bytes(from: 0) }
    }

    static let ends: [(text: String, end: Int)] = [
        ("a\nb", 3), ("a\nb\r", 3), ("a€", 4), ("a\n\u{1B}[3", 2), ("a\u{1B}]0;t", 1), ("", 0),
    ]

    @Test("the present end of a live log's text cuts no character and no sequence", arguments: ends.indices)
    func presentEnd(index: Int) throws {
        let (text, end) = Self.ends[index]
        try write(text)
        #expect(try reader.presentEnd(.text, isFinal: false) == end)
        #expect(try reader.presentEnd(.text, isFinal: true) == text.utf8.count)
        #expect(try reader.presentEnd(.raw, isFinal: false) == text.utf8.count)
        try Data(text.utf8 + [0xE2, 0x82]).write(to: URL(fileURLWithPath: runFolder.outFile))
        if end == text.utf8.count { #expect(try reader.presentEnd(.text, isFinal: false) == end) }
    }

    @Test("figures say how much was written, and when")
    func figures() throws {
        #expect(runFolder.outputFigures.changedAt == nil)
        try write("abc")
        #expect(runFolder.outputFigures.bytes == 3)
        #expect(abs(try #require(runFolder.outputFigures.changedAt).timeIntervalSinceNow) < 60)
    }
}
