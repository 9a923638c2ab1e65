import CMicroHTTPD
import Glibc

/// The socket of one live stream, and what is known about its client.
///
/// `@unchecked`: once the seat was added to the hub, only the hub's thread touches what changes.
final class StreamSeat: @unchecked Sendable {
    let key: UInt64
    let fd: Int32
    let stream: ResponseStream
    var writing: SeatWriting
    /// The broadcast that it follows.
    var channel: StreamChannel?
    var isBlocked = false
    /// The client has closed its side; it may have left, or only have no more to say.
    var isHalfClosed = false
    /// What had been sent when somebody last looked, and when it last was less.
    var progress = (sent: 0, at: ContinuousClock.now)
    /// The producer is to stop; called at most a few times.
    let cancel: @Sendable () -> Void
    /// The seat is free again; called once.
    let leave: @Sendable () -> Void

    init(
        key: UInt64,
        fd: Int32,
        stream: ResponseStream,
        head: [UInt8],
        cancel: @escaping @Sendable () -> Void,
        leave: @escaping @Sendable () -> Void
    ) {
        self.key = key
        self.fd = fd
        self.stream = stream
        writing = SeatWriting(head: head)
        self.cancel = cancel
        self.leave = leave
    }

    /// Closes the socket and lets everybody know; the hub's epoll set forgets the socket by itself.
    func close() {
        Glibc.close(fd)
        stream.breakOff()
        cancel()
        leave()
    }

    /// Reads what the client has sent meanwhile: unread bytes would turn the end into a reset, which may overtake the
    /// last events.
    func swallowInput() {
        var buffer = [UInt8](repeating: 0, count: 4096)
        for _ in 0..<16 {
            guard recv(fd, &buffer, buffer.count, Int32(MSG_DONTWAIT)) > 0 else { return }
        }
    }
}

/// A socket as the place where bytes go.
struct SocketSink: ByteSink {
    let fd: Int32

    func send(_ pieces: UnsafeBufferPointer<iovec>) -> Sent {
        var message = msghdr()
        message.msg_iov = UnsafeMutablePointer(mutating: pieces.baseAddress)
        message.msg_iovlen = pieces.count
        while true {
            let count = sendmsg(fd, &message, Int32(MSG_DONTWAIT) | Int32(MSG_NOSIGNAL))
            if count >= 0 { return .bytes(count) }
            if errno == EINTR { continue }
            return errno == EAGAIN ? .full : .gone
        }
    }
}

/// One broadcast as the hub's thread knows it: its own copy of the ring, and who follows.
final class StreamChannel {
    let broadcast: Broadcast
    private(set) var live: SeatWriting.Live
    var seats: [UInt64: StreamSeat] = [:]
    let listening: Int

    init(_ broadcast: Broadcast, wake: @escaping @Sendable () -> Void) {
        self.broadcast = broadcast
        listening = broadcast.listen(wake)
        let (limit, byteLimit) = broadcast.limits
        live = SeatWriting.Live(ring: ChunkRing(after: 0, limit: limit, byteLimit: byteLimit), isFinished: false)
        // The ring begins where the broadcast's does.
        let news = broadcast.news(from: 0)
        live.ring.skip(to: news.first, floor: news.floor)
        refresh()
    }

    /// Takes what is new; whether there was something.
    @discardableResult
    func refresh() -> Bool {
        let news = broadcast.news(from: live.ring.end)
        let isMore = !news.chunks.isEmpty || news.isFinished != live.isFinished
        if news.first > live.ring.end { live.ring.skip(to: news.first, floor: news.floor) }
        for (chunk, position) in news.chunks {
            live.ring.append(chunk, position: position, bytes: chunk.framed.count)
        }
        live.isFinished = news.isFinished
        return isMore
    }
}
