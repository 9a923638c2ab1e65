/// As many at once as the order allows; a failure stops only what depends on it (R16).
struct ParallelStrategy: SchedulingStrategy {
    func room(in order: OrderView) -> Int { order.maxConcurrent.map { $0 - order.inFlight.count } ?? .max }

    func ending(of order: OrderView) -> OrderEnding { .finished }
}
