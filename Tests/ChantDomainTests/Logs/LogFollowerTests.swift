import ChantTesting
import Foundation
import Testing

@testable import ChantDomain

@Suite struct LogFollowerTests {
    @Test("R31: however a log grows and wherever readers come back, they get the same bytes", arguments: 1...4)
    func pieces(seed: Int) async throws {
        let log = try GrowingLog()
        var random = LogNoise(seed: UInt64(seed))
        let raw = random.bytes(upTo: 60_000)
        let view: LogView = seed % 2 == 0 ? .raw : .text
        let expected = view == .raw ? raw : LogText(keepsEscapes: false).clean(raw[...], isFinal: true).text
        async let seen = Self.readPieces(log, view, resumeEvery: seed)
        try await Self.grow(log, raw, &random)
        #expect(try await seen == expected)
    }

    @Test("R31: however a log grows and wherever readers come back, they get the same lines", arguments: 1...4)
    func lines(seed: Int) async throws {
        let log = try GrowingLog()
        var random = LogNoise(seed: UInt64(seed) &+ 100)
        let long = [UInt8](repeating: 0x61, count: seed / 2 * 70_000) + Array("€\r\n".utf8)
        let raw = random.bytes(upTo: 10_000) + long + random.bytes(upTo: 10_000)
        let whole: [UInt8] = LogText(keepsEscapes: false).clean(raw[...], isFinal: true).text
        async let seen = Self.readLines(log, resumeEvery: seed)
        try await Self.grow(log, raw, &random)
        let lines = try await seen
        #expect(lines == LogLineCutter(view: .text, keepsEscapes: false).lines(raw, at: 0, isFinal: true))
        // The last line of a log that does not end in LF is given all the same.
        let joined = lines.flatMap { line -> [UInt8] in line.isPart ? line.text : line.text + [0x0A] }
        #expect(joined == (raw.last == 0x0A ? whole : whole + [0x0A]))
    }

    private static func grow(_ log: GrowingLog, _ raw: [UInt8], _ random: inout LogNoise) async throws {
        var rest = raw[...]
        while !rest.isEmpty {
            let count = Int.random(in: 1...4000, using: &random)
            try log.append(Array(rest.prefix(count)))
            rest = rest.dropFirst(count)
            await Task.yield()
        }
        log.end()
    }

    /// Reads everything; after every few pieces a new reader goes on from the last place.
    private static func readPieces(_ log: GrowingLog, _ view: LogView, resumeEvery: Int) async throws -> [UInt8] {
        var seen: [UInt8] = []
        var offset = 0
        while true {
            var follower = log.follower(view, from: offset)
            var count = 0
            while count < resumeEvery, let piece = try await follower.piece() {
                seen += piece.bytes
                offset = piece.end
                count += 1
            }
            if follower.ending == .runEnded { return seen }
        }
    }

    /// The same with lines; a reader may go away in the middle of what it was given.
    private static func readLines(_ log: GrowingLog, resumeEvery: Int) async throws -> [LogLine] {
        var seen: [LogLine] = []
        while true {
            var follower = log.follower(.text, from: seen.last?.end ?? 0)
            while let lines = try await follower.lines() {
                seen += lines.prefix(resumeEvery * 20)
                if lines.count > resumeEvery * 20 { break }
            }
            if follower.ending == .runEnded { return seen }
        }
    }

    @Test("without following, reading ends where it was told")
    func presentEnd() async throws {
        let log = try GrowingLog()
        try log.append(Array("a\nb\nunfinished".utf8))
        let reader = LogReader(log.runFolder, agentStarted: true)
        var live = LogFollower(reader, view: .text, from: 2, to: try reader.size(), hasEnded: false)
        try log.append(Array(" and more\n".utf8))
        #expect(try await live.lines() == [LogLine(Array("b".utf8), end: 4)])
        #expect(try await live.lines() == nil)
        #expect(live.ending == .presentEnd)
        var ended = LogFollower(reader, view: .text, from: 2, to: 14, hasEnded: true)
        let lines = try await ended.lines()
        #expect(lines?.last == LogLine(Array("unfinished".utf8), end: 14))
        #expect(try await ended.lines() == nil)
        #expect(ended.ending == .runEnded)
    }

    @Test("R31: a log that is removed while it is followed is gone")
    func removed() async throws {
        let log = try GrowingLog()
        try log.append(Array("a\n".utf8))
        var follower = log.follower(.text, from: 0)
        #expect(try await follower.lines()?.count == 1)
        try FileManager.default.removeItem(atPath: log.runFolder.outFile)
        await #expect(throws: LogError.gone(path: log.runFolder.outFile)) { try await follower.lines() }
    }

    @Test("a reader of a run that ends without any output gets the end")
    func noOutput() async throws {
        let log = try GrowingLog()
        var follower = log.follower(.text, from: 0)
        log.end()
        #expect(try await follower.lines() == nil)
        #expect(follower.ending == .runEnded)
    }

    @Test("R30: when the service stops, followers are cut off, and know that the run has not ended")
    func cutOff() async throws {
        let log = try GrowingLog()
        var follower = log.follower(.raw, from: 0)
        log.broadcaster.stop()
        #expect(try await follower.piece() == nil)
        #expect(follower.ending == .cutOff)
    }
}
