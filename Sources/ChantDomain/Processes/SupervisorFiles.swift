public import Foundation

/// A started agent and its supervisor, as the supervisor wrote them into `process.json` before the agent's first step.
public struct SupervisedAgent: Codable, Sendable, Hashable {
    /// The run that it works for.
    public let runID: RunID
    /// Where its files lie.
    public let runFolder: String
    /// The process that watches and stops the tree; alone it is ever signalled.
    public let supervisor: ProcessIdentity
    /// The agent's own process.
    public let agent: ProcessIdentity
    /// When it was started, in whole milliseconds.
    public let startedAt: Date

    /// A started agent.
    public init(
        runID: RunID,
        runFolder: String,
        supervisor: ProcessIdentity,
        agent: ProcessIdentity,
        startedAt: Date
    ) {
        self.runID = runID
        self.runFolder = runFolder
        self.supervisor = supervisor
        self.agent = agent
        self.startedAt = startedAt
    }

    /// What `process.json` says; `nil` where no agent was started, or the file cannot be read.
    ///
    /// What a newer version wrote says only that there is somebody who cannot be verified (R73).
    public static func read(runFolder: String) -> SupervisedAgent? {
        if let head = try? SupervisorFile.decode(ProcessFileHead.self, "process.json", in: runFolder), head.version > 1
        {
            return SupervisedAgent(
                runID: head.run,
                runFolder: runFolder,
                supervisor: .unverifiable,
                agent: .unverifiable,
                startedAt: head.startedAt
            )
        }
        guard let file = try? SupervisorFile.decode(ProcessFile.self, "process.json", in: runFolder) else { return nil }
        return SupervisedAgent(
            runID: file.run,
            runFolder: runFolder,
            supervisor: file.supervisor,
            agent: file.agent,
            startedAt: file.startedAt
        )
    }
}

/// How an agent ended, as its supervisor wrote it into `exit.json` when the last process was gone.
public struct ExitRecord: Codable, Sendable, Equatable {
    /// What the whole tree used.
    public struct Usage: Codable, Sendable, Equatable {
        /// Processor time outside the kernel.
        public var userSeconds: Double
        /// Processor time in the kernel.
        public var systemSeconds: Double
        /// The largest memory of one process.
        public var maxRSSBytes: Int

        enum CodingKeys: String, CodingKey {
            case userSeconds = "user_seconds"
            case systemSeconds = "system_seconds"
            case maxRSSBytes = "max_rss_bytes"
        }

        /// Usage in seconds and bytes.
        public init(userSeconds: Double, systemSeconds: Double, maxRSSBytes: Int) {
            self.userSeconds = userSeconds
            self.systemSeconds = systemSeconds
            self.maxRSSBytes = maxRSSBytes
        }
    }

    /// The format's version.
    public var version: Int
    /// The agent's exit code; `nil` where a signal ended it, or it never started.
    public var code: Int32?
    /// The signal that ended the agent.
    public var signal: Int32?
    /// When it was started.
    public var startedAt: Date
    /// When the agent itself had ended.
    public var endedAt: Date
    /// Who decided that it ends.
    public var by: EndedBy
    /// What the whole tree used.
    public var usage: Usage
    /// Processes besides the agent that were still there when it had ended, or when the grace was over.
    public var leftovers: Int
    /// Why the program could not be executed; only with `startFailed`.
    public var startError: String?

    enum CodingKeys: String, CodingKey {
        case version
        case code
        case signal
        case startedAt = "started_at"
        case endedAt = "ended_at"
        case by
        case usage
        case leftovers
        case startError = "start_error"
    }

    /// A record, for example of a fake agent.
    public init(
        code: Int32?,
        signal: Int32? = nil,
        startedAt: Date,
        endedAt: Date,
        by: EndedBy,
        usage: Usage = Usage(userSeconds: 0, systemSeconds: 0, maxRSSBytes: 0),
        leftovers: Int = 0,
        startError: String? = nil
    ) {
        version = 1
        self.code = code
        self.signal = signal
        self.startedAt = startedAt
        self.endedAt = endedAt
        self.by = by
        self.usage = usage
        self.leftovers = leftovers
        self.startError = startError
    }

    /// What `exit.json` says; `nil` where it is not there (yet), or cannot be read.
    public static func read(runFolder: String) -> ExitRecord? {
        try? SupervisorFile.decode(ExitRecord.self, "exit.json", in: runFolder)
    }
}

/// What every version of `process.json` holds.
private struct ProcessFileHead: Decodable {
    let version: Int
    let run: RunID
    let startedAt: Date

    enum CodingKeys: String, CodingKey {
        case version
        case run
        case startedAt = "started_at"
    }
}

/// What `process.json` holds.
private struct ProcessFile: Decodable {
    let run: RunID
    let supervisor: ProcessIdentity
    let agent: ProcessIdentity
    let startedAt: Date

    enum CodingKeys: String, CodingKey {
        case run
        case supervisor
        case agent
        case startedAt = "started_at"
    }
}

/// Reads what a supervisor wrote: unknown keys are passed over.
enum SupervisorFile {
    /// When the supervisor last showed that it lives; `nil` where it never did.
    static func heartbeat(in runFolder: String) -> Date? {
        var status = stat()
        guard lstat(runFolder + "/heartbeat", &status) == 0 else { return nil }
        return Date(
            timeIntervalSince1970: Double(status.st_mtim.tv_sec) + Double(status.st_mtim.tv_nsec) / 1_000_000_000
        )
    }

    fileprivate static func decode<Value: Decodable>(
        _ type: Value.Type,
        _ name: String,
        in runFolder: String
    ) throws -> Value? {
        guard let bytes = SmallFile.read("\(runFolder)/\(name)", limit: 1 << 20) else { return nil }
        let decoder = JSONDecoder()
        decoder.dateDecodingStrategy = .custom { decoder in
            let text = try decoder.singleValueContainer().decode(String.self)
            return try Date(text, strategy: Date.ISO8601FormatStyle(includingFractionalSeconds: true))
        }
        return try decoder.decode(type, from: Data(bytes))
    }
}
