import CMicroHTTPD
import Glibc
import Logging
import Synchronization

extension Exchange {
    // MARK: - The handler

    /// Runs the handler on this thread up to its first suspension; only if it has one, the connection is suspended.
    func startHandler() -> MHD_Result {
        core.connections.expect(connection.key, by: nil)
        let deadline = ContinuousClock.now + core.limits.handler
        let request = state.withLock { state -> HTTPRequest? in
            state.deadline = deadline
            defer {
                state.request = nil
                state.body = []
            }
            guard var request = state.request else { return nil }
            request.body = state.body
            return request
        }
        guard let request else { return .NO }
        let task = Task.immediate { await self.handle(request, deadline: deadline) }
        let action = state.withLock { state in
            if !state.isTaskDone { state.task = task }
            let action = state.machine.apply(.handlerReturned)
            if action == .suspend { MHD_suspend_connection(connection.pointer) }
            return action
        }
        return perform(action)
    }

    private func handle(_ request: HTTPRequest, deadline: ContinuousClock.Instant) async {
        let context = RequestContext(id: RequestID.fresh(), logger: core.logger, deadline: deadline)
        let response = await core.respond(request, context)
        if let (stream, produce) = answer(response, to: request) {
            // What is written may take long, and must not keep the connection's thread, which serves others too.
            if stream.canHandOver { await Task.yield() }
            let error = await stream.run(produce)
            if let error { core.logger.error("a stream was cut off", metadata: ["error": "\(error)"]) }
        }
        state.withLock { state in
            state.isTaskDone = true
            state.task = nil
        }
    }

    private typealias Producer = @Sendable (any ResponseWriter) async throws -> Void

    /// Hands the answer over; the stream that the task has to fill, and with what, if there is one.
    private func answer(_ response: HTTPResponse, to request: HTTPRequest) -> (ResponseStream, Producer)? {
        var response = response
        var filling: (stream: ResponseStream, produce: Producer)?
        if request.method != "HEAD", let (produce, isLive) = response.body.producer {
            if core.streams.take() {
                filling = (isLive && speaksChunks ? makeLiveStream() : makeStream(), produce)
            } else {
                response = tooManyStreams(response)
            }
        }
        let isTaken = state.withLock { state in
            let action = state.machine.apply(.answer)
            guard action == .resume || action == .hold else { return false }
            state.answer = response
            state.stream = filling?.stream
            // Under the lock: a stop either finds the stream or is seen here.
            if core.isStopping.load(ordering: .sequentiallyConsistent) { filling?.stream.stop() }
            if action == .resume { MHD_resume_connection(connection.pointer) }
            return true
        }
        if filling != nil, !isTaken { core.streams.leave() }
        return isTaken ? filling : nil
    }

    private var speaksChunks: Bool { state.withLock { $0.head?.version == "HTTP/1.1" } }

    private func makeStream() -> ResponseStream {
        let connection = connection
        let valve = ResponseStream.Valve(
            suspend: { MHD_suspend_connection(connection.pointer) },
            resume: { MHD_resume_connection(connection.pointer) }
        )
        return ResponseStream(capacity: core.limits.streamBuffer, valve: valve)
    }

    private func tooManyStreams(_ response: HTTPResponse) -> HTTPResponse {
        let problem = Problem(
            .rateLimited,
            detail: "\(core.streams.limit) streams are open, which is as many as the service allows.",
            headers: ["Retry-After": "10"]
        )
        var refusal = problem.response
        refusal.headers["X-Request-Id"] = response.headers["X-Request-Id"]
        return refusal
    }

    // MARK: - From outside: deadlines and the end of the service

    /// Looks whether the handler is late, or a stream's client has left without a sign.
    func sweep(_ now: ContinuousClock.Instant) {
        let (stream, isLate) = state.withLock { ($0.stream, $0.deadline.map { $0 <= now } ?? false) }
        if let stream {
            stream.breakOff(idleFor: core.limits.halfClosed) { isHalfClosed }
        } else if isLate {
            let limit = core.limits.handler
            let problem = Problem(.internalError, detail: "The service did not find an answer within \(limit).")
            guard put(problem, for: .deadline) else { return }
            let path = target.prefix { $0 != "?" }.prefix(500)
            core.logger.error("a request got no answer in time", metadata: ["path": "\(path)", "limit": "\(limit)"])
        }
    }

    /// The service begins to stop: streams end with what they hold.
    func stopStreaming() {
        let (stream, task) = state.withLock { ($0.stream, $0.task) }
        guard let stream else { return }
        stream.stop()
        task?.cancel()
    }

    /// The service waits no longer: after this the connection is not suspended, and never will be.
    func stopNow() {
        _ = put(
            Problem(.stopping, detail: "The service is stopping.", headers: ["Retry-After": "10"]),
            for: .stop
        )
        state.withLock { $0.stream }?.breakOff()
    }

    /// Puts an answer in the place of the handler's, if that is still awaited; whether it was.
    private func put(_ problem: Problem, for event: ExchangeState.Event) -> Bool {
        let (isPut, task) = state.withLock { state -> (Bool, Task<Void, Never>?) in
            guard state.machine.apply(event) == .replaceAndResume else { return (false, nil) }
            state.answer = problem.response
            MHD_resume_connection(connection.pointer)
            return (true, state.task)
        }
        task?.cancel()
        return isPut
    }

    private var isHalfClosed: Bool {
        var look = pollfd(fd: fd, events: 0x2000, revents: 0)
        guard poll(&look, 1, 0) > 0 else { return false }
        // POLLRDHUP (0x2000): the client has closed its side; the other two: both sides are closed.
        return look.revents & (0x2000 | Int16(POLLHUP) | Int16(POLLERR)) != 0
    }
}
