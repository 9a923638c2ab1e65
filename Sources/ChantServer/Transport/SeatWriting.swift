import Glibc

/// Where the bytes of a stream go: a socket that never blocks, or a test's stand-in.
protocol ByteSink {
    /// Sends as much of the pieces as it takes now.
    func send(_ pieces: UnsafeBufferPointer<iovec>) -> Sent
}

/// What came of sending.
enum Sent: Equatable {
    case bytes(Int)
    /// Nothing at the moment; it will be said when there is room.
    case full
    /// Nobody is there any more.
    case gone
}

/// What is sent on one live stream, and what comes next: a value.
///
/// ```
/// own ──handed over──▶ joining ──▶ live ──lost, finished, stopping──▶ ending ──▶ over
///  └────────────────── the producer's end ──────────────────────────────▲
/// ```
/// In `own` the stream carries what one producer writes for this reader alone, in `live` what all readers of a broadcast
/// get. However it ends, but for a cut, the last chunk says so: what came before was everything, and the reader can come
/// back with the last id that it got.
struct SeatWriting {
    private enum Phase {
        case own
        case joining
        case live(RingReader)
        case ending
    }

    enum Outcome: Equatable {
        /// Everything that there is was sent.
        case waits
        /// The client does not take more at the moment.
        case blocked
        /// There is more, but it is the others' turn.
        case yields
        /// The producer has handed over: `join` is called next.
        case joins
        /// Everything was sent, the end included.
        case over
        /// The connection must be cut, so that the client does not take the stream for whole.
        case cut
    }

    /// What the ring has for a live stream.
    struct Live {
        var ring: ChunkRing<SharedChunk>
        /// Nothing will follow what the ring has.
        var isFinished: Bool
    }

    /// How many chunks are sent at once.
    static let batch = 64
    /// After so many bytes others get their turn: a client that reads a long log as fast as it comes must not hold up all.
    static let turn = 256 << 10
    private static let lastChunk = Array("0\r\n\r\n".utf8)

    private var phase = Phase.own
    private var outgoing: [UInt8]
    private var offset = 0
    /// Bytes sent so far, for those who watch whether anything moves.
    private(set) var sent = 0

    /// Begins with the head of the answer.
    init(head: [UInt8]) {
        outgoing = head
    }

    /// Goes on with a ring; without a place in it the stream ends, and its reader comes back.
    mutating func join(_ reader: RingReader?) {
        guard let reader else { return end() }
        phase = .live(reader)
    }

    /// Sends what there is until there is no more or the sink is full.
    mutating func pump(
        _ stream: ResponseStream,
        _ live: Live?,
        into sink: some ByteSink,
        _ scratch: UnsafeMutableRawBufferPointer,
        _ pieces: UnsafeMutableBufferPointer<iovec>
    ) -> Outcome {
        let begin = sent
        while true {
            if sent - begin >= Self.turn { return .yields }
            if offset < outgoing.count {
                if let outcome = sendOutgoing(sink, pieces) { return outcome }
                continue
            }
            switch phase {
            case .own: if let outcome = takeOwn(stream, scratch) { return outcome }
            case .joining: return .joins
            case .live(let reader):
                if let outcome = sendLive(reader, live, sink, pieces) { return outcome }
            case .ending: return .over
            }
        }
    }

    private mutating func end() {
        outgoing = Self.lastChunk
        offset = 0
        phase = .ending
    }

    /// `nil`: all was sent.
    private mutating func sendOutgoing(
        _ sink: some ByteSink,
        _ pieces: UnsafeMutableBufferPointer<iovec>
    ) -> Outcome? {
        let result = outgoing[offset...].withUnsafeBytes { rest -> Sent in
            pieces[0] = iovec(iov_base: UnsafeMutableRawPointer(mutating: rest.baseAddress), iov_len: rest.count)
            return sink.send(UnsafeBufferPointer(rebasing: pieces[..<1]))
        }
        switch result {
        case .gone: return .cut
        case .full: return .blocked
        case .bytes(let count):
            offset += count
            sent += count
            guard offset == outgoing.count else { return .blocked }
            outgoing = []
            offset = 0
            return nil
        }
    }

    /// `nil`: something is to be sent, or the phase has changed.
    private mutating func takeOwn(_ stream: ResponseStream, _ scratch: UnsafeMutableRawBufferPointer) -> Outcome? {
        switch stream.read(into: scratch) {
        case .bytes(let count):
            outgoing = SharedChunk.head(of: count)
            outgoing.append(contentsOf: scratch[..<count])
            outgoing += [0x0D, 0x0A]
            return nil
        case .suspended: return .waits
        case .broken: return .cut
        case .end:
            end()
            return nil
        case .handedOver:
            phase = .joining
            return nil
        }
    }

    /// `nil`: there may be more to send.
    private mutating func sendLive(
        _ present: RingReader,
        _ live: Live?,
        _ sink: some ByteSink,
        _ pieces: UnsafeMutableBufferPointer<iovec>
    ) -> Outcome? {
        guard let live else { return .waits }
        var reader = present
        defer { if case .live = phase { phase = .live(reader) } }
        switch reader.standing(in: live.ring) {
        case .lost: end()
        case .level:
            guard live.isFinished else { return .waits }
            end()
        case .ready:
            let (count, bytes) = reader.gather(live.ring, into: pieces)
            switch sink.send(UnsafeBufferPointer(rebasing: pieces[..<count])) {
            case .gone: return .cut
            case .full: return .blocked
            case .bytes(let taken):
                reader.advance(by: taken, in: live.ring)
                sent += taken
                if taken < bytes { return .blocked }
            }
        }
        return nil
    }
}
