import Logging
import Synchronization

/// What all exchanges of a server share: who answers, the limits, and the tables of what is open.
final class TransportCore: Sendable {
    let limits: TransportLimits
    let logger: Logger
    let respond: @Sendable (HTTPRequest, RequestContext) async -> HTTPResponse
    let connections = ConnectionTable()
    let exchanges = ExchangeTable()
    /// Set once the service stops: answers close their connections, streams end.
    let isStopping = Atomic(false)
    /// Set when it will not wait any longer: nothing may be suspended from now on.
    let isForced = Atomic(false)
    private let openStreams = Atomic(0)
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
    }

    /// Takes one of the places for streams; `false` if there is none.
    func openStream() -> Bool {
        if openStreams.add(1, ordering: .relaxed).newValue <= limits.streams { return true }
        closeStream()
        return false
    }

    func closeStream() {
        openStreams.subtract(1, ordering: .relaxed)
    }

    var streamCount: Int { openStreams.load(ordering: .relaxed) }

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
        messages.log(message)
    }
}

/// The exchanges under way, and a way to wait until there is none.
final class ExchangeTable: Sendable {
    private struct State {
        var exchanges: [ObjectIdentifier: Exchange] = [:]
        var waiters: [AsyncStream<Void>.Continuation] = []
    }

    private let state = Mutex(State())

    var all: [Exchange] { state.withLock { Array($0.exchanges.values) } }

    func add(_ exchange: Exchange) {
        state.withLock { $0.exchanges[ObjectIdentifier(exchange)] = exchange }
    }

    func remove(_ exchange: Exchange) {
        let waiters = state.withLock { state -> [AsyncStream<Void>.Continuation] in
            state.exchanges[ObjectIdentifier(exchange)] = nil
            guard state.exchanges.isEmpty else { return [] }
            defer { state.waiters = [] }
            return state.waiters
        }
        for waiter in waiters { waiter.finish() }
    }

    /// Waits until there is none, at most for `limit`; whether there is none.
    func waitUntilEmpty(atMost limit: Duration) async -> Bool {
        let (stream, continuation) = AsyncStream<Void>.makeStream()
        let isEmpty = state.withLock { state in
            if !state.exchanges.isEmpty { state.waiters.append(continuation) }
            return state.exchanges.isEmpty
        }
        guard !isEmpty else { return true }
        await withTaskGroup(of: Void.self) { group in
            group.addTask { for await _ in stream {} }
            group.addTask { try? await Task.sleep(for: limit) }
            await group.next()
            group.cancelAll()
        }
        return state.withLock { $0.exchanges.isEmpty }
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
