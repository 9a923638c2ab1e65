public import Foundation

/// Which runs a caller wants to see.
public struct RunQuery: Sendable, Equatable {
    /// Only those of this project: the real path of its `.chant` folder.
    public var projectPath: String?
    /// Only those of this spec, by its full id.
    public var specID: String?
    /// Only those of this order.
    public var orderID: OrderID?
    /// Only those in one of these states.
    public var states: Set<RunState>?
    /// Only those that ended in one of these ways.
    public var outcomes: Set<RunOutcome>?
    /// Only those that come after this one in the order.
    public var after: RunID?
    /// By id from the oldest on; else from the newest.
    public var isOldestFirst = false
    /// At most so many.
    public var limit: Int

    /// A query; what is `nil` does not narrow it.
    public init(
        projectPath: String? = nil,
        specID: String? = nil,
        orderID: OrderID? = nil,
        states: Set<RunState>? = nil,
        outcomes: Set<RunOutcome>? = nil,
        limit: Int = 50
    ) {
        self.projectPath = projectPath
        self.specID = specID
        self.orderID = orderID
        self.states = states
        self.outcomes = outcomes
        self.limit = limit
    }
}

/// An agent's process as it was registered (R26), and how it ended.
public struct ProcessRow: Sendable, Codable, Equatable {
    /// Who a process is (R27).
    public struct Identity: Sendable, Codable, Hashable {
        /// Its id, which the system gives to others later.
        public var pid: Int32
        /// When it was started, in clock ticks since the boot.
        public var startTicks: UInt64
        /// The boot that it belongs to.
        public var bootID: String
        /// The pid namespace that its id belongs to.
        public var pidNamespace: String

        /// The four parts of an identity.
        public init(pid: Int32, startTicks: UInt64, bootID: String, pidNamespace: String) {
            self.pid = pid
            self.startTicks = startTicks
            self.bootID = bootID
            self.pidNamespace = pidNamespace
        }
    }

    /// The run that it works for.
    public var runID: RunID
    /// That run's spec.
    public var specID: String
    /// That run's project, by name.
    public var project: String
    /// The agent.
    public var agent: Identity
    /// Its supervisor.
    public var supervisor: Identity
    /// When the agent was started.
    public var startedAt: Date
    /// Whether an earlier service had started it.
    public var adopted: Bool
    /// When its exit was journaled; `nil` while it lives.
    public var exitedAt: Date?
    /// Its exit code.
    public var exitCode: Int?
    /// The signal that ended it.
    public var signal: Int?

    /// A process that has just been found alive.
    public init(
        run: Run,
        agent: Identity,
        supervisor: Identity,
        startedAt: Date,
        adopted: Bool = false
    ) {
        runID = run.id
        specID = run.specID
        project = run.project
        self.agent = agent
        self.supervisor = supervisor
        self.startedAt = startedAt
        self.adopted = adopted
    }
}

/// What finishing has set out to do (F1–F3), so that recovery can end or undo it.
public struct FinishingRecord: Sendable, Codable, Equatable {
    /// An entry of an index as it was before finishing changed it.
    public struct IndexEntry: Sendable, Codable, Equatable {
        /// Its path in the repository.
        public var path: String
        /// Its mode, as git writes it; `nil` when the index had no such entry.
        public var mode: String?
        /// Its blob; `nil` when the index had no such entry.
        public var blob: String?

        /// An entry, or that there was none.
        public init(path: String, mode: String?, blob: String?) {
            self.path = path
            self.mode = mode
            self.blob = blob
        }
    }

    /// What a person's word set out to merge of a run that had ended (R59).
    public struct Merge: Sendable, Codable, Equatable {
        /// Abbreviated hashes for the spec's `commits`, oldest first.
        public var commits: [String]
        /// Who said so.
        public var by: String?

        /// A merge by `by`.
        public init(commits: [String], by: String?) {
            self.commits = commits
            self.by = by
        }
    }

    /// The target branch.
    public var target: String
    /// Where the target was.
    public var old: String
    /// The tip of the run's branch.
    public var tip: String
    /// The finishing commit, once it is made.
    public var commit: String?
    /// Nothing is to be committed; that this is written is the point of no return (R58).
    public var isWithoutCommit: Bool
    /// Entries of the checkout's index as they were.
    public var indexEntries: [IndexEntry]
    /// What is merged after the run had ended; `nil` for the run's own finishing.
    public var merge: Merge?

    /// An intent to finish.
    public init(
        target: String,
        old: String,
        tip: String,
        commit: String? = nil,
        isWithoutCommit: Bool = false,
        indexEntries: [IndexEntry] = [],
        merge: Merge? = nil
    ) {
        self.target = target
        self.old = old
        self.tip = tip
        self.commit = commit
        self.isWithoutCommit = isWithoutCommit
        self.indexEntries = indexEntries
        self.merge = merge
    }
}

/// A write of a spec file that may be under way (R1): digests of the bytes that were read and that are to be written.
struct WriteRecord: Sendable, Equatable {
    let path: String
    let before: String?
    let after: String
}
