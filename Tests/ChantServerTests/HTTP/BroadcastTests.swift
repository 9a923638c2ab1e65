import ChantTesting
import Synchronization
import Testing

@testable import ChantServer

@Suite("Broadcast")
struct BroadcastTests {
    /// Keeps what is written, and is no carrier: it gets a broadcast copied.
    private final class Page: ResponseWriter {
        private let written = Mutex<[UInt8]>([])

        var text: String { written.withLock { String(decoding: $0, as: UTF8.self) } }

        func write(_ bytes: [UInt8]) async throws { written.withLock { $0 += bytes } }
        func writeIfIdle(_ bytes: [UInt8]) async throws { try await write(bytes) }
    }

    @Test("A chunk is framed once: length, bytes, line end", arguments: [0, 1, 15, 16, 300])
    func framing(count: Int) {
        let bytes = (0..<count).map { UInt8($0 % 251) }
        let chunk = SharedChunk(bytes)
        #expect(Array(chunk.payload) == bytes)
        let expected = Array("\(String(count, radix: 16))\r\n".utf8) + bytes + Array("\r\n".utf8)
        #expect(Array(chunk.framed) == expected)
    }

    @Test("R32: a writer without a carrier gets everything behind its position once, up to the end")
    func copied() async throws {
        let broadcast = Broadcast(after: 0)
        for number in 1...5 { broadcast.publish(Array("\(number) ".utf8), position: Int64(number)) }
        let page = Page()
        try await withThrowingTaskGroup(of: Bool.self) { group in
            group.addTask { try await page.follow(broadcast, after: 3) }
            try await eventually("it listens") { page.text == "4 5 " }
            broadcast.publish(Array(": ".utf8), position: nil)
            broadcast.publish(Array("6 ".utf8), position: 6)
            broadcast.finish()
            #expect(try await group.next() == true)
        }
        #expect(page.text == "4 5 : 6 ")
        #expect(broadcast.listenerCount == 0)
    }

    @Test("What a reader knows before the broadcast does is left out when it comes")
    func ahead() async throws {
        let broadcast = Broadcast(after: 0)
        let page = Page()
        for number in 1...4 { broadcast.publish(Array("\(number) ".utf8), position: Int64(number)) }
        broadcast.finish()
        #expect(try await page.follow(broadcast, after: 2))
        #expect(page.text == "3 4 ")
        let ahead = Page()
        #expect(try await ahead.follow(broadcast, after: 9))
        #expect(ahead.text == "")
    }

    @Test("A reader that knows too little is told so, and gets nothing")
    func behind() async throws {
        let broadcast = Broadcast(after: 0, limit: 2)
        for number in 1...5 { broadcast.publish([65], position: Int64(number)) }
        let page = Page()
        #expect(try await !page.follow(broadcast, after: 2))
        #expect(page.text == "")
    }

    @Test("A publish tells each listener once, and nothing comes after the end")
    func listeners() {
        let broadcast = Broadcast(after: 0)
        let heard = Counter()
        let key = broadcast.listen { heard.add() }
        broadcast.publish([65], position: 1)
        broadcast.finish()
        #expect(heard.value == 2)
        broadcast.publish([66], position: 2)
        #expect(broadcast.newest == 1)
        broadcast.unlisten(key)
        broadcast.finish()
        #expect(heard.value == 3)
    }
}
