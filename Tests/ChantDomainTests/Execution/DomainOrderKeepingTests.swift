import ChantTesting
import Foundation
import Testing

@testable import ChantDomain

@Suite("Domain: what is kept of orders")
struct DomainOrderKeepingTests {
    private static func id(_ number: Int) -> String { "2026-01-05-00\(number)-aaa" }

    @Test("R73: an order whose journal is lost goes on with its plan")
    func lostJournal() async throws {
        let world = try await DomainWorld(agent: .held, specs: (1...3).map { DemoSpec(Self.id($0)) })
        let ids = (1...3).compactMap { SpecID(Self.id($0)) }
        let order = try await world.serving { domain in
            let order = try await domain.runs.start(StartOrder(specs: ids, mode: .chain))
            try await domain.running(order.id)
            return order
        }
        for end in ["", "-wal", "-shm"] {
            try? FileManager.default.removeItem(atPath: world.project.state + "/journal.sqlite" + end)
        }
        try world.project.release("go")
        let ended = try await world.serving { domain in
            try await domain.runs.final(order.id, within: .seconds(90))
        }
        #expect(ended.isCompleted)
        #expect(ended.entries.map(\.specID) == ids.map(\.text))
        #expect(OrderFiles(stateFolder: world.project.state).orders.isEmpty)
    }

    @Test("R50: a retry that somebody cancels while it waits leaves no retry_state behind")
    func cancelledRetry() async throws {
        let world = try await DomainWorld(
            agent: ScriptedAgent([.say("429 too many requests"), .exit(1)]),
            configuration: ["watch:", "  failure:", "    retry_delay_ms: 600000"]
        )
        try await world.serving { domain in
            let run = try await domain.settled(try await domain.start(DomainWorld.spec).id)
            #expect(try world.project.specText(DomainWorld.spec).contains("retry_state"))
            _ = try await domain.runs.cancel(try #require(run.nextRun))
            #expect(try !world.project.specText(DomainWorld.spec).contains("retry_state"))
            #expect(try world.spec().status == .pending)
        }
    }

    @Test("R71: a settled order without runs goes after its time, one with runs stays with them")
    func emptyOrders() async throws {
        let world = try await DomainWorld(specs: [DemoSpec(Self.id(1))])
        let (empty, full) = try await world.serving { domain in
            let full = try await domain.settledOrder(StartOrder(mode: .chain)).order
            return (OrderID(at: Date()), full.id)
        }
        try world.journal { journal in
            var order = try #require(try journal.order(full))
            order.id = empty
            order.settledAt = nil
            try journal.accept(order)
            #expect(try journal.settle(empty, as: .cancelled, skipping: [], remainingReady: 0))
            #expect(try journal.dropEmptyOrders(settledBefore: Date(timeIntervalSince1970: 0)) == 0)
            #expect(try journal.dropEmptyOrders(settledBefore: Date().addingTimeInterval(60)) == 1)
            #expect(try journal.order(empty) == nil)
            #expect(try journal.order(full) != nil)
        }
    }
}
