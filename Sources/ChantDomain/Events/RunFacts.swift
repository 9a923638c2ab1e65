/// Members of `spec.changed`.
public struct SpecChange: Sendable, Equatable {
    /// What happened to the file.
    public enum Kind: String, Sendable, Codable, CaseIterable {
        case created
        case edited
        case removed
        case status
    }

    /// The spec's full id.
    public var specID: String
    /// What happened to the file.
    public var change: Kind
    /// The status before, where it changed.
    public var from: String?
    /// The status after, where it changed.
    public var to: String?
    /// Who did it: `service`, `outside` or a principal.
    public var by: String
    /// The file's revision afterwards; `nil` when it is gone.
    public var revision: String?

    /// A change of a spec's file.
    public init(
        specID: String,
        change: Kind,
        from: String? = nil,
        to: String? = nil,
        by: String = "service",
        revision: String?
    ) {
        self.specID = specID
        self.change = change
        self.from = from
        self.to = to
        self.by = by
        self.revision = revision
    }
}

extension SpecChange: Codable {
    private enum CodingKeys: String, CodingKey {
        case specID = "spec_id"
        case change
        case from
        case to
        case by
        case revision
    }

    /// Writes every member.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(specID, forKey: .specID)
        try container.encode(change, forKey: .change)
        try container.encode(from, forKey: .from)
        try container.encode(to, forKey: .to)
        try container.encode(by, forKey: .by)
        try container.encode(revision, forKey: .revision)
    }
}

/// Members of `run.queued`, `run.started`, `run.stage` and `run.settled`.
public struct RunFacts: Sendable, Equatable {
    /// The run.
    public var runID: RunID
    /// Its spec's full id.
    public var specID: String
    /// Its order.
    public var orderID: OrderID
    /// Which attempt of the order it is.
    public var attempt: Int
    /// Where it is.
    public var state: RunState
    /// The step that it is in.
    public var stage: Stage?
    /// How it ended.
    public var outcome: RunOutcome?
    /// Why it ended so.
    public var reason: RunReason?

    /// The facts about `run` as it is.
    public init(_ run: Run) {
        runID = run.id
        specID = run.specID
        orderID = run.orderID
        attempt = run.attempt
        state = run.state
        stage = run.stage
        outcome = run.outcome
        reason = run.reason
    }
}

extension RunFacts: Codable {
    private enum CodingKeys: String, CodingKey {
        case runID = "run_id"
        case specID = "spec_id"
        case orderID = "order_id"
        case attempt
        case state
        case stage
        case outcome
        case reason
    }

    /// Writes every member.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(runID, forKey: .runID)
        try container.encode(specID, forKey: .specID)
        try container.encode(orderID, forKey: .orderID)
        try container.encode(attempt, forKey: .attempt)
        try container.encode(state, forKey: .state)
        try container.encode(stage, forKey: .stage)
        try container.encode(outcome, forKey: .outcome)
        try container.encode(reason, forKey: .reason)
    }
}
