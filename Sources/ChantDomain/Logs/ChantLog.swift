import Foundation

/// A spec's log of all runs in the original's format: `.chant/logs/<id>.log`.
///
/// The file may be removed or kept by people as they like; what it holds is copied from the runs' own logs.
struct ChantLog: Sendable {
    let path: String
    private let spec: SpecID
    private let chantFolder: String
    /// How the run's agent writes; its text is what is copied.
    let dialect: AgentDialect?
    /// Masks what is secret: whoever may read the project's folder may read this file.
    let redactor: SecretRedactor

    init(
        chantFolder: String,
        spec: SpecID,
        dialect: AgentDialect? = nil,
        redactor: SecretRedactor
    ) {
        path = Self.path(of: spec, chantFolder: chantFolder)
        self.spec = spec
        self.chantFolder = chantFolder
        self.dialect = dialect
        self.redactor = redactor
    }

    /// Where the log of a spec lies.
    static func path(of spec: SpecID, chantFolder: String) -> String { "\(chantFolder)/logs/\(spec).log" }

    /// Begins the part of a run, or goes on with it where an earlier service stopped.
    ///
    /// Where the part begins is noted in the run's folder before its heading is written, so that after a crash what is
    /// there already is not copied again.
    func begin(_ folder: RunFolder, prompt: String, at date: Date) throws(LogError) -> TranscriptPart {
        try prepare()
        if let start = Self.noted(folder), try present() >= start {
            return TranscriptPart(log: self, folder: folder, prompt: prompt, date: date, start: start)
        }
        return try TranscriptPart(
            log: self,
            folder: folder,
            prompt: prompt,
            date: date,
            start: writeHeading(folder, prompt: prompt, at: date)
        )
    }

    /// Copies what the service had not copied yet when it was killed; nothing where the run had no part in the log.
    ///
    /// Before another run of the spec begins its part.
    func copyRest(of folder: RunFolder) throws(LogError) {
        guard let start = Self.noted(folder), try present() >= start else { return }
        var part = TranscriptPart(log: self, folder: folder, prompt: "", date: Surroundings.clock(), start: start)
        try part.copyNewBytes()
    }

    /// The log's size; 0 where there is none.
    func present() throws(LogError) -> Int {
        do {
            return try LogFile(path: path).size()
        } catch .gone {
            return 0
        }
    }

    /// Writes the heading of a run; what follows it is the run's text.
    func writeHeading(_ folder: RunFolder, prompt: String, at date: Date) throws(LogError) -> Int {
        let size = try present()
        var heading = self.heading(isFirst: size == 0, prompt: prompt, at: date)
        if size > 0, try LogFile(path: path).read(from: size - 1, limit: 1) != [Byte.lineFeed] {
            heading.insert(Byte.lineFeed, at: 0)
        }
        let start = size + heading.count
        try LogFile(path: folder.transcriptFile).overwrite(Array("\(start)\n".utf8)[...], mode: 0o600)
        try LogFile(path: path).append(heading[...], mode: 0o644)
        return start
    }

    private func heading(isFirst: Bool, prompt: String, at date: Date) -> [UInt8] {
        let time = date.formatted(Date.ISO8601FormatStyle())
        let line = String(repeating: "=", count: 80)
        let text =
            isFirst
            ? "# Agent Log: \(spec)\n# Started: \(time)\n# Prompt: \(prompt)\n\n"
            : "\n\(line)\n# New Run: \(time)\n# Prompt: \(prompt)\n\(line)\n\n"
        return Array(text.utf8)
    }

    private static func noted(_ folder: RunFolder) -> Int? {
        guard let bytes = try? LogFile(path: folder.transcriptFile).read(from: 0, limit: 32),
            bytes.last == Byte.lineFeed
        else { return nil }
        return Int(String(decoding: bytes.dropLast(), as: UTF8.self))
    }

    /// Makes the folder, and adds the line `logs/` to `.chant/.gitignore` where it is missing, as the original does.
    private func prepare() throws(LogError) {
        try LogFile.makeFolder("\(chantFolder)/logs")
        let ignore = LogFile(path: "\(chantFolder)/.gitignore")
        let known: [UInt8]
        do {
            known = try ignore.read(from: 0, limit: 1 << 20)
        } catch .gone {
            known = []
        }
        let lines = String(decoding: known, as: UTF8.self).split(whereSeparator: \.isNewline)
        let spellings = ["logs/", "/logs/", "logs", "/logs"]
        guard !lines.contains(where: { spellings.contains($0.trimmingCharacters(in: .whitespaces)) }) else { return }
        let isWhole = known.isEmpty || known.last == Byte.lineFeed
        try ignore.append(Array((isWhole ? "logs/\n" : "\nlogs/\n").utf8)[...], mode: 0o644)
    }
}

/// The part of one run in its spec's log.
struct TranscriptPart: Sendable {
    let log: ChantLog
    let folder: RunFolder
    let prompt: String
    let date: Date
    private(set) var start: Int

    /// Copies what the run's output has and the log does not, in bounded pieces.
    ///
    /// How much is there is read from the log's size, so that nobody has to remember it. A log that somebody removed or
    /// cut meanwhile begins anew with this run.
    ///
    /// Where this is not the last time, the beginning of a secret waits for its rest.
    mutating func copyNewBytes(isLast: Bool = true) throws(LogError) {
        let reader = LogReader(folder, .text, log.dialect, agentStarted: false).masking(by: log.redactor)
        while true {
            var size = try log.present()
            if size < start {
                start = try log.writeHeading(folder, prompt: prompt, at: date)
                size = start
            }
            let (bytes, unfinished) = try reader.piece(from: size - start, limit: LogReader.chunk)
            let piece = bytes.dropLast(isLast ? 0 : unfinished)
            guard !piece.isEmpty else { return }
            try LogFile(path: log.path).append(piece, mode: 0o644)
        }
    }
}

/// Keeps a spec's log of all runs growing while a run's agent works.
struct TranscriptCopy: Sendable {
    let log: ChantLog
    let folder: RunFolder
    let prompt: String
    var pause = Duration.seconds(1)

    /// Copies at most a second behind while `body` goes on, and what is left when it has ended.
    ///
    /// A log that cannot be written never disturbs the run: the run's own log has everything.
    func during<Value>(_ body: () async -> Value) async -> Value {
        guard let part = try? log.begin(folder, prompt: prompt, at: Surroundings.clock()) else { return await body() }
        return await withTaskGroup(of: Void.self) { group in
            group.addTask { await copy(part) }
            let value = await body()
            group.cancelAll()
            await group.waitForAll()
            return value
        }
    }

    /// Copies until it is cancelled, and then once more.
    private func copy(_ part: TranscriptPart) async {
        var part = part
        while true {
            let isLast = Task.isCancelled
            try? part.copyNewBytes(isLast: isLast)
            if isLast { return }
            try? await Surroundings.sleep(for: pause)
        }
    }
}
