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
    /// Whether somebody has cancelled the order.
    var isStopping = false

    /// Whether a spec ended in another way than completed (R15).
    var hasFailed: Bool { outcomes.values.contains { $0 != .completed } }
    /// How many specs may still be started.
    var remaining: Int { maxSpecs.map { max(0, $0 - inFlight.count - outcomes.count) } ?? .max }
}

/// What becomes of an order next.
enum SchedulingDecision: Sendable, Equatable {
    case start([SpecID])
    case wait
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
    /// What to do now; the same for all modes but for `room` and `ending`.
    func next(_ order: OrderView) -> SchedulingDecision {
        let mayStart = !order.isStopping && !(order.onFailure == .stop && order.hasFailed)
        if mayStart {
            let next = order.ready.prefix(max(0, min(room(in: order), order.remaining)))
            if !next.isEmpty { return .start(Array(next)) }
        }
        guard order.inFlight.isEmpty else { return .wait }
        if order.isStopping { return .end(.cancelled) }
        if !mayStart { return .end(.failed) }
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
