/// How an order's specs ended, in numbers.
public struct OrderSummary: Sendable, Codable, Equatable {
    /// Specs whose last run completed.
    public var completed: Int
    /// Specs whose last run failed, was refused, or ended in another way that leaves them undone.
    public var failed: Int
    /// Specs that wait for a person.
    public var needsAttention: Int
    /// Specs that were never started.
    public var skipped: Int
    /// Specs whose run was stopped.
    public var cancelled: Int
    /// Ready specs that the order left behind.
    public var remainingReady: Int

    /// Numbers, zero where not given.
    public init(
        completed: Int = 0,
        failed: Int = 0,
        needsAttention: Int = 0,
        skipped: Int = 0,
        cancelled: Int = 0,
        remainingReady: Int = 0
    ) {
        self.completed = completed
        self.failed = failed
        self.needsAttention = needsAttention
        self.skipped = skipped
        self.cancelled = cancelled
        self.remainingReady = remainingReady
    }

    /// The summary of specs whose last runs ended so.
    init(of outcomes: some Sequence<RunOutcome>, skipped: Int = 0, remainingReady: Int = 0) {
        self.init(skipped: skipped, remainingReady: remainingReady)
        for outcome in outcomes {
            switch outcome {
            case .completed: completed += 1
            case .needsAttention: needsAttention += 1
            case .cancelled: cancelled += 1
            case .failed, .paused, .interrupted, .refused: failed += 1
            }
        }
    }

    private enum CodingKeys: String, CodingKey {
        case completed
        case failed
        case needsAttention = "needs_attention"
        case skipped
        case cancelled
        case remainingReady = "remaining_ready"
    }
}
