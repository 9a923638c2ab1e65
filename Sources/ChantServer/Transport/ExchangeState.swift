/// Where one request stands, and what each event asks for: a value without locks, clocks or libmicrohttpd.
///
/// ```
/// fresh ──header──▶ receiving ──last call──▶ handling ──answer──▶ answered ──call──▶ sending ──▶ done
///   └───────────header refused──────────────────▲  │                 ▲                  └ taken ───▲
///                                                  └─ suspended ─────┘ resumes the connection, exactly once
/// ```
/// `Exchange` asks under its lock and does what is returned. Suspending and resuming happen under that same lock, so
/// that an answer that overtakes the suspension cannot be lost, and no resume can come twice.
struct ExchangeState: Equatable {
    enum Phase: Equatable {
        case fresh
        case receiving(received: Int, discarding: Bool)
        case handling(suspended: Bool)
        case answered
        case sending
        /// The connection's socket was taken from the library, which is to forget the rest.
        case taken
        case done
    }

    enum Event: Equatable {
        /// The header is complete.
        case header(Header)
        /// A piece of the body.
        case body(Int)
        /// The library calls without a piece: the body is complete, or the connection was resumed.
        case called
        /// The handler's task has come to its first suspension, or to its end.
        case handlerReturned
        /// The answer is there.
        case answer
        /// The answer is a live stream: the hub has the socket.
        case taken
        /// The handler's time is over; an answer of ours is put in place.
        case deadline
        /// The service will not wait any longer; an answer of ours is put in place, and nothing is suspended again.
        case stop
        /// The library has done with the request.
        case completed
    }

    /// What of the header matters here.
    enum Header: Equatable {
        /// The body is to be collected.
        case accepted
        /// Refused, and the connection cannot be read on: answered before the body is read.
        case refused
        /// The body is too large, but small enough to be read and thrown away.
        case tooLarge
    }

    enum Action: Equatable {
        /// Go on reading.
        case proceed
        /// Keep the piece.
        case keep
        /// Read the piece and forget it.
        case discard
        /// Start the handler's task, and say `handlerReturned` afterwards.
        case startHandler
        /// Start it with the problem `payload-too-large` in place of the body.
        case startTooLarge
        /// Suspend the connection (under the lock).
        case suspend
        /// Queue the answer.
        case queue
        /// Resume the connection (under the lock).
        case resume
        /// Put our own answer in the handler's place, cancel its task, and resume (under the lock).
        case replaceAndResume
        /// Keep the answer; the call that is under way queues it.
        case hold
        /// Forget the answer: nobody waits for it any more.
        case drop
        /// Close the connection.
        case close
        /// Cancel the task, if one is still at work.
        case cancelTask
        /// Nothing is to be done.
        case none
    }

    private(set) var phase = Phase.fresh
    private(set) var isStopped = false
    let bodyLimit: Int
    let drainLimit: Int

    init(bodyLimit: Int, drainLimit: Int) {
        self.bodyLimit = bodyLimit
        self.drainLimit = drainLimit
    }

    mutating func apply(_ event: Event) -> Action {
        switch (phase, event) {
        case (.done, .answer): return .drop
        case (.done, _): return .none
        case (.fresh, .header(let header)): return begin(header)
        case (.receiving(let received, let discarding), .body(let count)):
            return collect(received + count, discarding: discarding)
        case (.receiving(_, let discarding), .called):
            phase = .handling(suspended: false)
            return discarding ? .startTooLarge : .startHandler
        case (.handling, .called), (.handling(suspended: false), .handlerReturned): return suspend()
        case (.handling(suspended: true), .answer):
            phase = .answered
            return .resume
        case (.handling(suspended: false), .answer):
            phase = .answered
            return .hold
        case (.handling(suspended: true), .deadline): return replace()
        case (.answered, .handlerReturned), (.answered, .called):
            phase = .sending
            return .queue
        case (.sending, .taken):
            phase = .taken
            return .none
        case (.taken, .called): return .close
        case (.taken, .completed):
            phase = .done
            return .none
        case (.answered, .answer), (.sending, .answer), (.taken, .answer): return .drop
        case (_, .stop): return stop()
        case (_, .completed):
            phase = .done
            return .cancelTask
        case (_, .body), (_, .header), (.fresh, .called): return .close
        case (_, .called), (_, .handlerReturned), (_, .deadline), (_, .answer), (_, .taken): return .none
        }
    }

    private mutating func begin(_ header: Header) -> Action {
        switch header {
        case .accepted, .tooLarge:
            phase = .receiving(received: 0, discarding: header == .tooLarge)
            return .proceed
        case .refused:
            phase = .handling(suspended: false)
            return .startHandler
        }
    }

    private mutating func collect(_ received: Int, discarding: Bool) -> Action {
        let tooMuch = discarding || received > bodyLimit
        phase = .receiving(received: received, discarding: tooMuch)
        guard tooMuch else { return .keep }
        return received > drainLimit ? .close : .discard
    }

    private mutating func suspend() -> Action {
        guard !isStopped else { return .close }
        phase = .handling(suspended: true)
        return .suspend
    }

    private mutating func replace() -> Action {
        phase = .answered
        return .replaceAndResume
    }

    private mutating func stop() -> Action {
        isStopped = true
        return phase == .handling(suspended: true) ? replace() : .none
    }
}
