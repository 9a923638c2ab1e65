/// A log from a place on, as bytes of its view; a plan that can be handed over, of which `reader` makes something that
/// reads.
public struct LogBytes: Sendable {
    let service: LogService
    let request: LogRequest
    let source: LogSource
    let start: Int
    /// The offset after the last byte; `nil` when the log is followed, since that is not known before.
    public let end: Int?

    /// Whether it can be given in parts that fit together whenever they are asked for: raw bytes of a log that no run
    /// is writing to, from its beginning.
    public var isFinal: Bool {
        request.view == .raw && request.start == .beginning && end != nil && !source.isLive
    }

    /// What names exactly these bytes, as long as the log is only written to at its end.
    public var name: String { "\(LogPosition(source.position, request.view, offset: end ?? 0))" }

    /// A part of a final log.
    public func part(_ range: Range<Int>) -> LogBytes {
        LogBytes(service, request, source, from: range.lowerBound, to: range.upperBound)
    }

    init(_ service: LogService, _ request: LogRequest, _ source: LogSource, from start: Int, to end: Int?) {
        self.service = service
        self.request = request
        self.source = source
        self.start = start
        self.end = end
    }

    /// Begins to read.
    public func reader() throws(LogServiceError) -> Reader {
        Reader(try follower())
    }

    private func follower() throws(LogServiceError) -> LogFollower {
        guard end == nil, let run = source.run else {
            let size = try service.reading { () throws(LogError) in try source.reader.size() }
            return LogFollower(
                source.reader,
                view: request.view,
                keepsEscapes: request.keepsEscapes,
                from: start,
                to: end ?? size,
                hasEnded: true
            )
        }
        // Subscribed before the journal is asked, so that no ending falls in between.
        let signals = service.broadcaster.subscribe(run.id)
        let present = try service.journaled { () throws(JournalError) in try service.journal.run(run.id) }
        return LogFollower(
            source.reader,
            view: request.view,
            keepsEscapes: request.keepsEscapes,
            from: start,
            signals: signals,
            hasEnded: present?.state.isLive != true
        )
    }

    /// Reads; never more than a piece ahead of who asks.
    public struct Reader {
        private var follower: LogFollower

        init(_ follower: LogFollower) {
            self.follower = follower
        }

        /// The next bytes, never none; `nil` when there are no more.
        public mutating func next() async throws(LogServiceError) -> [UInt8]? {
            var reading = follower
            defer { follower = reading }
            do {
                return try await reading.piece()?.bytes
            } catch .gone(let path) {
                throw .gone(path: path)
            } catch {
                throw .log(error)
            }
        }
    }
}
