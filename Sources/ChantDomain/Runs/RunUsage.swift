/// What a run's model calls took, as far as its agent says it; what it does not say is `nil`.
public struct RunUsage: Sendable, Codable, Equatable {
    /// Tokens that went to the model, those from its cache included.
    public var inputTokens: Int?
    /// Tokens that came from it.
    public var outputTokens: Int?
    /// What that cost in US dollars, by the agent's own price table.
    public var costUSD: Double?

    /// Figures; without arguments nothing is known.
    public init(inputTokens: Int? = nil, outputTokens: Int? = nil, costUSD: Double? = nil) {
        self.inputTokens = inputTokens
        self.outputTokens = outputTokens
        self.costUSD = costUSD
    }

    /// Whether nothing is known.
    public var isEmpty: Bool { self == RunUsage() }
}
