import Synchronization

/// Bounded bytes between an async writer and libmicrohttpd's content reader.
///
/// The writer waits while the buffer is full; the reader suspends the connection while it is empty, under the stream's
/// lock, so that a piece that arrives meanwhile cannot be overlooked. (A reader that answers "nothing yet" without
/// suspending is called again at once, for ever.)
final class ResponseStream: ResponseWriter {
    /// Suspends and resumes the connection; called under the stream's lock.
    struct Valve: Sendable {
        var suspend: @Sendable () -> Void
        var resume: @Sendable () -> Void
    }

    /// What a read gives.
    enum Reading: Equatable {
        case bytes(Int)
        /// Nothing yet; the connection is suspended.
        case suspended
        /// The end: everything was read.
        case end
        /// The answer cannot be completed; the connection must be cut, so that the client does not take it for whole.
        case broken
        /// Everything was read; what a broadcast has comes next, of which `next` says more.
        case handedOver
    }

    private enum Ending: Equatable {
        case open
        /// Goes on with a broadcast when what is buffered has been read.
        case handedOver
        /// Ends when what is buffered has been read.
        case ending
        /// Ends at once.
        case broken
    }

    private struct State {
        var pieces: [[UInt8]] = []
        var offset = 0
        var buffered = 0
        var ending = Ending.open
        var next: (broadcast: Broadcast, position: Int64)?
        /// What a writer gets to hear once the stream is not open any more.
        var reason = ResponseEnded.clientLeft
        var suspendedAt: ContinuousClock.Instant?
        var nextWaiter: UInt64 = 0
        var waiters: [UInt64: CheckedContinuation<Void, any Error>] = [:]
    }

    private let capacity: Int
    private let valve: Valve
    /// Whether the one who reads is the hub, which can go on with a broadcast.
    let canHandOver: Bool
    private let state = Mutex(State())

    init(capacity: Int, canHandOver: Bool = false, valve: Valve) {
        self.capacity = capacity
        self.canHandOver = canHandOver
        self.valve = valve
    }

    /// Runs the writing closure to its end, and ends the stream as it ended.
    ///
    /// - Returns: the error that cut the stream off, if it is one that nobody asked for.
    func run(_ produce: @Sendable (any ResponseWriter) async throws -> Void) async -> (any Error)? {
        do {
            try await produce(self)
            end(.ending, .clientLeft, onlyIfOpen: true)
            return nil
        } catch {
            // A stream that ends already goes on to send what it holds.
            end(.broken, .clientLeft, onlyIfOpen: true)
            return error is CancellationError || error is ResponseEnded ? nil : error
        }
    }

    // MARK: - Writing

    func write(_ bytes: [UInt8]) async throws {
        while try !append(bytes, onlyIfIdle: false) { try await waitForRoom() }
    }

    func writeIfIdle(_ bytes: [UInt8]) async throws {
        _ = try append(bytes, onlyIfIdle: true)
    }

    func handOver(to broadcast: Broadcast, after position: Int64) -> Bool {
        guard canHandOver else { return false }
        let waiters = state.withLock { state -> [CheckedContinuation<Void, any Error>] in
            guard state.ending == .open else { return [] }
            state.next = (broadcast, position)
            return close(&state, .handedOver, .clientLeft)
        }
        for waiter in waiters { waiter.resume(throwing: ResponseEnded.clientLeft) }
        return true
    }

    /// Whether the piece was taken; one that is larger than the buffer is taken whole when there is any room.
    private func append(_ bytes: [UInt8], onlyIfIdle: Bool) throws -> Bool {
        try Task.checkCancellation()
        return try state.withLock { state in
            guard state.ending == .open else { throw state.reason }
            guard !bytes.isEmpty else { return true }
            guard onlyIfIdle ? state.buffered == 0 : state.buffered < capacity else { return false }
            state.pieces.append(bytes)
            state.buffered += bytes.count
            resume(&state)
            return true
        }
    }

    private func waitForRoom() async throws {
        let id = state.withLock { state in
            state.nextWaiter += 1
            return state.nextWaiter
        }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let outcome: Result<Void, any Error>? = state.withLock { state in
                    // A cancellation before this lock is seen here; one after it finds the waiter.
                    if Task.isCancelled { return .failure(CancellationError()) }
                    if state.ending != .open { return .failure(state.reason) }
                    if state.buffered < capacity { return .success(()) }
                    state.waiters[id] = continuation
                    return nil
                }
                if let outcome { continuation.resume(with: outcome) }
            }
        } onCancel: {
            let waiter = state.withLock { $0.waiters.removeValue(forKey: id) }
            waiter?.resume(throwing: CancellationError())
        }
    }

    /// The broadcast that comes next, and the position behind which it does.
    var next: (broadcast: Broadcast, position: Int64)? { state.withLock { $0.next } }

    // MARK: - Reading, on the connection's thread

    func read(into buffer: UnsafeMutableRawBufferPointer) -> Reading {
        let (reading, waiters) = state.withLock { state in
            let reading = take(&state, into: buffer)
            let awake = state.buffered <= capacity / 2 ? Array(state.waiters.values) : []
            if !awake.isEmpty { state.waiters = [:] }
            return (reading, awake)
        }
        for waiter in waiters { waiter.resume() }
        return reading
    }

    private func take(_ state: inout State, into buffer: UnsafeMutableRawBufferPointer) -> Reading {
        if state.ending == .broken { return .broken }
        var count = 0
        var whole = 0
        while whole < state.pieces.count, count < buffer.count {
            let rest = state.pieces[whole][state.offset...].prefix(buffer.count - count)
            UnsafeMutableRawBufferPointer(rebasing: buffer[count...]).copyBytes(from: rest)
            count += rest.count
            state.offset += rest.count
            guard state.offset == state.pieces[whole].count else { break }
            whole += 1
            state.offset = 0
        }
        state.pieces.removeFirst(whole)
        state.buffered -= count
        if count > 0 { return .bytes(count) }
        if state.ending == .ending { return .end }
        if state.ending == .handedOver { return .handedOver }
        state.suspendedAt = .now
        valve.suspend()
        return .suspended
    }

    // MARK: - Ending

    /// The service stops: what was written is still sent, then the stream ends.
    func stop() { end(.ending, .stopping) }

    /// Nobody reads any more, or nobody may wait for it.
    func breakOff() { end(.broken, .clientLeft) }

    /// Breaks off if there has been nothing to send for `limit` and `look` agrees.
    ///
    /// `look` is called while the connection is suspended, so that its descriptor cannot be closed meanwhile.
    func breakOff(idleFor limit: Duration, if look: () -> Bool) {
        let waiters = state.withLock { state -> [CheckedContinuation<Void, any Error>] in
            guard let since = state.suspendedAt, ContinuousClock.now - since >= limit, look() else { return [] }
            return close(&state, .broken, .clientLeft)
        }
        for waiter in waiters { waiter.resume(throwing: ResponseEnded.clientLeft) }
    }

    private func end(_ ending: Ending, _ reason: ResponseEnded, onlyIfOpen: Bool = false) {
        let waiters = state.withLock { state -> [CheckedContinuation<Void, any Error>] in
            if onlyIfOpen, state.ending != .open { return [] }
            return close(&state, ending, reason)
        }
        for waiter in waiters { waiter.resume(throwing: reason) }
    }

    /// A broken stream stays broken, and one that ends can only be broken.
    private func close(
        _ state: inout State,
        _ ending: Ending,
        _ reason: ResponseEnded
    ) -> [CheckedContinuation<Void, any Error>] {
        guard state.ending != .broken, state.ending != ending else { return [] }
        state.ending = ending
        state.reason = reason
        resume(&state)
        defer { state.waiters = [:] }
        return Array(state.waiters.values)
    }

    private func resume(_ state: inout State) {
        guard state.suspendedAt != nil else { return }
        state.suspendedAt = nil
        valve.resume()
    }
}
