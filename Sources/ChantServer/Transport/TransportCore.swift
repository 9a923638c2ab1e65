import Logging
import Synchronization

/// What all exchanges of a server share: who answers, the limits, and the tables of what is open.
final class TransportCore: Sendable {
    let limits: TransportLimits
    let logger: Logger
    let respond: @Sendable (HTTPRequest, RequestContext) async -> HTTPResponse
    let connections = ConnectionTable()
    let exchanges = ExchangeTable()
    let hub: StreamHub
    let streams: StreamPlaces
    /// Set once the service stops: answers close their connections, streams end.
    let isStopping = Atomic(false)
    /// Set when it will not wait any longer: nothing may be suspended from now on.
    let isForced = Atomic(false)
    private let messages: MessageLimiter

    init(
        limits: TransportLimits,
        logger: Logger,
        respond: @escaping @Sendable (HTTPRequest, RequestContext) async -> HTTPResponse
    ) {
        self.limits = limits
        self.logger = logger
        self.respond = respond
        messages = MessageLimiter(logger: logger)
        hub = StreamHub(limits: limits)
        streams = StreamPlaces(limits.streams)
    }

    /// The whole answer, as it is sent, to a request that has not arrived in time.
    func tooLate() -> [UInt8] {
        let problem = Problem(.requestTimeout, detail: "The request was not complete when its time was over.")
        let body = problem.json.bytes
        let fields = [
            "HTTP/1.1 408 Request Timeout", "Date: \(HTTPDate.now)", "Connection: close",
            "Content-Type: application/problem+json", "X-Request-Id: \(RequestID.fresh())",
            "Content-Length: \(body.count)",
        ]
        return Array((fields.joined(separator: "\r\n") + "\r\n\r\n").utf8) + body
    }

    /// Logs what libmicrohttpd has to say.
    func note(_ message: String) {
        // What it says of each connection that was taken from it.
        if message.hasPrefix("Application reported internal error") { return }
        messages.log(message)
    }
}

/// Passes on at most ten messages in ten seconds and counts the others: a client can provoke one with each request.
final class MessageLimiter: Sendable {
    private struct State {
        var windowEnds = ContinuousClock.now
        var count = 0
        var dropped = 0
    }

    static let perWindow = 10
    private let logger: Logger
    private let state = Mutex(State())

    init(logger: Logger) {
        self.logger = logger
    }

    func log(_ message: String) {
        let (isLogged, dropped) = state.withLock { state -> (Bool, Int) in
            let now = ContinuousClock.now
            var dropped = 0
            if now >= state.windowEnds {
                dropped = state.dropped
                state = State(windowEnds: now + .seconds(10))
            }
            state.count += 1
            if state.count > Self.perWindow { state.dropped += 1 }
            return (state.count <= Self.perWindow, dropped)
        }
        if dropped > 0 { logger.debug("messages of libmicrohttpd left out", metadata: ["count": "\(dropped)"]) }
        guard isLogged else { return }
        // Most tell of a client that left; a limit that was reached concerns whoever runs the service.
        let level: Logger.Level = message.contains("limit") ? .warning : .debug
        logger.log(level: level, "libmicrohttpd: \(message)")
    }
}
