/// The pause between two starts of runs of parallel orders: `parallel.stagger_delay_ms` and `stagger_jitter_ms`.
///
/// So many agents that begin at once would meet the limits of the same provider in the same second.
public struct StaggerKeys: Sendable, Equatable {
    /// The pause.
    public var delay: Duration = .milliseconds(1000)
    /// How much longer or shorter it is, evenly spread.
    public var jitter: Duration = .milliseconds(200)

    /// What the original assumes (§7.10 of the reference).
    public init() {}

    init(_ section: ConfigurationSection, _ reader: inout ConfigurationReader) {
        delay = Self.milliseconds(section["stagger_delay_ms"], &reader) ?? delay
        jitter = Self.milliseconds(section["stagger_jitter_ms"], &reader) ?? jitter
    }

    private static func milliseconds(
        _ value: ConfigurationValue,
        _ reader: inout ConfigurationReader
    ) -> Duration? {
        reader.number(value, atLeast: 0, atMost: 3_600_000).map { .milliseconds($0) }
    }

    /// The next pause.
    ///
    /// - Parameter jitter: −1…1, from the caller's generator.
    /// - Returns: never below zero.
    func pause(jitter share: Double) -> Duration { max(.zero, delay + jitter * share) }
}

/// How often, and when, a run is tried again that failed for a reason that passes: `watch.failure` (R50).
public struct RetryKeys: Sendable, Equatable {
    /// How many runs may follow the first one.
    public var maxRetries = 3
    /// The wait before the first of them.
    public var delay: Duration = .seconds(60)
    /// How much longer each wait is than the one before.
    public var multiplier = 2.0
    /// Texts in the end of a run's log that mean a failure that passes; empty for the list of the rules.
    public var patterns: [String] = []
    /// No wait is longer.
    public static let longestWait: Duration = .seconds(3600)

    /// What the rules say.
    public init() {}

    init(_ section: ConfigurationSection, _ reader: inout ConfigurationReader) {
        maxRetries = reader.number(section["max_retries"], atLeast: 0, atMost: 1000) ?? maxRetries
        delay =
            reader.number(section["retry_delay_ms"], atLeast: 0, atMost: 86_400_000).map { .milliseconds($0) } ?? delay
        if let factor = reader.amount(section["backoff_multiplier"]) {
            if factor >= 1 {
                multiplier = factor
            } else {
                reader.complain(section["backoff_multiplier"], "It must be at least 1.")
            }
        }
        patterns = (reader.texts(section["retryable_patterns"]) ?? []).filter { !$0.isEmpty }
    }
}
