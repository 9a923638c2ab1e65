/// The command to run an agent on one spec, or on the members of a driver.
public struct StartRun: Sendable {
    /// The spec's full id.
    public var spec: SpecID
    /// What the caller asked for.
    public var options: RunOptions
    /// How its specs are scheduled; `nil` for `single`, and for `chain` on a driver.
    public var mode: RunMode?
    /// What the caller asked for the order as a whole.
    public var order: OrderOptions

    /// A command; without more arguments, one run in mode `single`.
    public init(
        spec: SpecID,
        options: RunOptions = RunOptions(),
        mode: RunMode? = nil,
        order: OrderOptions = OrderOptions()
    ) {
        self.spec = spec
        self.options = options
        self.mode = mode
        self.order = order
    }
}

/// The command to work several specs.
public struct StartOrder: Sendable {
    /// The specs' full ids, in their order; `nil` for all that are ready.
    public var specs: [SpecID]?
    /// Only specs with one of these labels; all where there are none.
    public var labels: [String]
    /// What the caller asked for each run.
    public var options: RunOptions
    /// How the specs are scheduled.
    public var mode: RunMode
    /// What the caller asked for the order as a whole.
    public var order: OrderOptions

    /// A command; without arguments, everything that is ready, once, side by side.
    public init(
        specs: [SpecID]? = nil,
        labels: [String] = [],
        options: RunOptions = RunOptions(),
        mode: RunMode = .single,
        order: OrderOptions = OrderOptions()
    ) {
        self.specs = specs
        self.labels = labels
        self.options = options
        self.mode = mode
        self.order = order
    }
}

/// What a request may say about an order; what is `nil` follows from the mode (R15, R16).
public struct OrderOptions: Sendable, Equatable {
    /// Whether specs are taken up that become ready because of the order.
    public var follow: Bool?
    /// What a failure means for the rest.
    public var onFailure: FailurePolicy?
    /// At most so many specs are started.
    public var maxSpecs: Int?
    /// At most so many are in flight at once.
    public var maxConcurrent: Int?

    /// Options of a request; without arguments those of an empty body.
    public init(
        follow: Bool? = nil,
        onFailure: FailurePolicy? = nil,
        maxSpecs: Int? = nil,
        maxConcurrent: Int? = nil
    ) {
        self.follow = follow
        self.onFailure = onFailure
        self.maxSpecs = maxSpecs
        self.maxConcurrent = maxConcurrent
    }

    /// The plan of an order in `mode`.
    func plan(_ mode: RunMode, isNamed: Bool, labels: [String] = [], follows: Bool = false) -> OrderPlan {
        OrderPlan(
            isNamed: isNamed,
            labels: labels,
            follow: follow ?? follows,
            onFailure: onFailure ?? (mode == .chain ? .stop : .continue),
            maxSpecs: maxSpecs,
            maxConcurrent: maxConcurrent
        )
    }
}

/// What a request for work has started.
public enum StartedWork: Sendable {
    case run(Run)
    case order(Order)
}
