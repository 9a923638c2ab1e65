/// What a strategy sees of its order at one moment: no stage, no process, no clock (R48).
struct OrderView: Sendable, Equatable {
    /// Specs that could be started now, in the order in which they come.
    var ready: [SpecID] = []
    /// Specs whose run is not settled; a run that follows another one counts as the same.
    var inFlight: Set<SpecID> = []
    /// How the last run of each spec ended that is in flight no more.
    var outcomes: [SpecID: RunOutcome] = [:]
    /// What a failure means for the rest.
    var onFailure = FailurePolicy.continue
    /// At most so many specs are started.
    var maxSpecs: Int?
    /// At most so many are in flight at once.
    var maxConcurrent: Int?
    /// How many more of its runs may wait in the queue: an order does not fill it for others.
    var queuePlaces = Int.max
    /// Whether somebody has cancelled the order.
    var isStopping = false

    /// Whether a spec ended in another way than completed (R15).
    var hasFailed: Bool { outcomes.values.contains { $0 != .completed } }
    /// Whether anything may be started still.
    var mayStart: Bool { !isStopping && !(onFailure == .stop && hasFailed) }
    /// How many specs may still be started.
    var remaining: Int { maxSpecs.map { max(0, $0 - inFlight.count - outcomes.count) } ?? .max }
}

/// What becomes of an order next.
enum SchedulingDecision: Sendable, Equatable {
    case start([SpecID])
    case wait
    /// Nothing starts any more: what is queued is withdrawn, what runs is waited for.
    case stop
    case end(OrderEnding)
}

/// How an order schedules its specs: a pure function of what is ready, in flight and ended (R48).
protocol SchedulingStrategy: Sendable {
    /// How many more specs may be in flight.
    func room(in order: OrderView) -> Int

    /// Why the order ended that has nothing more to start and nothing in flight.
    func ending(of order: OrderView) -> OrderEnding
}

extension SchedulingStrategy {
    /// How many specs may be started now.
    func places(in order: OrderView) -> Int {
        order.mayStart ? max(0, min(room(in: order), order.remaining, order.queuePlaces)) : 0
    }

    /// What to do now; the same for all modes but for `room` and `ending`.
    func next(_ order: OrderView) -> SchedulingDecision {
        let next = order.ready.prefix(places(in: order))
        if !next.isEmpty { return .start(Array(next)) }
        guard order.inFlight.isEmpty else { return order.mayStart ? .wait : .stop }
        if order.isStopping { return .end(.cancelled) }
        if !order.mayStart { return .end(.failed) }
        if order.remaining == 0, !order.ready.isEmpty { return .end(.limit) }
        return .end(ending(of: order))
    }
}

extension RunMode {
    /// The strategy of a mode.
    var strategy: any SchedulingStrategy {
        switch self {
        case .single: SingleStrategy()
        case .chain: ChainStrategy()
        case .parallel: ParallelStrategy()
        }
    }
}
