/// The limits of the service as a whole; those of a single run are in `ServerKeys.Limits`.
public struct Limits: Sendable, Equatable {
    /// Runs that execute at once (R47, `--workers`).
    public var workers = 4
    /// Runs that wait at most; the next one is 503 `queue-full` (R47).
    public var queuedRuns = 1000
    /// Runs at once of an agent that says nothing about it (R47).
    public var runsPerAgent = 2
    /// Interruptions of one spec in one order that are followed by a new run (R45).
    public var interruptions = 3
    /// Rounds in which a finishing commit is made again because the target moved.
    public var finishingRounds = 5
    /// Bytes of a request's body.
    public var bodyBytes = 8 << 20
    /// Bytes of the files that a prompt's `{{spec.context}}` may bring in.
    public var contextBytes = 1 << 20
    /// How long a supervisor may take to say that its agent runs.
    public var spawn: Duration = .seconds(20)
    /// How long an ordinary git call may take (R63).
    public var gitCall: Duration = .seconds(30)
    /// How long a checkout or a fast-forward may take, because of filters (R63).
    public var gitCheckout: Duration = .seconds(600)

    /// The defaults.
    public init() {}
}
