import Foundation

/// Whether a failed run is followed by another one, and when (R50); decides, and does nothing.
struct RetryDecision: Sendable {
    let keys: RetryKeys

    /// The wait before the next attempt; `nil` where there is none.
    ///
    /// - Parameters:
    ///   - attempt: the number of the attempt that failed, from 1.
    ///   - cause: why it failed; `nil` where that does not pass with time.
    ///   - jitter: −1…1, from the caller's generator.
    /// - Returns: doubled (`backoff_multiplier`) with each attempt, at most an hour; what the other side asks for wins.
    func wait(attempt: Int, cause: Transience.Cause?, jitter: Double) -> Duration? {
        guard let cause, attempt <= keys.maxRetries else { return nil }
        if let asked = cause.retryAfter { return asked + asked * (Self.share * abs(jitter)) }
        let factor = pow(keys.multiplier, Double(min(attempt - 1, 60)))
        let seconds = min(keys.delay / .seconds(1) * factor, RetryKeys.longestWait / .seconds(1))
        return .seconds(seconds + seconds * Self.share * min(max(jitter, -1), 1))
    }

    /// How much a wait is stretched or shortened, so that runs that failed together do not come back together.
    private static let share = 0.1
}

/// A run that will follow a failed one, as the spec's file says it: `retry_state`.
struct PlannedRetry: Sendable, Equatable {
    /// How many attempts failed so far.
    var attempts: Int
    /// When the last one did.
    var failedAt: Date
    /// When the next one may start.
    var notBefore: NotBefore

    /// The key's value, as the original writes it (§3.2 of the reference): times in Unix milliseconds.
    var header: HeaderValue {
        .map([
            HeaderEntry("attempts", .integer(attempts)),
            HeaderEntry("last_retry_time", .integer(Self.milliseconds(failedAt))),
            HeaderEntry("next_retry_time", .integer(Self.milliseconds(notBefore.at))),
        ])
    }

    private static func milliseconds(_ date: Date) -> Int { Int((date.timeIntervalSince1970 * 1000).rounded()) }
}
