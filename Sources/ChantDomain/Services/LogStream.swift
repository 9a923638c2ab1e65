/// A log from a place on, line by line; a plan that can be handed over, of which `reader` makes something that reads.
public struct LogStream: Sendable {
    let service: LogService
    let request: LogRequest
    let first: LogSource
    let offset: Int
    let reset: LogEvent.ResetReason?
    /// Whether another run's log is the one that is meant, so that the stream goes on with it.
    let isEarlier: Bool

    init(
        _ service: LogService,
        _ request: LogRequest,
        at first: LogSource,
        offset: Int = 0,
        reset: LogEvent.ResetReason? = nil,
        isEarlier: Bool = false
    ) {
        self.service = service
        self.request = request
        self.first = first
        self.offset = offset
        self.reset = reset
        self.isEarlier = isEarlier
    }

    /// Begins to read.
    public func reader() -> Reader {
        Reader(self)
    }

    /// Reads; never more than a piece ahead of who asks.
    public struct Reader {
        private let stream: LogStream
        private var source: LogSource
        private var follower: LogFollower?
        private var offset: Int
        private var reset: LogEvent.ResetReason?
        private var isEarlier: Bool
        private var isDone = false

        init(_ stream: LogStream) {
            self.stream = stream
            source = stream.first
            offset = stream.offset
            reset = stream.reset
            isEarlier = stream.isEarlier
        }

        /// The next events, at least one; `nil` when there are no more.
        public mutating func next() async throws(LogServiceError) -> [LogEvent]? {
            guard !isDone else { return nil }
            if let reason = reset {
                reset = nil
                return [.reset(reason, position())]
            }
            if follower == nil { try begin() }
            if let lines = try await lines() { return lines }
            guard let ending = follower?.ending, ending != .cutOff else { return finish() }
            return try ended()
        }

        /// The next lines of the present source.
        private mutating func lines() async throws(LogServiceError) -> [LogEvent]? {
            guard var reading = follower else { return nil }
            let lines: [LogLine]?
            do {
                lines = try await reading.lines()
            } catch .gone(let path) {
                throw .gone(path: path)
            } catch {
                throw .log(error)
            }
            follower = reading
            offset = reading.offset
            return lines?.map { .line($0, position(at: $0.end)) }
        }

        /// What comes after the last line: the next run for who was late, the end if there is one.
        private mutating func ended() throws(LogServiceError) -> [LogEvent]? {
            if isEarlier, case .spec(let spec) = stream.request.subject,
                let next = try stream.service.latestRun(of: spec)
            {
                isEarlier = false
                source = try stream.service.source(of: next, stream.request.view)
                offset = 0
                follower = nil
                return [.run(next.id, position())]
            }
            isDone = true
            let run = try present()
            guard run?.state.isLive != true else { return nil }
            return [.end(run?.id, run?.outcome, run?.reason, position(isEnd: true))]
        }

        private mutating func finish() -> [LogEvent]? {
            isDone = true
            return nil
        }

        private mutating func begin() throws(LogServiceError) {
            let request = stream.request
            guard request.follows, let run = source.run else {
                let isFinal = try present()?.state.isLive != true
                let end = try stream.service.reading { [source] () throws(LogError) in
                    try source.reader.presentEnd(request.view, isFinal: isFinal)
                }
                follower = LogFollower(
                    source.reader,
                    view: request.view,
                    keepsEscapes: request.keepsEscapes,
                    from: offset,
                    to: max(offset, end),
                    hasEnded: isFinal
                )
                return
            }
            // Subscribed before the journal is asked, so that no ending falls in between.
            let signals = stream.service.broadcaster.subscribe(run.id)
            follower = LogFollower(
                source.reader,
                view: request.view,
                keepsEscapes: request.keepsEscapes,
                from: offset,
                signals: signals,
                hasEnded: try present()?.state.isLive != true
            )
        }

        /// The run of the present source as the journal has it now.
        private func present() throws(LogServiceError) -> Run? {
            guard let id = source.run?.id else { return nil }
            return try stream.service.journaled { () throws(JournalError) in try stream.service.journal.run(id) }
        }

        private func position(at place: Int? = nil, isEnd: Bool = false) -> LogPosition {
            LogPosition(source.position, stream.request.view, offset: place ?? offset, isEnd: isEnd)
        }
    }
}
