import Foundation
import Testing

@testable import ChantDomain

@Suite struct DomainEventTests {
    /// Each event with the members that the contract's table gives it.
    static let table: [(event: DomainEvent, type: String, members: Set<String>)] = {
        let (run, order) = JournalFixture.run()
        let runMembers: Set = ["run_id", "spec_id", "order_id", "attempt", "state", "stage", "outcome", "reason"]
        let processMembers: Set = ["run_id", "spec_id", "pid", "exit_code", "signal", "adopted"]
        let process = ProcessFacts(runID: run.id, specID: run.specID, pid: 1, exitCode: 0)
        let change = SpecChange(specID: "a", change: .status, from: "pending", to: "in_progress", revision: "00ff")
        let specMembers: Set = ["spec_id", "change", "from", "to", "by", "revision"]
        let orderMembers: Set = ["order_id", "mode", "ended", "summary"]
        return [
            (.specChanged(change), "spec.changed", specMembers),
            (.runQueued(RunFacts(run)), "run.queued", runMembers),
            (.runStarted(RunFacts(run)), "run.started", runMembers),
            (.runStage(RunFacts(run)), "run.stage", runMembers),
            (.runSettled(RunFacts(run)), "run.settled", runMembers),
            (.orderCreated(OrderFacts(order)), "order.created", orderMembers),
            (.orderSettled(OrderFacts(order, summary: OrderSummary(completed: 1))), "order.settled", orderMembers),
            (.processStarted(process), "process.started", processMembers),
            (.processExited(process), "process.exited", processMembers),
            (.serviceStarted(ServiceFacts(version: "1")), "service.started", ["version", "mode"]),
            (.serviceStopping(ServiceFacts(version: "1", mode: "stop")), "service.stopping", ["version", "mode"]),
        ]
    }()

    @Test("an event has exactly the members of the contract, and comes back", arguments: table.indices)
    func members(index: Int) throws {
        let (event, type, members) = Self.table[index]
        let json = try JSONEncoder().encode(event)
        let object = try #require(try JSONSerialization.jsonObject(with: json) as? [String: Any])
        #expect(Set(object.keys) == members.union(["type"]))
        #expect(object["type"] as? String == type)
        #expect(event.type == type)
        #expect(try JSONDecoder().decode(DomainEvent.self, from: json) == event)
    }

    @Test("an event of a type that this version does not know is kept as it is")
    func unknown() throws {
        let json = #"{"type":"slot.cleaned","slot":3,"names":["a"],"nothing":null}"#
        let event = try JSONDecoder().decode(DomainEvent.self, from: Data(json.utf8))
        #expect(event == .unknown(type: "slot.cleaned", members: ["slot": .number(3), "names": .texts(["a"])]))
        #expect(try JSONDecoder().decode(DomainEvent.self, from: JSONEncoder().encode(event)) == event)
    }

    @Test(
        "R32: an unreadable row in the journal stops no reader",
        arguments: ["{}", "no json", #"{"type":"run.queued"}"#]
    )
    func unreadable(members: String) throws {
        let fixture = try JournalFixture()
        try fixture.execute(
            "INSERT INTO events (at, project, type, members) VALUES (0, '', 'run.queued', '\(members)')"
        )
        try fixture.accept()
        let events = try fixture.journal.events(after: 0, limit: 10)
        #expect(events.map(\.sequence) == [1, 2, 3])
        #expect(events.first?.event.type == "run.queued")
    }
}
