import CMicroHTTPD
import Synchronization

/// libmicrohttpd's connection, for use on other threads than its own.
///
/// `@unchecked`: the pointer is only passed back to the library, and only while `ExchangeState` or `ResponseStream` says
/// that it is alive.
struct Connection: @unchecked Sendable {
    let pointer: OpaquePointer

    var key: UInt { UInt(bitPattern: pointer) }
}

/// One request and its answer: asks `ExchangeState` under its lock and does what that says.
final class Exchange: Sendable {
    struct State {
        var machine: ExchangeState
        var head: RequestHead?
        /// The checked request, still without its body; or a refused one.
        var request: HTTPRequest?
        var body: [UInt8] = []
        var answer: HTTPResponse?
        var stream: ResponseStream?
        var task: Task<Void, Never>?
        var isTaskDone = false
        /// The stream goes on without the exchange: with a socket of its own.
        var isTaken = false
        var seatKey: UInt64 = 0
        var deadline: ContinuousClock.Instant?
    }

    let connection: Connection
    let core: TransportCore
    let fd: Int32
    let target: String
    let state: Mutex<State>

    init(connection: Connection, target: String, core: TransportCore) {
        self.connection = connection
        self.core = core
        self.target = target
        fd = core.connections.fd(of: connection.key) ?? -1
        let limits = core.limits
        state = Mutex(State(machine: ExchangeState(bodyLimit: limits.body, drainLimit: limits.drain)))
        core.exchanges.add(self)
        // After it was added: a stop either finds it in the table or is seen here.
        if core.isForced.load(ordering: .sequentiallyConsistent) { stopNow() }
    }

    /// Whether the library has not told of the header yet.
    var isFresh: Bool { state.withLock { $0.machine.phase == .fresh } }

    // MARK: - The library's calls, on the connection's thread

    /// The header is complete.
    func receiveHeader(method: String, version: String, headers: Headers, isWellFormed: Bool) -> MHD_Result {
        var head = RequestHead(method: method, target: target, version: version, headers: headers)
        head.isWellFormed = isWellFormed
        let checked = Result { () throws(Problem) in
            try core.limits.check(head)
            return try ProtocolChecks.check(head)
        }
        let kind = kind(of: head, checked)
        core.connections.expect(connection.key, by: .now + core.limits.bodyTime)
        let action = state.withLock { state in
            state.head = head
            switch checked {
            case .success(let request): state.request = request
            case .failure(let problem): state.request = head.refused(problem)
            }
            if kind == .refused, state.request?.refusal == nil { state.request = head.refused(tooLarge) }
            return state.machine.apply(.header(kind))
        }
        return perform(action)
    }

    /// A piece of the body.
    func receiveBody(_ piece: UnsafeRawBufferPointer) -> MHD_Result {
        let action = state.withLock { state in
            let action = state.machine.apply(.body(piece.count))
            switch action {
            case .keep:
                if state.body.isEmpty { state.body.reserveCapacity(state.head?.declaredLength ?? piece.count) }
                state.body.append(contentsOf: piece)
            default: state.body = []
            }
            return action
        }
        return perform(action)
    }

    /// The request is complete, or the connection was resumed.
    func proceed() -> MHD_Result {
        let action = state.withLock { state in
            let action = state.machine.apply(.called)
            if action == .startTooLarge { state.request?.refusal = tooLarge }
            if action == .suspend { MHD_suspend_connection(connection.pointer) }
            return action
        }
        return perform(action)
    }

    /// The library has done with the request; the connection may be gone.
    func complete() {
        core.connections.completed(connection.key, deadline: .now + core.limits.idle)
        let (task, stream) = state.withLock { state -> (Task<Void, Never>?, ResponseStream?) in
            _ = state.machine.apply(.completed)
            guard !state.isTaken else { return (nil, nil) }
            return (state.isTaskDone ? nil : state.task, state.stream)
        }
        if let stream {
            stream.breakOff()
            core.streams.leave()
        }
        task?.cancel()
        core.exchanges.remove(self)
    }

    private func kind(of head: RequestHead, _ checked: Result<HTTPRequest, Problem>) -> ExchangeState.Header {
        guard case .success = checked else { return .refused }
        guard let length = head.declaredLength, length > core.limits.body else { return .accepted }
        // Who waits for leave to send is told at once; who sends anyway could miss an answer that is sent too early.
        return head.expectsContinue || length > core.limits.drain ? .refused : .tooLarge
    }

    private var tooLarge: Problem {
        Problem(
            .payloadTooLarge,
            detail: "The body is larger than \(core.limits.body) bytes.",
            members: ["limit_bytes": JSONValue(core.limits.body)]
        )
    }

    func perform(_ action: ExchangeState.Action) -> MHD_Result {
        switch action {
        case .proceed, .keep, .discard, .suspend, .none, .hold, .drop, .cancelTask: return .YES
        case .close: return .NO
        case .queue: return queue()
        case .startHandler, .startTooLarge: return startHandler()
        case .resume, .replaceAndResume:
            // Only answers and deadlines ask for these, and they do it under the lock.
            return .YES
        }
    }

    private func queue() -> MHD_Result {
        let (answer, stream, head) = state.withLock { state in
            defer { state.answer = nil }
            return (state.answer, state.stream, state.head)
        }
        guard let answer else { return .NO }
        if let stream, stream.canHandOver { return handOver(answer, stream) }
        let closes = core.isStopping.load(ordering: .relaxed)
        return answer.queue(on: connection, stream: stream, isHead: head?.method == "HEAD", closes: closes)
    }
}
