/// One after the other: a spec starts only after the status of the one before is on disk (R15).
struct ChainStrategy: SchedulingStrategy {
    func room(in order: OrderView) -> Int { 1 - order.inFlight.count }

    func ending(of order: OrderView) -> OrderEnding { .finished }
}
