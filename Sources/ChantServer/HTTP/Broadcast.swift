import Synchronization

/// Bytes that many readers get: made once, framed once, never changed.
///
/// `@unchecked`: the memory is written by `init` alone. It is not an array because the system sends from it while nobody
/// holds it open.
final class SharedChunk: @unchecked Sendable {
    /// The bytes as a chunk of HTTP/1.1: their length, a line's end, the bytes, a line's end.
    let framed: UnsafeRawBufferPointer
    /// The bytes alone.
    let payload: UnsafeRawBufferPointer

    init(_ bytes: [UInt8]) {
        let head = Self.head(of: bytes.count)
        let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: head.count + bytes.count + 2, alignment: 1)
        memory.copyBytes(from: head)
        UnsafeMutableRawBufferPointer(rebasing: memory[head.count...]).copyBytes(from: bytes)
        memory[memory.count - 2] = 0x0D
        memory[memory.count - 1] = 0x0A
        framed = UnsafeRawBufferPointer(memory)
        payload = UnsafeRawBufferPointer(rebasing: framed[head.count..<(memory.count - 2)])
    }

    deinit { framed.deallocate() }

    /// The line before a chunk of `count` bytes.
    static func head(of count: Int) -> [UInt8] { Array((String(count, radix: 16) + "\r\n").utf8) }
}

/// One sequence of chunks for any number of readers; whoever publishes never waits for one of them (R33).
///
/// Readers take what is new whenever they are ready. One that is slower than the ring is long has missed something, and is
/// ended: it comes back with the position that it got to.
package final class Broadcast: Sendable {
    /// What is new for a reader.
    struct News {
        var chunks: [(chunk: SharedChunk, position: Int64)]
        /// The index of the first chunk; larger than was asked for if the ring has dropped some.
        var first: Int
        var floor: Int64
        /// Nothing will follow.
        var isFinished: Bool
    }

    private struct State {
        var ring: ChunkRing<SharedChunk>
        var isFinished = false
        var lastKey = 0
        var listeners: [Int: @Sendable () -> Void] = [:]
    }

    private let state: Mutex<State>

    /// A broadcast of what comes after `position`, of which the newest chunks are kept.
    init(after position: Int64, limit: Int = 4096, byteLimit: Int = 8 << 20) {
        state = Mutex(State(ring: ChunkRing(after: position, limit: limit, byteLimit: byteLimit)))
    }

    /// How many chunks and how many bytes are kept.
    var limits: (chunks: Int, bytes: Int) { state.withLock { ($0.ring.limit, $0.ring.byteLimit) } }

    /// The position of the newest chunk.
    var newest: Int64 { state.withLock { $0.ring.newest } }

    /// How many listen: one for all readers of a hub, one for each other reader.
    var listenerCount: Int { state.withLock { $0.listeners.count } }

    /// Hands bytes to all readers.
    ///
    /// - Parameters:
    ///   - bytes: what they get.
    ///   - position: where they are behind it; `nil` for a heartbeat, which moves nobody.
    func publish(_ bytes: [UInt8], position: Int64?) {
        let chunk = SharedChunk(bytes)
        tell { state in
            guard !state.isFinished else { return }
            state.ring.append(chunk, position: position ?? state.ring.newest, bytes: chunk.framed.count)
        }
    }

    /// There will be nothing more: readers end behind the newest chunk.
    func finish() {
        tell { $0.isFinished = true }
    }

    /// Where a reader goes on who knows everything up to `position`; `nil` when the ring no longer has all that follows.
    func index(after position: Int64) -> Int? {
        state.withLock { $0.ring.index(after: position) }
    }

    /// What there is from an index on.
    func news(from index: Int) -> News {
        state.withLock { state in
            let first = max(index, state.ring.first)
            let chunks = (first..<max(first, state.ring.end)).map { (state.ring[$0], state.ring.position(at: $0)) }
            return News(chunks: chunks, first: first, floor: state.ring.floor, isFinished: state.isFinished)
        }
    }

    /// Calls `wake` whenever there is news, under no lock of the broadcast, until `unlisten` is called with the key.
    func listen(_ wake: @escaping @Sendable () -> Void) -> Int {
        state.withLock { state in
            state.lastKey += 1
            state.listeners[state.lastKey] = wake
            return state.lastKey
        }
    }

    func unlisten(_ key: Int) {
        state.withLock { $0.listeners[key] = nil }
    }

    private func tell(_ change: (inout State) -> Void) {
        let listeners = state.withLock { state in
            change(&state)
            return Array(state.listeners.values)
        }
        for wake in listeners { wake() }
    }
}
