/// Decides whether a failed attempt is repeated; does not sleep, count or log.
struct RetryPolicy: Sendable, Equatable {
    /// What to do after a failure.
    enum Decision: Sendable, Equatable {
        case retry(after: Duration)
        case giveUp
    }

    /// How often a thing is tried in all.
    var maxAttempts: Int
    /// The pause after the first failure; doubled after each further one.
    var base: Duration
    /// The longest pause.
    var cap: Duration

    /// Rule 16 of the git notes: a first try and up to five more, 20 ms … 1 s apart.
    static let git = RetryPolicy(maxAttempts: 6, base: .milliseconds(20), cap: .seconds(1))

    /// Decides after attempt number `attempt` (from 1) failed.
    ///
    /// - Parameters:
    ///   - attempt: the number of the attempt that failed.
    ///   - isTransient: whether the same thing may work in a moment.
    ///   - jitter: −1…1, from the caller's generator, so that a test can choose it.
    /// - Returns: whether and when to try again.
    func decide(attempt: Int, isTransient: Bool, jitter: Double) -> Decision {
        guard isTransient, attempt < maxAttempts else { return .giveUp }
        let exponent = min(max(attempt - 1, 0), 20)
        let pause = min(cap, base * (1 << exponent))
        return .retry(after: pause + pause * (0.25 * min(max(jitter, -1), 1)))
    }
}
