import Foundation

@testable import ChantDomain

/// What the journal's events say, read from the first to the last.
struct JournalStory {
    private let events: [RecordedEvent]
    private let simulation: Simulation
    private let runs: [Run]
    private var trace: Trace { simulation.trace }

    init(_ domain: Domain, _ simulation: Simulation, _ runs: [Run]) {
        self.simulation = simulation
        self.runs = runs
        events = (try? domain.runs.journal.events(after: 0, limit: 100_000)) ?? []
    }

    func check() {
        for (place, event) in events.enumerated() where event.sequence != Int64(place + 1) {
            trace.violation("I9: event \(place + 1) has the number \(event.sequence)")
            return
        }
        checkLives()
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
                if !settled.insert(facts.runID.text).inserted { trace.violation("I6: a run of \(facts.specID) ends twice") }
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
