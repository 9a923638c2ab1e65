import Foundation

@testable import ChantDomain

/// What must hold of orders when all is quiet: each ended, for the reason it says, and has dropped nothing.
struct OrdersAftermath {
    private let simulation: Simulation
    private let journal: Journal
    private let runs: [Run]
    private var trace: Trace { simulation.trace }

    init(_ simulation: Simulation, _ domain: Domain, _ runs: [Run]) {
        self.simulation = simulation
        self.runs = runs
        journal = domain.runs.journal
    }

    /// R44: an order that was accepted ends, and says why.
    func check() {
        for id in simulation.people.orders.sorted(by: { $0.text < $1.text }) {
            guard let order = try? journal.order(id) else {
                trace.violation("I6: an accepted order is not in the journal")
                continue
            }
            guard order.settledAt != nil, let ended = order.ended else {
                trace.violation("a \(order.mode.rawValue) of \(order.specs) never ends")
                continue
            }
            check(order, ended: ended)
        }
    }

    private func check(_ order: Order, ended: String) {
        let name = "a \(order.mode.rawValue) of \(order.specs)"
        let own = runs.filter { $0.orderID == order.id }
        let last = Dictionary(own.map { ($0.specID, $0) }) { $1 }
        let skipped = order.skipped ?? []
        for spec in order.specs where last[spec] == nil && !skipped.contains(where: { $0.specID == spec }) {
            trace.violation("R15, R16: \(name) has neither started nor skipped \(spec)")
        }
        let hasFailed = last.values.contains { $0.outcome != .completed }
        if order.planned.onFailure == .stop, hasFailed, ended != OrderEnding.failed.rawValue,
            ended != OrderEnding.cancelled.rawValue
        {
            trace.violation("R15: a spec of \(name) did not complete, which stops it, and it ended as \(ended)")
        }
        guard ended == OrderEnding.finished.rawValue else { return }
        if let left = order.summary?.remainingReady, left > 0 {
            trace.violation("R15, R16: \(name) ended as finished and drops \(left) that are ready")
        }
        // Named specs may start from more statuses than others (R12).
        if order.planned.isNamed, let left = skipped.first(where: { $0.reason == SkippedSpec.orderEnded }) {
            trace.violation("R15, R16: \(name) ended as finished and drops \(left.specID)")
        }
    }
}
