import Foundation
import Glibc

/// The views of a structured agent's output that are files of their own: `text.log` and `events.log`.
///
/// Pure functions of the raw files, made as far as somebody reads, whoever that is: the copy into the spec's log while
/// the run lives, a stream, a later service. How far they are stands in `decoded`; whoever holds its lock goes on from
/// there. They are made again from the start, byte for byte the same, where one is missing or shorter than it was left,
/// or where another version of the decoder had made them.
struct DecodedLog: Sendable {
    let folder: RunFolder
    let dialect: AgentDialect

    /// The file of a view; `nil` for the raw bytes.
    func path(of view: LogView) -> String? {
        switch view {
        case .text: folder.textFile
        case .events: folder.eventsFile
        case .raw: nil
        }
    }

    /// Brings both files to the present end of the raw output.
    ///
    /// - Parameters:
    ///   - end: up to where the raw output may be read.
    ///   - hasEnded: whether the run is known to have ended, beside what its exit record says.
    /// - Throws: `gone` where there is no raw output.
    func bringUpToDate(to end: Int = .max, hasEnded: Bool) throws(LogError) {
        // Before the size is asked: nothing is written after the record.
        let isFinal = end == .max && (hasEnded || access(folder.exitFile, F_OK) == 0)
        let size = min(end, try LogFile(path: folder.outFile).size())
        let progress = try DecodingProgressFile(folder.decodedFile)
        defer { progress.close() }
        var state = progress.read()
        if state.map({ !isUsable($0, rawSize: size) }) ?? true { state = try begin() }
        guard var state, !state.isFinal, state.lines.offset < size || isFinal else { return }
        let agentBegin = folder.agentBegin
        repeat {
            let wasAt = state.lines.offset
            try advance(&state, to: size, isFinal: isFinal, agentBegin)
            progress.write(state)
            if state.lines.offset == wasAt { break }
        } while state.lines.offset < size
        guard isFinal else { return }
        try appendErrors(&state)
        state.isFinal = true
        progress.write(state)
    }

    /// How many bytes of a view come before what begins at an offset of the raw output, for readers that ask by time.
    func offset(in view: LogView, ofRaw offset: Int) throws(LogError) -> Int {
        var count = 0
        let agentBegin = folder.agentBegin
        try eachLine(before: offset) { line in
            let decoded = line.decoded(dialect, agentBegin: agentBegin)
            count += view == .text ? decoded.text.utf8.count : Self.events(decoded, at: line.start).count
        }
        return count
    }

    /// Goes through the raw output, up to an offset or to its end.
    func eachLine(before end: Int? = nil, _ body: (OutputLines.Line) -> Void) throws(LogError) {
        let size = if let end { end } else { try LogFile(path: folder.outFile).size() }
        var lines = OutputLines()
        while lines.offset < size {
            let wasAt = lines.offset
            for line in try read(&lines, to: size, isFinal: true) { body(line) }
            if lines.offset == wasAt { break }
        }
    }

    // MARK: - Steps

    private func isUsable(_ state: DecodingProgress, rawSize: Int) -> Bool {
        state.dialect == dialect && state.version == dialect.version && state.lines.offset <= rawSize
            && (try? LogFile(path: folder.textFile).size()).map { $0 >= state.text } ?? false
            && (try? LogFile(path: folder.eventsFile).size()).map { $0 >= state.events } ?? false
    }

    private func begin() throws(LogError) -> DecodingProgress {
        try LogFile(path: folder.textFile).overwrite([], mode: 0o600)
        try LogFile(path: folder.eventsFile).overwrite([], mode: 0o600)
        return DecodingProgress(dialect: dialect, version: dialect.version)
    }

    private func advance(
        _ state: inout DecodingProgress,
        to size: Int,
        isFinal: Bool,
        _ agentBegin: Int
    ) throws(LogError) {
        var text: [UInt8] = []
        var events: [UInt8] = []
        for line in try read(&state.lines, to: size, isFinal: isFinal) {
            let decoded = line.decoded(dialect, agentBegin: agentBegin)
            text += decoded.text.utf8
            events += Self.events(decoded, at: line.start)
        }
        // At the place that the state names: what a service that was killed had written beyond it is the same again.
        try LogFile(path: folder.textFile).write(text[...], at: state.text, mode: 0o600)
        try LogFile(path: folder.eventsFile).write(events[...], at: state.events, mode: 0o600)
        state.text += text.count
        state.events += events.count
    }

    /// The next lines of the raw output; more is read at once only where a line is longer.
    private func read(_ lines: inout OutputLines, to size: Int, isFinal: Bool) throws(LogError) -> [OutputLines.Line] {
        let raw = LogFile(path: folder.outFile)
        for limit in [256 << 10, OutputLines.longest + 1] {
            let wasAt = lines.offset
            let bytes = try raw.read(from: lines.offset, limit: min(limit, size - lines.offset))
            let reachesEnd = lines.offset + bytes.count >= size
            let found = lines.cut(bytes, isFinal: isFinal && reachesEnd)
            if lines.offset > wasAt || reachesEnd { return found }
        }
        return []
    }

    private static func events(_ line: DecodedLine, at offset: Int) -> [UInt8] {
        line.steps.flatMap { Array(($0.json(at: offset) + "\n").utf8) }
    }

    /// The standard error, below a line that says so; nothing where the agent wrote none.
    private func appendErrors(_ state: inout DecodingProgress) throws(LogError) {
        let errors = LogFile(path: folder.errFile)
        let size: Int
        do throws(LogError) { size = try errors.size() } catch { return }
        guard size > 0 else { return }
        let heading = Array("[stderr]\n".utf8)
        try LogFile(path: folder.textFile).write(heading[...], at: state.text, mode: 0o600)
        state.text += heading.count
        var done = 0
        while done < size {
            let piece = try errors.read(from: done, limit: min(256 << 10, size - done))
            guard !piece.isEmpty else { break }
            try LogFile(path: folder.textFile).write(piece[...], at: state.text, mode: 0o600)
            state.text += piece.count
            done += piece.count
        }
    }
}

/// How far the decoded views of a run are.
struct DecodingProgress: Codable, Equatable {
    let dialect: AgentDialect
    let version: Int
    /// The place in the raw output.
    var lines = OutputLines()
    /// The sizes of the two files.
    var text = 0
    var events = 0
    /// Whether everything is in them, standard error included.
    var isFinal = false
}

/// The file `decoded`, locked while it is open: readers of several requests and services wait for each other.
private struct DecodingProgressFile {
    private let descriptor: Int32

    init(_ path: String) throws(LogError) {
        descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw .unreadable(path: path, code: errno) }
        while flock(descriptor, LOCK_EX) != 0, errno == EINTR {}
    }

    func close() { Glibc.close(descriptor) }

    /// What it says; `nil` where nothing that can be used.
    func read() -> DecodingProgress? {
        var bytes = [UInt8](repeating: 0, count: 1024)
        let count = pread(descriptor, &bytes, bytes.count, 0)
        guard count > 0 else { return nil }
        return try? JSONDecoder().decode(DecodingProgress.self, from: Data(bytes[..<count]))
    }

    /// Notes how far the files are; where that fails they are made again from the start.
    func write(_ progress: DecodingProgress) {
        guard let json = try? JSONEncoder().encode(progress) else { return }
        ftruncate(descriptor, 0)
        _ = json.withUnsafeBytes { pwrite(descriptor, $0.baseAddress, $0.count, 0) }
    }
}
