/// Members of `order.created` and `order.settled`.
public struct OrderFacts: Sendable, Equatable {
    /// The order.
    public var orderID: OrderID
    /// How it schedules its specs.
    public var mode: RunMode
    /// Why it ended; `nil` while it is open.
    public var ended: String?
    /// How its specs ended; `nil` while it is open.
    public var summary: OrderSummary?

    /// The facts about `order`, with its summary once it is settled.
    public init(_ order: Order, summary: OrderSummary? = nil) {
        orderID = order.id
        mode = order.mode
        ended = order.ended
        self.summary = summary
    }
}

extension OrderFacts: Codable {
    private enum CodingKeys: String, CodingKey {
        case orderID = "order_id"
        case mode
        case ended
        case summary
    }

    /// Writes every member.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(orderID, forKey: .orderID)
        try container.encode(mode, forKey: .mode)
        try container.encode(ended, forKey: .ended)
        try container.encode(summary, forKey: .summary)
    }
}

/// Members of `process.started` and `process.exited`.
public struct ProcessFacts: Sendable, Equatable {
    /// The run that the process works for.
    public var runID: RunID
    /// That run's spec.
    public var specID: String
    /// The agent's process id.
    public var pid: Int
    /// Its exit code, once it has one.
    public var exitCode: Int?
    /// The signal that ended it, if one did.
    public var signal: Int?
    /// Whether an earlier service had started it.
    public var adopted: Bool

    /// Facts about an agent's process.
    public init(
        runID: RunID,
        specID: String,
        pid: Int,
        exitCode: Int? = nil,
        signal: Int? = nil,
        adopted: Bool = false
    ) {
        self.runID = runID
        self.specID = specID
        self.pid = pid
        self.exitCode = exitCode
        self.signal = signal
        self.adopted = adopted
    }
}

extension ProcessFacts: Codable {
    private enum CodingKeys: String, CodingKey {
        case runID = "run_id"
        case specID = "spec_id"
        case pid
        case exitCode = "exit_code"
        case signal
        case adopted
    }

    /// Writes every member.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(runID, forKey: .runID)
        try container.encode(specID, forKey: .specID)
        try container.encode(pid, forKey: .pid)
        try container.encode(exitCode, forKey: .exitCode)
        try container.encode(signal, forKey: .signal)
        try container.encode(adopted, forKey: .adopted)
    }
}

/// Members of `service.started` and `service.stopping`.
public struct ServiceFacts: Sendable, Equatable {
    /// The service's version.
    public var version: String
    /// How it stops: `detach`, `drain`, `stop`; `nil` when it starts.
    public var mode: String?

    /// Facts about the service itself.
    public init(version: String, mode: String? = nil) {
        self.version = version
        self.mode = mode
    }
}

extension ServiceFacts: Codable {
    private enum CodingKeys: String, CodingKey {
        case version
        case mode
    }

    /// Writes every member.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(version, forKey: .version)
        try container.encode(mode, forKey: .mode)
    }
}
