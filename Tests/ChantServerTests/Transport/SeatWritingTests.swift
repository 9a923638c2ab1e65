import ChantTesting
import Glibc
import Testing

@testable import ChantServer

/// A socket that takes what it is told to take.
private final class Tap: ByteSink {
    var room = 0
    var isGone = false
    private(set) var taken: [UInt8] = []

    func send(_ pieces: UnsafeBufferPointer<iovec>) -> Sent {
        if isGone { return .gone }
        var count = 0
        for piece in pieces {
            let bytes = UnsafeRawBufferPointer(start: piece.iov_base, count: piece.iov_len).prefix(room)
            taken += bytes
            count += bytes.count
            room -= bytes.count
        }
        return count == 0 ? .full : .bytes(count)
    }

    var text: String { String(decoding: taken, as: UTF8.self) }
}

/// A stream with everything around it but threads and sockets.
private final class Stage {
    let tap = Tap()
    let broadcast = Broadcast(after: 0)
    let stream = ResponseStream(
        capacity: 1 << 20,
        canHandOver: true,
        valve: ResponseStream.Valve(suspend: {}, resume: {})
    )
    var writing = SeatWriting(head: Array("HEAD\r\n\r\n".utf8))
    var live: SeatWriting.Live
    private let scratch = UnsafeMutableRawBufferPointer.allocate(byteCount: 64, alignment: 1)
    private let pieces = UnsafeMutableBufferPointer<iovec>.allocate(capacity: SeatWriting.batch)

    init(limit: Int = 8) {
        let ring = ChunkRing<SharedChunk>(after: 0, limit: limit, byteLimit: 1 << 20)
        live = SeatWriting.Live(ring: ring, isFinished: false)
    }

    deinit {
        scratch.deallocate()
        pieces.deallocate()
    }

    func pump(room: Int = .max) -> SeatWriting.Outcome {
        tap.room = room
        while true {
            let outcome = writing.pump(stream, live, into: tap, scratch, pieces)
            guard outcome == .joins, let next = stream.next else { return outcome }
            let index = live.ring.index(after: next.position)
            writing.join(index.map { RingReader(from: $0, after: next.position) })
        }
    }

    func publish(_ number: Int64) {
        let chunk = SharedChunk(Array("<\(number)>".utf8))
        live.ring.append(chunk, position: number, bytes: chunk.framed.count)
    }

    /// What a client makes of it: the content, and whether it was ended properly.
    var content: (text: String, isEnded: Bool) {
        var lines = tap.text.split(separator: "\r\n", omittingEmptySubsequences: false).map(String.init).dropFirst(2)
        var text = ""
        while let head = lines.popFirst(), let size = Int(head, radix: 16) {
            guard size > 0 else { return (text, lines.allSatisfy(\.isEmpty)) }
            guard let piece = lines.popFirst(), piece.utf8.count == size else { break }
            text += piece
        }
        return (text, false)
    }
}

@Suite("Seat")
struct SeatWritingTests {
    private static func numbers(_ range: ClosedRange<Int64>) -> String { range.map { "<\($0)>" }.joined() }

    @Test("The reader's own part, then the broadcast's, then a proper end")
    func wholeLife() async throws {
        let stage = Stage()
        try await stage.stream.write(Array("own".utf8))
        #expect(stage.pump() == .waits)
        for number in 1...3 as ClosedRange<Int64> { stage.publish(number) }
        #expect(stage.stream.handOver(to: stage.broadcast, after: 1))
        #expect(stage.pump() == .waits)
        #expect(stage.content == ("own<2><3>", false))
        stage.publish(4)
        stage.live.isFinished = true
        #expect(stage.pump() == .over)
        #expect(stage.content == ("own<2><3><4>", true))
    }

    @Test("R33: who falls off the ring gets the chunk that was begun, a proper end, and nothing behind the gap")
    func fallsOff() {
        let stage = Stage(limit: 3)
        _ = stage.stream.handOver(to: stage.broadcast, after: 0)
        #expect(stage.pump() == .waits)
        stage.publish(1)
        #expect(stage.pump(room: 4) == .blocked)
        for number in 2...9 as ClosedRange<Int64> { stage.publish(number) }
        #expect(stage.pump() == .over)
        #expect(stage.content == ("<1>", true))
    }

    @Test("R32: what the reader knows though the ring does not have it yet is left out when it comes")
    func ahead() {
        let stage = Stage()
        _ = stage.stream.handOver(to: stage.broadcast, after: 5)
        for number in 1...7 as ClosedRange<Int64> { stage.publish(number) }
        #expect(stage.pump() == .waits)
        #expect(stage.content.text == "<6><7>")
    }

    @Test("A reader whose place is gone before it joined ends properly and comes back")
    func lostBefore() {
        let stage = Stage(limit: 2)
        for number in 1...9 as ClosedRange<Int64> { stage.publish(number) }
        _ = stage.stream.handOver(to: stage.broadcast, after: 3)
        #expect(stage.pump() == .over)
        #expect(stage.content == ("", true))
    }

    @Test("A stream that has very much to say lets others have their turn, and goes on where it was")
    func turns() async throws {
        let stage = Stage()
        try await stage.stream.write(Array(repeating: 65, count: 900 << 10))
        stage.stream.stop()
        var turns = 0
        while stage.pump() == .yields { turns += 1 }
        #expect(turns == 3 || turns == 4)
        #expect(stage.content.text.utf8.count == 900 << 10)
        #expect(stage.content.isEnded)
    }

    @Test("A stop before the broadcast was joined ends behind what was written")
    func stopped() async throws {
        let stage = Stage()
        stage.publish(1)
        try await stage.stream.write(Array("own".utf8))
        _ = stage.stream.handOver(to: stage.broadcast, after: 0)
        stage.stream.stop()
        #expect(stage.pump() == .over)
        #expect(stage.content == ("own", true))
    }

    @Test("A broken stream, and a client that has left, cut the connection")
    func cut() {
        let broken = Stage()
        broken.stream.breakOff()
        #expect(broken.pump() == .cut)
        #expect(!broken.content.isEnded)
        let left = Stage()
        left.tap.isGone = true
        #expect(left.pump() == .cut)
    }

    @Test(
        "R32, R33: whatever room the socket has and whenever events come: in order, none twice, no gap before the end"
    )
    func anyOrder() async throws {
        for seed in 1...400 as ClosedRange<UInt64> {
            var random = SplitMix64(seed: seed)
            let stage = Stage(limit: Int.random(in: 2...12, using: &random))
            let from = Int64.random(in: 0...3, using: &random)
            var newest: Int64 = 0
            var outcome = SeatWriting.Outcome.waits
            try await stage.stream.write(Array(repeating: 65, count: Int.random(in: 0...200, using: &random)))
            _ = stage.stream.handOver(to: stage.broadcast, after: from)
            for _ in 0..<60 where outcome != .over {
                for _ in 0..<Int.random(in: 0...3, using: &random) {
                    newest += 1
                    stage.publish(newest)
                }
                outcome = stage.pump(room: Int.random(in: 0...40, using: &random))
            }
            stage.live.isFinished = true
            while outcome != .over { outcome = stage.pump(room: Int.random(in: 1...9, using: &random)) }
            let (text, isEnded) = stage.content
            let seen = text.drop { $0 == "A" }
            #expect(isEnded, "seed \(seed)")
            let count = Int64(seen.count { $0 == "<" })
            #expect(count == 0 || seen == Self.numbers(from + 1...from + count), "seed \(seed): \(seen)")
            #expect(from + count <= max(newest, from), "seed \(seed)")
        }
    }
}
