import ChantTesting
import Testing

@testable import ChantServer

/// A stream whose connection only counts.
private final class Bench: Sendable {
    let stream: ResponseStream
    private let suspends = Counter()
    private let resumes = Counter()

    init(capacity: Int = 10) {
        let (suspends, resumes) = (suspends, resumes)
        stream = ResponseStream(
            capacity: capacity,
            valve: ResponseStream.Valve(
                suspend: { suspends.add() },
                resume: { resumes.add() }
            )
        )
    }

    var suspended: Int { suspends.value }
    var resumed: Int { resumes.value }

    func read(_ size: Int = 100) -> (ResponseStream.Reading, String) {
        var buffer = [UInt8](repeating: 0, count: size)
        let reading = buffer.withUnsafeMutableBytes { stream.read(into: $0) }
        guard case .bytes(let count) = reading else { return (reading, "") }
        return (reading, String(decoding: buffer[..<count], as: UTF8.self))
    }
}

@Suite("Response stream")
struct ResponseStreamTests {
    private let bench = Bench()

    private func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }

    @Test("What is written is read in order, in pieces of any size")
    func passesThrough() async throws {
        for piece in ["abc", "", "defg", "h"] { try await bench.stream.write(bytes(piece)) }
        #expect(bench.read(2).1 == "ab")
        #expect(bench.read(3).1 == "cde")
        #expect(bench.read().1 == "fgh")
    }

    @Test("An empty stream suspends, and the next piece resumes once")
    func suspends() async throws {
        #expect(bench.read().0 == .suspended)
        try await bench.stream.write(bytes("a"))
        try await bench.stream.write(bytes("b"))
        #expect(bench.suspended == 1)
        #expect(bench.resumed == 1)
        #expect(bench.read().1 == "ab")
    }

    @Test("R33: a writer waits while the buffer is full, and goes on when it was read")
    func backPressure() async throws {
        let written = Counter()
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                for _ in 0..<100 {
                    try await bench.stream.write(bytes("12345"))
                    written.add()
                }
            }
            try await eventually("the buffer is full") { written.value == 2 }
            for round in 1...50 {
                #expect(written.value <= round * 2)
                try await eventually("the next two are there") { written.value >= round * 2 }
                #expect(bench.read().1 == "1234512345")
            }
            try await group.waitForAll()
        }
        #expect(written.value == 100)
    }

    @Test("A heartbeat is left out while something waits to be sent")
    func writeIfIdle() async throws {
        try await bench.stream.writeIfIdle(bytes("1"))
        try await bench.stream.writeIfIdle(bytes("2"))
        #expect(bench.read().1 == "1")
    }

    @Test("A waiting writer hears that the client left")
    func clientLeaves() async throws {
        try await bench.stream.write(bytes("1234567890"))
        let bench = bench
        let task = Task { try await bench.stream.write(Array("x".utf8)) }
        bench.stream.breakOff()
        await #expect(throws: ResponseEnded.clientLeft) { try await task.value }
        #expect(bench.read().0 == .broken)
    }

    @Test("A cancelled writer does not wait")
    func cancellation() async throws {
        try await bench.stream.write(bytes("1234567890"))
        let bench = bench
        let task = Task { try await bench.stream.write(Array("x".utf8)) }
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
    }

    @Test("A stop ends writing at once, and what was written is still read")
    func stops() async throws {
        try await bench.stream.write(bytes("abc"))
        bench.stream.stop()
        await #expect(throws: ResponseEnded.stopping) { try await bench.stream.write(bytes("d")) }
        #expect(bench.read().1 == "abc")
        #expect(bench.read().0 == .end)
    }

    @Test("A producer's end is the stream's end; its error breaks the stream, unless it ends anyway")
    func run() async throws {
        #expect(await bench.stream.run { try await $0.write([65]) } == nil)
        #expect(bench.read().1 == "A")
        #expect(bench.read().0 == .end)

        struct Broken: Error {}
        let broken = Bench()
        #expect(await broken.stream.run { _ in throw Broken() } is Broken)
        #expect(broken.read().0 == .broken)

        let stopped = Bench()
        try await stopped.stream.write([65])
        stopped.stream.stop()
        #expect(await stopped.stream.run { try await $0.write([66]) } == nil)
        #expect(stopped.read().1 == "A")
        #expect(stopped.read().0 == .end)
    }

    @Test("After an end of any kind the connection is resumed once and not suspended again")
    func endsResume() {
        for end in [{ $0.stop() }, { $0.breakOff() }] as [(ResponseStream) -> Void] {
            let bench = Bench()
            #expect(bench.read().0 == .suspended)
            end(bench.stream)
            end(bench.stream)
            #expect(bench.resumed == 1)
            #expect(bench.read().0 != .suspended)
            #expect(bench.suspended == 1)
        }
    }

    @Test("Only a stream that has had nothing to send for long is looked at")
    func idle() async throws {
        bench.stream.breakOff(idleFor: .zero) { true }
        try await bench.stream.write([65])
        #expect(bench.read().1 == "A")
        #expect(bench.read().0 == .suspended)
        bench.stream.breakOff(idleFor: .seconds(60)) { true }
        bench.stream.breakOff(idleFor: .zero) { false }
        #expect(bench.resumed == 0)
        bench.stream.breakOff(idleFor: .zero) { true }
        #expect(bench.resumed == 1)
        #expect(bench.read().0 == .broken)
    }
}
