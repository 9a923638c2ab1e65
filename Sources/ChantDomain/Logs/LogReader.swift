public import Foundation

/// Reads one log from any place, in bounded pieces (R31, R33).
public struct LogReader: Sendable {
    /// How much is read at once.
    static let chunk = 65_536

    private let file: LogFile
    private let timesFile: String?
    private let isExpected: Bool
    private let decoded: DecodedLog?
    private var view = LogView.raw
    private var redactor = SecretRedactor()
    private let readableEnd: @Sendable () -> Int?

    /// The output of a run.
    ///
    /// - Parameters:
    ///   - folder: the run's folder.
    ///   - agentStarted: whether the run had an agent. If not, a missing file is an empty log; else it is gone.
    ///   - readableEnd: up to where it may be read at this moment; `nil` for all that there is.
    public init(
        _ folder: RunFolder,
        agentStarted: Bool,
        readableEnd: @escaping @Sendable () -> Int? = { nil }
    ) {
        self.readableEnd = readableEnd
        file = LogFile(path: folder.outFile)
        timesFile = folder.timesFile
        isExpected = agentStarted
        decoded = nil
    }

    /// A view of a run whose agent may write structured output.
    ///
    /// - Parameters:
    ///   - folder: the run's folder.
    ///   - view: the form in which its output is wanted.
    ///   - dialect: how the agent writes; `nil` for plain text.
    ///   - agentStarted: as above.
    ///   - readableEnd: up to where the raw output may be read at this moment.
    init(
        _ folder: RunFolder,
        _ view: LogView,
        _ dialect: AgentDialect?,
        agentStarted: Bool,
        readableEnd: @escaping @Sendable () -> Int? = { nil }
    ) {
        self.readableEnd = readableEnd
        let decoded = dialect.map { DecodedLog(folder: folder, dialect: $0) }
        let path = decoded?.path(of: view)
        file = LogFile(path: path ?? folder.outFile)
        timesFile = folder.timesFile
        isExpected = agentStarted
        self.decoded = path == nil ? nil : decoded
        self.view = view
    }

    /// A log that has no times, such as a spec's log in the original's format.
    ///
    /// - Parameters:
    ///   - path: the log's path.
    ///   - isExpected: whether a missing file is gone, in contrast to a log that nobody has written to yet.
    public init(path: String, isExpected: Bool = true) {
        file = LogFile(path: path)
        timesFile = nil
        readableEnd = { nil }
        self.isExpected = isExpected
        decoded = nil
    }

    /// The log's path.
    public var path: String { file.path }

    /// The path of what the agent wrote, from which a decoded view can be made anew.
    var rawPath: String { decoded?.folder.outFile ?? file.path }

    /// How many bytes it has now.
    public func size() throws(LogError) -> Int {
        do {
            // Asked first: what is let go in between is found by the next look.
            let end = readableEnd() ?? .max
            guard decoded == nil else {
                try decoded?.bringUpToDate(to: end, hasEnded: false)
                return try file.size()
            }
            return min(end, try file.size())
        } catch .gone where !isExpected {
            return 0
        }
    }

    /// The same log with its secrets masked (R34).
    public func masking(by redactor: SecretRedactor) -> LogReader {
        var reader = self
        reader.redactor = redactor
        return reader
    }

    /// The view's bytes from an offset, at most `limit`; fewer only at the end.
    ///
    /// - Parameters:
    ///   - offset: where to begin.
    ///   - limit: how many at most.
    ///   - hasEnded: whether the run has ended, so that an unfinished last line of structured output is one.
    /// - Returns: bytes as they lie in the view's file, secrets masked.
    /// - Throws: `gone` where there is no such log any more.
    public func bytes(from offset: Int, limit: Int = 65_536, hasEnded: Bool = false) throws(LogError) -> [UInt8] {
        try piece(from: offset, limit: limit, hasEnded: hasEnded).bytes
    }

    /// The same, and how many of the bytes at its end may be the beginning of a secret of which the rest is not there
    /// yet: a live log is not given so far.
    ///
    /// So much around it is read that what is masked does not depend on where a reader begins or ends.
    func piece(
        from offset: Int,
        limit: Int,
        hasEnded: Bool = false
    ) throws(LogError) -> (bytes: [UInt8], unfinished: Int) {
        guard !redactor.isEmpty else { return (try stored(from: offset, limit: limit, hasEnded: hasEnded), 0) }
        let (reach, cutReach) = (redactor.reach, redactor.cutReach)
        let start = max(0, offset - reach - cutReach)
        let first = offset - start
        let wanted = first + limit + reach
        let window = try stored(from: start, limit: wanted, hasEnded: hasEnded)
        guard window.count > first, limit > 0 else { return ([], 0) }
        let end = min(window.count, first + limit)
        let isEnd = window.count < wanted
        let line = window[..<max(0, first - cutReach)].lastIndex(of: Byte.lineFeed).map { $0 + 1 } ?? 0
        let masked = redactor.masked(Array(window[line...]), isEnd: isEnd)
        let unfinished = isEnd ? redactor.unfinished(window) - (window.count - end) : 0
        return (Array(masked[first - line..<end - line]), max(0, min(unfinished, end - first)))
    }

    private func stored(from offset: Int, limit: Int, hasEnded: Bool = false) throws(LogError) -> [UInt8] {
        do {
            let end = readableEnd() ?? .max
            if let decoded {
                let present = (try? file.read(from: offset, limit: limit)) ?? []
                if present.count == limit { return present }
                try decoded.bringUpToDate(to: end, hasEnded: hasEnded)
                return try file.read(from: offset, limit: limit)
            }
            guard offset < end else { return [] }
            return try file.read(from: offset, limit: min(limit, end - offset))
        } catch .gone where !isExpected {
            return []
        }
    }

    /// The offset at which the last `count` lines begin; an unfinished last line is one.
    public func offset(ofLast count: Int) throws(LogError) -> Int {
        var start = try size()
        guard count > 0 else { return start }
        let end = start
        var missing = count
        while start > 0 {
            let from = max(0, start - Self.chunk)
            let block = try stored(from: from, limit: start - from)
            for place in block.indices.reversed() where block[place] == Byte.lineFeed && from + place + 1 < end {
                missing -= 1
                if missing == 0 { return from + place + 1 }
            }
            start = from
        }
        return 0
    }

    /// The offset of the line in which lies what was written from `time` on, to a second.
    ///
    /// The supervisor notes once a second how large the output is: what came after the last note before `time` may be
    /// as new.
    public func offset(since time: Date) throws(LogError) -> Int {
        guard let timesFile else { return 0 }
        let size = try size()
        let limit = time.timeIntervalSince1970 * 1000
        let notes: [UInt8]
        do {
            notes = try LogFile(path: timesFile).read(from: 0, limit: Self.longestTimes)
        } catch .gone {
            return 0
        }
        var known = 0
        for line in String(decoding: notes, as: UTF8.self).split(separator: "\n") {
            let words = line.split(separator: " ")
            guard words.count == 2, let milliseconds = Double(words[0]), let bytes = Int(words[1]) else { continue }
            guard milliseconds <= limit else { break }
            known = bytes
        }
        guard let decoded else { return try startOfLine(at: min(known, size)) }
        let raw = try LogReader(decoded.folder, agentStarted: isExpected).startOfLine(at: known)
        return try min(decoded.offset(in: view, ofRaw: raw), size)
    }

    /// Where reading to the present end stops, so that the next reading goes on from there.
    ///
    /// View `text` of a log that may still grow does not show half a character or half an escape sequence, and no view
    /// half a secret.
    public func presentEnd(_ view: LogView, isFinal: Bool) throws(LogError) -> Int {
        let size = try size()
        guard !isFinal, view == .text || !redactor.isEmpty else { return size }
        let reached = max(0, size - redactor.reach)
        let unfinished = redactor.unfinished(try stored(from: reached, limit: size - reached))
        let start = try max(startOfLine(at: size), size - Self.chunk)
        guard view == .text, start < size - unfinished else { return size - unfinished }
        let rest = try bytes(from: start, limit: size - start)
        return start + LogText(keepsEscapes: false).clean(rest.dropLast(unfinished), isFinal: false).consumed
    }

    /// Some 100 bytes a minute for a week of steady output: more is not looked at.
    private static let longestTimes = 16 << 20

    private func startOfLine(at offset: Int) throws(LogError) -> Int {
        var end = offset
        while end > 0 {
            let from = max(0, end - Self.chunk)
            let block = try stored(from: from, limit: end - from)
            if let place = block.lastIndex(of: Byte.lineFeed) { return from + place + 1 }
            end = from
        }
        return 0
    }
}
