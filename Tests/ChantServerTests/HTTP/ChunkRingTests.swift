import Testing

@testable import ChantServer

@Suite("Chunk ring")
struct ChunkRingTests {
    private func ring(_ positions: [Int64], after: Int64 = 0, limit: Int = 4, bytes: Int = 1000) -> ChunkRing<Int64> {
        var ring = ChunkRing<Int64>(after: after, limit: limit, byteLimit: bytes)
        for position in positions { ring.append(position, position: position, bytes: 10) }
        return ring
    }

    @Test("A reader goes on behind what it knows; one that knows too little has missed something")
    func index() {
        let ring = ring([3, 5, 5, 8, 9, 12])
        // 3 and the first 5 were dropped: who knows 5 has all of them.
        #expect(ring.floor == 5)
        #expect(ring.index(after: 4) == nil)
        #expect(ring.index(after: 5) == 3)
        #expect(ring.index(after: 7) == 3)
        #expect(ring.index(after: 8) == 4)
        #expect(ring.index(after: 12) == ring.end)
        #expect(ring.index(after: 99) == ring.end)
        #expect((ring.first..<ring.end).map { ring[$0] } == [5, 8, 9, 12])
    }

    @Test("An empty ring goes on behind its beginning")
    func empty() {
        let ring = ring([], after: 7)
        #expect(ring.index(after: 6) == nil)
        #expect(ring.index(after: 7) == ring.end)
        #expect(ring.newest == 7)
    }

    @Test("Bytes are bounded too, but the newest chunk stays")
    func bytes() {
        var ring = ring([1, 2, 3, 4], bytes: 25)
        #expect(ring.first == 2)
        ring.append(5, position: 5, bytes: 100)
        #expect((ring.first..<ring.end).map { ring[$0] } == [5])
        #expect(ring.floor == 4)
    }

    @Test("A position never falls, and indices count on through thousands of chunks")
    func long() {
        var ring = ring([], limit: 100)
        for number in 1...10_000 {
            ring.append(Int64(number), position: Int64(number), bytes: 1)
            #expect(ring.end == number)
        }
        ring.append(0, position: 3, bytes: 1)
        #expect(ring.newest == 10_000)
        #expect(ring.index(after: 9950).map { ring[$0] } == 9951)
    }

    @Test("After a skip the ring begins where it was told")
    func skip() {
        var ring = ring([1, 2, 3])
        ring.skip(to: 40, floor: 50)
        #expect(ring.first == 40 && ring.end == 40)
        #expect(ring.index(after: 49) == nil)
        ring.append(51, position: 51, bytes: 1)
        #expect(ring.index(after: 50) == 40)
    }
}
