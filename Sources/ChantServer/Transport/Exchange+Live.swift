import CMicroHTTPD
import Synchronization

extension Exchange {
    /// A stream that the hub will read.
    func makeLiveStream() -> ResponseStream {
        let hub = core.hub
        let key = hub.nextKey()
        state.withLock { $0.seatKey = key }
        let valve = ResponseStream.Valve(suspend: {}, resume: { hub.attend(key) })
        return ResponseStream(capacity: core.limits.streamBuffer, canHandOver: true, valve: valve)
    }

    /// Gives the connection's socket to the hub, on the connection's thread.
    ///
    /// While a connection is suspended the library has its socket in no epoll set and does not touch it: that is when the
    /// socket is exchanged. Resumed, the library calls once more, is told to close, and closes the stand-in.
    func handOver(_ answer: HTTPResponse, _ stream: ResponseStream) -> MHD_Result {
        // The service waits no longer: nothing may be suspended.
        guard !core.isForced.load(ordering: .sequentiallyConsistent) else { return .NO }
        MHD_suspend_connection(connection.pointer)
        let socket = cmhd_take_over(fd, core.hub.standIn, Int32(clamping: core.limits.socketBuffer))
        let key = state.withLock { state in
            _ = state.machine.apply(.taken)
            state.isTaken = socket >= 0
            state.head = nil
            return state.seatKey
        }
        MHD_resume_connection(connection.pointer)
        // No descriptor is free: the library calls again and is told to close all the same.
        guard socket >= 0 else { return .YES }
        let streams = core.streams
        // From here it counts as a stream; what the library still has of it is on its way out.
        core.connections.closed(connection.key)
        streams.goLive()
        core.hub.add(
            StreamSeat(
                key: key,
                fd: socket,
                stream: stream,
                head: AnswerHead.bytes(answer),
                cancel: { [self] in cancelTask() },
                leave: { streams.leave(isLive: true) }
            )
        )
        return .YES
    }

    private func cancelTask() {
        state.withLock { $0.task }?.cancel()
    }
}

extension HTTPResponse.Body {
    /// What writes a streamed body, and whether the client may stay for as long as it likes.
    var producer: (@Sendable (any ResponseWriter) async throws -> Void, isLive: Bool)? {
        switch self {
        case .none, .bytes: nil
        case .stream(let produce): (produce, false)
        case .live(let produce): (produce, true)
        }
    }
}
