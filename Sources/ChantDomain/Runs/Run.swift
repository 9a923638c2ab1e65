public import Foundation

/// One agent start for one spec, from its acceptance to its outcome.
///
/// A value: the journal holds the truth, and `Journal.update` and `Journal.settle` are the only doors that change it.
public struct Run: Sendable, Codable, Equatable {
    public var id: RunID
    /// The spec's full id.
    public var specID: String
    public var orderID: OrderID
    /// The project's name, as on the wire.
    public var project: String
    /// The real path of the project's `.chant` folder, which identifies the project in the journal.
    public var projectPath: String
    public var mode: RunMode = .single
    public var options: RunOptions
    public var state: RunState = .queued
    public var stage: Stage?
    /// Counts from 1 within the order; a run that follows an interruption keeps its predecessor's number (R45).
    public var attempt = 1
    /// How many interruptions of this spec in this order came before (R45: at most 3 are followed by a new run).
    public var interruptions = 0

    public var agent: String
    public var provider: String
    /// The model asked for, later the one reported (R65).
    public var model: String?
    public var branch: String
    public var worktree: String?
    public var target: String
    public var baseCommit: String?
    public var headCommit: String?
    /// Full hashes, oldest first.
    public var commits: [String] = []
    public var mergeCommit: String?

    public var exitCode: Int?
    public var signal: Int?
    public var queuedAt: Date
    public var startedAt: Date?
    public var finishedAt: Date?
    public var limits: RunLimits
    public var timings = RunTimings()

    public var outcome: RunOutcome?
    public var reason: RunReason?
    public var problem: RunProblem?
    public var warnings: [RunWarning] = []
    public var retryOf: RunID?
    public var nextRun: RunID?
    /// Set once somebody asked to stop the run, so that a crash in between does not forget it.
    public var cancelRequested = false

    /// A run that is queued at `date`.
    public init(
        id: RunID,
        specID: String,
        orderID: OrderID,
        project: String,
        projectPath: String,
        options: RunOptions,
        agent: String,
        provider: String,
        model: String?,
        branch: String,
        target: String,
        limits: RunLimits,
        queuedAt date: Date
    ) {
        self.id = id
        self.specID = specID
        self.orderID = orderID
        self.project = project
        self.projectPath = projectPath
        self.options = options
        self.agent = agent
        self.provider = provider
        self.model = model
        self.branch = branch
        self.target = target
        self.limits = limits
        queuedAt = date
    }
}

/// The limits that a run's supervisor keeps (R69).
public struct RunLimits: Sendable, Codable, Equatable {
    public var wallSeconds: Double
    public var idleSeconds: Double
    public var logBytes: Int
    public var stopGraceSeconds: Double

    /// Limits in seconds and bytes.
    public init(wallSeconds: Double, idleSeconds: Double, logBytes: Int, stopGraceSeconds: Double) {
        self.wallSeconds = wallSeconds
        self.idleSeconds = idleSeconds
        self.logBytes = logBytes
        self.stopGraceSeconds = stopGraceSeconds
    }
}

/// Where a run's time went, in milliseconds; what did not happen yet is `nil`.
public struct RunTimings: Sendable, Codable, Equatable {
    public var queuedMs: Int?
    public var prepareMs: Int?
    public var gitMs: Int?
    public var spawnMs: Int?
    public var settleMs: Int?

    /// Nothing measured yet.
    public init() {}
}

/// What one POST started: for mode `single`, one run and those that follow it after an interruption.
public struct Order: Sendable, Codable, Equatable {
    public var id: OrderID
    public var project: String
    public var projectPath: String
    public var mode: RunMode
    public var options: RunOptions
    public var specs: [String]
    public var createdAt: Date
    public var settledAt: Date?
    /// Why it ended: `finished`, `failed`, `cancelled`, `limit`; `nil` while it is open.
    public var ended: String?

    /// An order that is opened at `date`.
    public init(
        id: OrderID,
        project: String,
        projectPath: String,
        mode: RunMode,
        options: RunOptions,
        specs: [String],
        createdAt date: Date
    ) {
        self.id = id
        self.project = project
        self.projectPath = projectPath
        self.mode = mode
        self.options = options
        self.specs = specs
        createdAt = date
    }
}
