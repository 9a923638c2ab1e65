import ChantTesting
import Foundation
import Testing

@testable import ChantDomain

@Suite("Domain: orders that stop")
struct DomainOrderStopTests {
    private static func id(_ number: Int) -> String { "2026-01-05-0\(number < 10 ? "0" : "")\(number)-aaa" }
    private static let quick = ["parallel:", "  stagger_delay_ms: 0", "  stagger_jitter_ms: 0"]

    private static func world(_ agent: ScriptedAgent, _ count: Int) async throws -> DomainWorld {
        try await DomainWorld(agent: agent, specs: (1...count).map { DemoSpec(id($0)) }, configuration: quick)
    }

    @Test("R16: with on_failure stop what was queued is withdrawn, and what runs may end")
    func failureStops() async throws {
        let agent = ScriptedAgent.diligent(after: .onSpec("001-aaa", [.exit(1)]), .wait(for: "go"))
        let world = try await Self.world(agent, 6)
        let order = try await world.serving(workers: 2) { domain in
            let command = StartOrder(mode: .parallel, order: OrderOptions(onFailure: .stop))
            let order = try await domain.runs.start(command)
            try await eventually("the queue is withdrawn", within: .seconds(60)) {
                let entries = try await domain.runs.order(order.id).entries
                return entries.contains { $0.run?.reason == .agentExit } && !entries.contains { $0.state == .queued }
            }
            try world.project.release("go")
            return try await domain.runs.final(order.id, within: .seconds(60))
        }
        #expect(order.order.ended == "failed")
        let outcomes = order.entries.compactMap { $0.run?.outcome }
        #expect(outcomes.count { $0 == .failed } == 1)
        #expect(outcomes.count { $0 == .completed } <= 2)
        #expect(order.entries.compactMap(\.run).filter { $0.outcome == .cancelled }.allSatisfy { $0.startedAt == nil })
    }

    @Test("a service that dies while an order is cancelled starts nothing of it afterwards", arguments: [false, true])
    func cancelledByCrash(finishing: Bool) async throws {
        let world = try await Self.world(.held, 4)
        let domain = try await world.open(workers: 1)
        let ids = (1...4).compactMap { SpecID(Self.id($0)) }
        let order = try await domain.runs.start(StartOrder(specs: ids, mode: .parallel))
        _ = await domain.advanceOrders()
        domain.close()
        // As a service leaves it that ends right after it journaled the cancel.
        try world.journal { journal in
            _ = try journal.update(order.id) { order in
                order.isStopping = true
                order.finishesRunning = finishing
            }
        }
        try await world.serving { domain in
            let ended = try await domain.runs.final(order.id, within: .seconds(60))
            #expect(ended.order.ended == "cancelled")
            #expect(ended.entries.allSatisfy { $0.run?.startedAt == nil })
            #expect(try await domain.status.status().busyWorkers == 0)
        }
    }

    @Test("R18: so does one that dies while the order of one spec is cancelled", arguments: [false, true])
    func singleCancelledByCrash(finishing: Bool) async throws {
        let world = try await Self.world(.held, 1)
        let domain = try await world.open(workers: 1)
        let run = try await domain.start(Self.id(1))
        domain.close()
        try world.journal { journal in
            _ = try journal.update(run.orderID) { order in
                order.isStopping = true
                order.finishesRunning = finishing
            }
        }
        // An agent that is started after all ends.
        try world.project.release("go")
        try await world.serving { domain in
            let ended = try await domain.runs.final(run.orderID, within: .seconds(60))
            #expect(ended.order.ended == "cancelled")
            #expect(ended.entries.map { $0.run?.outcome } == [.cancelled])
            #expect(ended.entries.allSatisfy { $0.run?.startedAt == nil })
        }
    }

    @Test("R18: the run of a cancelled order of one spec that could not be asked to stop is asked again")
    func singleAskedAgain() async throws {
        let world = try await Self.world(.held, 1)
        try await world.serving { domain in
            let run = try await domain.start(Self.id(1))
            try await domain.atWork(run.id)
            // As a journal leaves it that fails right after it took the cancel.
            try domain.runs.journal.update(run.orderID) { $0.isStopping = true }
            domain.runs.dispatcher.changed()
            let settled = try await domain.settled(run.id)
            #expect(settled.outcome == .cancelled)
            #expect(try await domain.runs.order(run.orderID).order.ended == "cancelled")
        }
    }

    @Test("R45: a run of a cancelled order that is interrupted is not followed by another")
    func interrupted() async throws {
        let world = try await Self.world(.held, 2)
        let ids = (1...2).compactMap { SpecID(Self.id($0)) }
        let id = try await world.serving { domain in
            let order = try await domain.runs.start(StartOrder(specs: ids, mode: .chain))
            try await domain.running(order.id)
            _ = try await domain.runs.cancel(order.id, finishRunning: true)
            return order.id
        }
        try await world.serving { domain in
            let ended = try await domain.runs.final(id, within: .seconds(60))
            #expect(ended.order.ended == "cancelled")
            #expect(ended.entries[0].run?.outcome == .cancelled)
            #expect(ended.entries[0].run?.nextRun == nil)
        }
        #expect(try world.spec(Self.id(1)).status == .pending)
    }

    @Test("one spec that is not fit to run does not keep the others of an order from it")
    func unfitFirst() async throws {
        let world = try await Self.world(.diligent, 2)
        try world.project.write("---\nstatus: pending\n---\n\nNo title.\n", to: ".chant/specs/2026-01-04-001-zzz.md")
        try await world.serving { domain in
            let ended = try await domain.settledOrder(StartOrder(mode: .parallel))
            #expect(ended.summary.completed == 2)
            #expect(ended.entries.first?.run?.reason == .lintFailed)
            #expect(!ended.order.planned.isNamed)
        }
    }
}

extension Domain {
    /// Queues what the orders say, without starting anything.
    func advanceOrders() async { await dispatcher.advanceOrders() }
}
