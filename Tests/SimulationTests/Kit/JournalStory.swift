import Foundation

@testable import ChantDomain

/// What the journal's events say, read from the first to the last.
struct JournalStory {
    private let events: [RecordedEvent]
    private let simulation: Simulation
    private let runs: [Run]
    private let journal: Journal
    private var trace: Trace { simulation.trace }

    init(_ domain: Domain, _ simulation: Simulation, _ runs: [Run]) {
        self.simulation = simulation
        self.runs = runs
        journal = domain.runs.journal
        events = (try? domain.runs.journal.events(after: 0, limit: 100_000)) ?? []
    }

    func check() {
        for (place, event) in events.enumerated() where event.sequence != Int64(place + 1) {
            trace.violation("I9: event \(place + 1) has the number \(event.sequence)")
            return
        }
        checkLives()
        checkOrders()
    }

    /// R15, R16: never two of a chain in flight, nor more than an order allows, at any event.
    private func checkOrders() {
        var inFlight: [OrderID: Set<String>] = [:]
        var orders: [OrderID: Order] = [:]
        var failed: [OrderID: String] = [:]
        let followed = Set(runs.filter { $0.nextRun != nil }.map(\.id))
        for event in events {
            switch event.event {
            case .runQueued(let facts):
                inFlight[facts.orderID, default: []].insert(facts.runID.text)
                if orders[facts.orderID] == nil { orders[facts.orderID] = try? journal.order(facts.orderID) }
                guard let order = orders[facts.orderID] else {
                    trace.violation("a run of \(facts.specID) belongs to no order")
                    continue
                }
                let limit = order.mode == .chain ? 1 : order.mode == .parallel ? order.plan?.maxConcurrent : nil
                let count = inFlight[facts.orderID]?.count ?? 0
                if let limit, count > limit {
                    trace.violation(
                        "R15, R16: \(count) runs of a \(order.mode.rawValue) in flight, \(limit) are allowed"
                    )
                }
                if let order = orders[facts.orderID], order.mode == .chain, order.planned.onFailure == .stop,
                    let failed = failed[facts.orderID], failed != facts.specID
                {
                    trace.violation("R15: a chain that stops at a failure goes on after \(failed) with \(facts.specID)")
                }
            case .runSettled(let facts):
                inFlight[facts.orderID]?.remove(facts.runID.text)
                if facts.outcome != .completed, !followed.contains(facts.runID) { failed[facts.orderID] = facts.specID }
            default: break
            }
        }
    }

    /// I4, I5, I6: one live run a spec, never more in flight than workers, one end for each run.
    private func checkLives() {
        var live: [String: String] = [:]
        var started: Set<String> = []
        var settled: Set<String> = []
        for event in events {
            switch event.event {
            case .runQueued(let facts):
                if live[facts.specID] != nil { trace.violation("I4: a second live run of \(facts.specID)") }
                live[facts.specID] = facts.runID.text
            case .runStarted(let facts):
                started.insert(facts.runID.text)
                if started.count > simulation.world.workers {
                    trace.violation("I5: \(started.count) runs in flight with \(simulation.world.workers) workers")
                }
            case .runSettled(let facts):
                if !settled.insert(facts.runID.text).inserted {
                    trace.violation("I6: a run of \(facts.specID) ends twice")
                }
                if live[facts.specID] == facts.runID.text { live[facts.specID] = nil }
                started.remove(facts.runID.text)
            default: break
            }
        }
        for run in runs where !settled.contains(run.id.text) { trace.violation("I6: \(run.specID) has no run.settled") }
    }
}

/// What a listener heard: in order, with no gap and nothing twice (I9).
struct HeardEvents {
    private let events: [RecordedEvent]
    private let trace: Trace

    init(_ events: [RecordedEvent], _ trace: Trace) {
        self.events = events
        self.trace = trace
    }

    func check() {
        for (place, event) in events.enumerated() where event.sequence != Int64(place + 1) {
            return trace.violation("I9: heard event \(event.sequence) in place \(place + 1)")
        }
    }
}
