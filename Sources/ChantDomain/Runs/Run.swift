public import Foundation

/// One agent start for one spec, from its acceptance to its outcome.
///
/// A value: the journal holds the truth, and `Journal.update` and `Journal.settle` are the only doors that change it.
public struct Run: Sendable, Codable, Equatable {
    /// Names the run.
    public var id: RunID
    /// The spec's full id.
    public var specID: String
    /// The order that the run belongs to.
    public var orderID: OrderID
    /// The project's name, as on the wire.
    public var project: String
    /// The real path of the project's `.chant` folder, which identifies the project in the journal.
    public var projectPath: String
    /// How its order schedules it.
    public var mode: RunMode = .single
    /// What the caller asked for.
    public var options: RunOptions
    /// Where it is between acceptance and outcome (R46).
    public var state: RunState = .queued
    /// The step that it is in; `nil` before the first.
    public var stage: Stage?
    /// Counts from 1 within the order; a run that follows an interruption keeps its predecessor's number (R45).
    public var attempt = 1
    /// How many interruptions of this spec in this order came before (R45: at most 3 are followed by a new run).
    public var interruptions = 0

    /// The configured agent's name.
    public var agent: String
    /// The way we talk to that agent: `command`, `demo`, ….
    public var provider: String
    /// The model asked for, later the one reported (R65).
    public var model: String?
    /// The branch that the agent works on.
    public var branch: String
    /// The worktree's path, once there is one.
    public var worktree: String?
    /// The branch that finished work goes to.
    public var target: String
    /// The commit that the branch started at.
    public var baseCommit: String?
    /// The branch's last commit.
    public var headCommit: String?
    /// Full hashes, oldest first.
    public var commits: [String] = []
    /// The finishing commit (R58).
    public var mergeCommit: String?

    /// The agent's exit code.
    public var exitCode: Int?
    /// The signal that ended the agent.
    public var signal: Int?
    /// The name of the agent's session, with which it could be resumed.
    public var sessionID: String?
    /// What its model calls took; `nil` where the agent did not say it.
    public var usage: RunUsage?
    /// When it was accepted.
    public var queuedAt: Date
    /// When a worker took it up.
    public var startedAt: Date?
    /// When it was settled.
    public var finishedAt: Date?
    /// What its supervisor allows.
    public var limits: RunLimits
    /// Where its time went.
    public var timings = RunTimings()

    /// How it ended; `nil` while it is live.
    public var outcome: RunOutcome?
    /// Why it ended so; `nil` for `completed`.
    public var reason: RunReason?
    /// The reason with its evidence.
    public var problem: RunProblem?
    /// What was noteworthy and did not change the outcome.
    public var warnings: [RunWarning] = []
    /// The run that this one follows (R45).
    public var retryOf: RunID?
    /// The paused run whose work this one goes on with (R45).
    public var resumedFrom: RunID?
    /// The run that follows this one (R45).
    public var nextRun: RunID?
    /// It does not start earlier than this (R46): it follows a failure that passes with time.
    public var notBefore: NotBefore?
    /// Whether its agent is chosen only when it starts, among those that are free; the request named none.
    public var isAgentOpen: Bool?
    /// Who asked for it, where somebody said so.
    public var by: String?
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
    /// The longest that the agent may take.
    public var wallSeconds: Double
    /// The longest that it may do nothing.
    public var idleSeconds: Double
    /// The largest output that it may write.
    public var logBytes: Int
    /// How long it has between TERM and KILL.
    public var stopGraceSeconds: Double
    /// What it may cost in US dollars, where the agent keeps such a limit itself.
    public var costUSD: Double?

    /// Limits in seconds and bytes.
    public init(
        wallSeconds: Double,
        idleSeconds: Double,
        logBytes: Int,
        stopGraceSeconds: Double,
        costUSD: Double? = nil
    ) {
        self.wallSeconds = wallSeconds
        self.idleSeconds = idleSeconds
        self.logBytes = logBytes
        self.stopGraceSeconds = stopGraceSeconds
        self.costUSD = costUSD
    }
}

/// Where a run's time went, in milliseconds; what did not happen yet is `nil`.
public struct RunTimings: Sendable, Codable, Equatable {
    /// From acceptance to a worker.
    public var queuedMs: Int?
    /// Stage `prepare`.
    public var prepareMs: Int?
    /// All git commands together.
    public var gitMs: Int?
    /// From asking for the agent to its first instruction.
    public var spawnMs: Int?
    /// From the agent's end to the outcome.
    public var settleMs: Int?

    /// Nothing measured yet.
    public init() {}
}
