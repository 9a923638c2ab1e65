/// A piece of a log as its view shows it, and the offset after it.
public struct LogPiece: Sendable, Equatable {
    /// What the view shows.
    public var bytes: [UInt8]
    /// The offset after it, counted in raw bytes.
    public var end: Int
}

/// Reads a log from an offset on, and goes on live as it grows (R31).
///
/// Subscribe first, ask then whether the run has ended, and give both to the follower: so nothing is missed in between.
public struct LogFollower {
    /// Why there is nothing more.
    public enum Ending: Sendable, Equatable {
        /// The run has ended and all was given.
        case runEnded
        /// The end that the log had when following was not asked for.
        case presentEnd
        /// The subscription ended before the run did: the service stops, or the reader is gone.
        case cutOff
    }

    /// The offset after what was given last.
    public private(set) var offset: Int
    /// Why there is nothing more; `nil` while there may be.
    public private(set) var ending: Ending?

    private let reader: LogReader
    private let view: LogView
    private let keepsEscapes: Bool
    private let limit: Int?
    private var signals: Subscription<LogSignal>.Iterator?
    private var hasEnded: Bool
    private var wasThere = false

    /// Follows a run's log.
    ///
    /// - Parameters:
    ///   - reader: the log.
    ///   - view: the form in which it is wanted.
    ///   - keepsEscapes: whether view `text` keeps escape sequences.
    ///   - offset: where to begin, at most the log's size.
    ///   - signals: says when the log has grown or the run has ended.
    ///   - hasEnded: whether the run had ended after the subscription was made.
    public init(
        _ reader: LogReader,
        view: LogView,
        keepsEscapes: Bool = false,
        from offset: Int,
        signals: Subscription<LogSignal>,
        hasEnded: Bool
    ) {
        self.init(reader, view, keepsEscapes, offset, limit: nil, hasEnded: hasEnded)
        self.signals = signals.makeAsyncIterator()
    }

    /// Reads a log up to an end that is there already, usually `LogReader.presentEnd`.
    ///
    /// - Parameters:
    ///   - reader: the log.
    ///   - view: the form in which it is wanted.
    ///   - keepsEscapes: whether view `text` keeps escape sequences.
    ///   - offset: where to begin.
    ///   - end: where to stop.
    ///   - hasEnded: whether the run has ended, so that an unfinished last line is given as a line.
    public init(
        _ reader: LogReader,
        view: LogView,
        keepsEscapes: Bool = false,
        from offset: Int,
        to end: Int,
        hasEnded: Bool
    ) {
        self.init(reader, view, keepsEscapes, offset, limit: end, hasEnded: hasEnded)
    }

    private init(
        _ reader: LogReader,
        _ view: LogView,
        _ keepsEscapes: Bool,
        _ offset: Int,
        limit: Int?,
        hasEnded: Bool
    ) {
        self.reader = reader
        self.view = view
        self.keepsEscapes = keepsEscapes
        self.offset = offset
        self.limit = limit
        self.hasEnded = hasEnded
    }

    /// The next lines, at least one; `nil` at the end, of which `ending` says more.
    public mutating func lines() async throws(LogError) -> [LogLine]? {
        let cutter = LogLineCutter(view: view, keepsEscapes: keepsEscapes)
        while true {
            // More than the longest line, so that it is seen to be too long.
            let (bytes, isLast) = try read(2 * LogLineCutter.longest)
            let lines = cutter.lines(bytes, at: offset, isFinal: isLast && hasEnded)
            if let last = lines.last {
                offset = last.end
                return lines
            }
            guard try await waitForMore() else { return nil }
        }
    }

    /// The next piece, never an empty one; `nil` at the end, of which `ending` says more.
    public mutating func piece() async throws(LogError) -> LogPiece? {
        while true {
            let (bytes, isLast) = try read(LogReader.chunk)
            var piece = LogPiece(bytes: bytes, end: offset + bytes.count)
            if view == .text {
                let isFinal = isLast && (hasEnded || limit != nil)
                let (text, consumed) = LogText(keepsEscapes: keepsEscapes).clean(bytes[...], isFinal: isFinal)
                piece = LogPiece(bytes: text, end: offset + consumed)
            }
            let hasAdvanced = piece.end > offset
            offset = piece.end
            if !piece.bytes.isEmpty { return piece }
            // Nothing of it is shown, such as a chunk of control characters: what follows may be.
            if hasAdvanced { continue }
            guard try await waitForMore() else { return nil }
        }
    }

    /// Bytes from the present place, and whether nothing is known to follow them.
    private mutating func read(_ most: Int) throws(LogError) -> (bytes: [UInt8], isLast: Bool) {
        let wanted = min(most, (limit ?? .max) - offset)
        guard wanted > 0 else { return ([], true) }
        let (bytes, unfinished) = try reader.piece(
            from: offset,
            limit: wanted,
            hasEnded: hasEnded && self.limit == nil
        )
        if offset > 0 || !bytes.isEmpty { wasThere = true }
        // What may become a secret waits for its rest (R34).
        let held = hasEnded || limit != nil ? 0 : unfinished
        return (
            held == 0 ? bytes : Array(bytes.dropLast(held)),
            held > 0 || bytes.count < wanted || offset + bytes.count == limit
        )
    }

    /// Waits until the log may have grown; `false` when it will not.
    private mutating func waitForMore() async throws(LogError) -> Bool {
        guard limit == nil else { return finish(hasEnded ? .runEnded : .presentEnd) }
        guard !hasEnded else { return finish(.runEnded) }
        guard let signal = await signals?.next() else { return finish(.cutOff) }
        if signal == .ended { hasEnded = true }
        if wasThere { try reader.checkStillThere() }
        return true
    }

    private mutating func finish(_ ending: Ending) -> Bool {
        self.ending = ending
        signals = nil
        return false
    }
}

extension LogReader {
    /// Throws `gone` where a log that was there is no more.
    fileprivate func checkStillThere() throws(LogError) {
        _ = try LogFile(path: rawPath).size()
    }
}
