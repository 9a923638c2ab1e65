/// The named specs, once, side by side.
struct SingleStrategy: SchedulingStrategy {
    func room(in order: OrderView) -> Int { .max }

    /// Such an order is as good as its specs.
    func ending(of order: OrderView) -> OrderEnding {
        if !order.hasFailed { return .finished }
        return order.outcomes.values.allSatisfy { $0 == .completed || $0 == .cancelled } ? .cancelled : .failed
    }
}
