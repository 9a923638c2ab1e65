import ChantTesting
import Foundation
import Testing

@testable import ChantDomain

@Suite("R34: logs without secrets")
struct SecretLogTests {
    private static let secret = "hush-hush-0123"
    private static let redactor = SecretRedactor([secret, "tell-no-\"body\""])

    /// Noise, with secrets whole, broken and escaped in between.
    private static func noise(_ seed: Int, _ count: Int) -> [UInt8] {
        var random = LogNoise(seed: UInt64(seed))
        let pool: [[UInt8]] = [
            Array(secret.utf8), Array(secret.prefix(9).utf8), Array(secret.dropFirst(5).utf8),
            Array("hush\u{1B}[1m-hush-0123".utf8), Array("tell-no-\\\"body\\\"".utf8), Array("tell-no-\"".utf8),
            // Base64 of the first, whole and broken, over lines.
            Array("aHVzaC1o\ndXNoLTAxMjM=".utf8), Array("aHVzaC1o\r\n dXNo".utf8),
            Array("\naHVz\naC1odXNoLTAxMjM".utf8),
        ]
        var bytes: [UInt8] = []
        while bytes.count < count {
            bytes += random.bytes(upTo: 40)
            bytes += pool[Int.random(in: 0..<pool.count, using: &random)]
        }
        return bytes
    }

    @Test("wherever a reader begins and ends, it gets the same masked bytes", arguments: 1...4)
    func borders(seed: Int) throws {
        let log = try GrowingLog()
        let raw = Self.noise(seed, 3000)
        try log.append(raw)
        let reader = LogReader(log.runFolder, agentStarted: true).masking(by: Self.redactor)
        let whole = try reader.bytes(from: 0, limit: raw.count + 1)
        #expect(whole == Self.redactor.masked(raw))
        #expect(whole.count == raw.count && whole.contains(UInt8(ascii: "*")))
        for start in stride(from: 0, to: raw.count, by: 7) {
            for length in [1, 5, 20, 300] {
                let piece = try reader.bytes(from: start, limit: length)
                #expect(piece == Array(whole[start..<min(whole.count, start + length)]), "\(start) \(length)")
            }
        }
        #expect(try reader.bytes(from: raw.count, limit: 5) == [])
    }

    @Test("however a log grows, what is given live is what is given afterwards", arguments: 1...12)
    func live(seed: Int) async throws {
        let log = try GrowingLog()
        // The last line is whole, so that nothing depends on when the end was seen.
        let raw = Self.noise(seed, 20_000) + [0x0A]
        let view: LogView = seed.isMultiple(of: 2) ? .raw : .text
        async let seen = Self.read(log, view)
        var rest = raw[...]
        var random = LogNoise(seed: UInt64(seed))
        while !rest.isEmpty {
            let count = Int.random(in: 1...200, using: &random)
            try log.append(Array(rest.prefix(count)))
            rest = rest.dropFirst(count)
            await Task.yield()
        }
        log.end()
        let masked = Self.redactor.masked(raw)
        let expected = view == .raw ? masked : LogText(keepsEscapes: false).clean(masked[...], isFinal: true).text
        let given = try await seen
        let same = zip(given, expected).prefix { $0 == $1 }.count
        #expect(
            given.elementsEqual(expected),
            "from \(same) on: \(Self.shown(given, same)) is \(Self.shown(expected, same))"
        )
    }

    private static func shown(_ bytes: [UInt8], _ place: Int) -> String {
        String(decoding: bytes[max(0, place - 60)..<min(bytes.count, place + 60)], as: UTF8.self).debugDescription
    }

    private static func read(_ log: GrowingLog, _ view: LogView) async throws -> [UInt8] {
        var follower = log.follower(view, from: 0, masking: redactor)
        var seen: [UInt8] = []
        while let piece = try await follower.piece() { seen += piece.bytes }
        return seen
    }

    @Test("half a secret is not given before its rest is there; the offset says how far was given")
    func waits() async throws {
        let project = try LogProject(masking: Self.redactor)
        let run = try project.run(printing: "one\nkey: hush-hu", ended: false)
        let request = LogRequest(.run(run), follows: false)
        let half = try project.service.bytes(request)
        #expect(try await half.text() == "one\nkey: ")
        #expect(half.end == 9)
        try project.print("sh-0123 and.", run)
        let whole = try project.service.bytes(LogRequest(.run(run), start: .offset(9), follows: false))
        #expect(try await whole.text() == "************** and.")
        try project.end(run)
        let raw = try project.service.bytes(LogRequest(.run(run), view: .raw, follows: false))
        #expect(try await raw.part(11..<20).text() == "*********")
        #expect(
            try await project.service.stream(LogRequest(.run(run))).told() == [
                "log 4 one", "log 28 key: ************** and.", "end 28 failed",
            ]
        )
        let tail = try project.service.bytes(LogRequest(.run(run), start: .tail(1), follows: false))
        #expect(try await tail.text() == "key: ************** and.")
    }

    @Test("the log of all runs, also one that the original wrote, is masked")
    func allRuns() async throws {
        let project = try LogProject(masking: Self.redactor)
        try Data("old hush-hush-0123\n".utf8).write(to: URL(filePath: project.chantLog))
        let log = try project.service.bytes(LogRequest(.allRuns(project.spec), follows: false))
        #expect(try await log.text() == "old **************\n")
    }
}
