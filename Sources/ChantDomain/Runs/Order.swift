public import Foundation

/// What one POST started: the runs of one spec or of several, and those that follow them.
public struct Order: Sendable, Codable, Equatable {
    /// Names the order.
    public var id: OrderID
    /// The project's name, as on the wire.
    public var project: String
    /// The real path of the project's `.chant` folder.
    public var projectPath: String
    /// How its specs are scheduled.
    public var mode: RunMode
    /// What the caller asked for.
    public var options: RunOptions
    /// The full ids of its specs, in the order in which they were named or taken up.
    public var specs: [String]
    /// What it takes up and when; `nil` for one spec in mode `single`, which was started at once.
    public var plan: OrderPlan?
    /// The specs that it will not start any more, and why.
    public var skipped: [SkippedSpec]?
    /// Whether nothing new starts any more because somebody cancelled it.
    public var isStopping: Bool?
    /// How its specs ended, once it is settled.
    public var summary: OrderSummary?
    /// When it was accepted.
    public var createdAt: Date
    /// When its last run was settled.
    public var settledAt: Date?
    /// Why it ended, in a word of `OrderEnding`; `nil` while it is open.
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

/// Why an order ended.
public enum OrderEnding: String, Sendable, Codable, CaseIterable {
    /// Nothing was left that it could start.
    case finished
    /// A spec of it did not complete, and the rest was to stop then.
    case failed
    /// Somebody cancelled it.
    case cancelled
    /// As many specs were started as were allowed, and more were left.
    case limit
}

extension Order {
    /// Where it is, in the contract's word.
    public var state: String { settledAt != nil ? "settled" : isStopping == true ? "stopping" : "open" }
    /// How the caller wanted it; without a plan, that of one spec.
    public var planned: OrderPlan { plan ?? OrderPlan(isNamed: true, onFailure: .continue) }

    /// Why an order of one spec ended whose last run ended so.
    static func ending(with outcome: RunOutcome) -> OrderEnding {
        switch outcome {
        case .completed: .finished
        case .cancelled: .cancelled
        case .failed, .needsAttention, .paused, .interrupted, .refused: .failed
        }
    }
}
