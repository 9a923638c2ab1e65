import ChantTesting
import Foundation
import Testing

@testable import ChantDomain

@Suite("Domain: orders")
struct DomainOrderTests {
    private static func id(_ number: Int) -> String { "2026-01-05-00\(number)-aaa" }
    private static let quick = ["parallel:", "  stagger_delay_ms: 0", "  stagger_jitter_ms: 0"]

    private static func world(
        _ agent: ScriptedAgent = .diligent,
        _ specs: [DemoSpec],
        _ configuration: [String] = quick
    ) async throws -> DomainWorld {
        try await DomainWorld(agent: agent, specs: specs, configuration: configuration)
    }

    private static func fails(_ suffix: String) -> ScriptedAgent {
        .diligent(after: .onSpec(suffix, [.exit(1)]))
    }

    @Test("R15: a chain works named specs one after the other, in their order")
    func chain() async throws {
        let world = try await Self.world(.diligent, (1...3).map { DemoSpec(Self.id($0)) })
        let order = try await world.serving { domain in
            try await domain.settledOrder(StartOrder(specs: Self.ids(3, 1, 2), mode: .chain))
        }
        #expect(order.order.ended == "finished")
        #expect(order.isCompleted)
        #expect(order.entries.map(\.specID) == [3, 1, 2].map(Self.id))
        let runs = order.entries.compactMap(\.run)
        for (earlier, later) in zip(runs, runs.dropFirst()) {
            #expect(try #require(earlier.finishedAt) <= later.queuedAt)
        }
        #expect(order.summary == OrderSummary(completed: 3))
    }

    @Test("R15: a chain stops after a failure, and says what it left")
    func chainFails() async throws {
        let world = try await Self.world(Self.fails("002-aaa"), (1...3).map { DemoSpec(Self.id($0)) })
        let order = try await world.serving { domain in
            try await domain.settledOrder(StartOrder(specs: Self.ids(1, 2, 3), mode: .chain))
        }
        #expect(order.order.ended == "failed")
        #expect(order.entries.map(\.state) == [.settled, .settled, .skipped])
        #expect(order.entries[2].skipped?.reason == "order-ended")
        #expect(order.summary == OrderSummary(completed: 1, failed: 1, skipped: 1, remainingReady: 1))
        #expect(try world.spec(Self.id(3)).status == .pending)
    }

    @Test("R15: follow goes on with what became ready because of the order, and with nothing else")
    func follow() async throws {
        let specs = [
            DemoSpec(Self.id(1)), DemoSpec(Self.id(2), dependsOn: [Self.id(1)]),
            DemoSpec(Self.id(3), dependsOn: [Self.id(2)]), DemoSpec(Self.id(4)),
        ]
        let world = try await Self.world(.diligent, specs)
        let order = try await world.serving { domain in
            let started = try await domain.runs.work(
                StartRun(spec: try #require(SpecID(Self.id(1))), mode: .chain)
            )
            guard case .order(let order) = started else { throw IndexFixture.Fault.noID("no order") }
            return try await domain.runs.final(order.id, within: .seconds(60))
        }
        #expect(order.order.ended == "finished")
        #expect(order.entries.map(\.specID) == [1, 2, 3].map(Self.id))
        #expect(try world.spec(Self.id(4)).status == .pending)
    }

    @Test("R16: a parallel order works a graph; a failure stops only what depends on it")
    func parallel() async throws {
        let specs = [
            DemoSpec(Self.id(1)), DemoSpec(Self.id(2)), DemoSpec(Self.id(3), dependsOn: [Self.id(1)]),
            DemoSpec(Self.id(4), dependsOn: [Self.id(2)]), DemoSpec(Self.id(5), dependsOn: [Self.id(3)]),
        ]
        let world = try await Self.world(Self.fails("002-aaa"), specs)
        let order = try await world.serving { domain in
            try await domain.settledOrder(StartOrder(mode: .parallel))
        }
        #expect(order.order.ended == "finished")
        #expect(!order.isCompleted)
        let outcomes = Dictionary(order.entries.map { ($0.specID, $0.run?.outcome) }) { $1 }
        #expect(
            outcomes == [Self.id(1): .completed, Self.id(2): .failed, Self.id(3): .completed, Self.id(5): .completed]
        )
        #expect(try world.spec(Self.id(4)).status == .pending)
    }

    @Test("R9: working a driver works its members, and their end completes it; a second time there is nothing to do")
    func driver() async throws {
        let specs = [
            DemoSpec(Self.id(1), header: []), DemoSpec(Self.id(1) + ".1"), DemoSpec(Self.id(1) + ".2"),
        ]
        let world = try await Self.world(.diligent, specs)
        let driver = try #require(SpecID(Self.id(1)))
        try await world.serving { domain in
            guard case .order(let order) = try await domain.runs.work(StartRun(spec: driver)) else {
                Issue.record("no order")
                return
            }
            #expect(order.mode == .chain)
            let ended = try await domain.runs.final(order.id, within: .seconds(60))
            #expect(ended.isCompleted)
            #expect(ended.entries.map(\.specID) == [Self.id(1) + ".1", Self.id(1) + ".2"])
            #expect(try world.spec(Self.id(1)).status == .completed)
            await #expect {
                _ = try await domain.runs.work(StartRun(spec: driver))
            } throws: { error in
                if case RunError.nothingToDo(let skipped) = error {
                    skipped.map(\.specID) == [Self.id(1)]
                } else {
                    false
                }
            }
        }
    }

    @Test("named specs that cannot run are skipped with a reason, those that wait for others of the order wait")
    func skipped() async throws {
        let specs = [
            DemoSpec(Self.id(1)), DemoSpec(Self.id(2), dependsOn: [Self.id(1)]),
            DemoSpec(Self.id(3), status: "completed"),
            DemoSpec(Self.id(4), dependsOn: [Self.id(5)]), DemoSpec(Self.id(5)),
            DemoSpec(Self.id(6), dependsOn: [Self.id(4)]),
        ]
        let world = try await Self.world(.held, specs)
        try await world.serving { domain in
            let order = try await domain.runs.start(StartOrder(specs: Self.ids(1, 2, 3, 4, 6)))
            let open = try await domain.runs.order(order.id)
            #expect(open.entries.map(\.skipped?.reason) == [nil, nil, "not-startable", "not-ready", "not-ready"])
            #expect(open.entries[1].state == .waiting)
            #expect(open.entries[1].waitingFor == [.dependency(Self.id(1))])
            try world.project.release("go")
            let ended = try await domain.runs.final(order.id, within: .seconds(60))
            #expect(ended.summary == OrderSummary(completed: 2, skipped: 3))
            await #expect {
                _ = try await domain.runs.start(StartOrder(specs: Self.ids(3, 4)))
            } throws: { error in
                if case RunError.nothingToDo(let skipped) = error { skipped.count == 2 } else { false }
            }
        }
    }

    @Test("cancelling an order stops its agents, starts nothing more, and ends it as cancelled")
    func cancel() async throws {
        let world = try await Self.world(.held, (1...3).map { DemoSpec(Self.id($0)) })
        try await world.serving { domain in
            let order = try await domain.runs.start(StartOrder(specs: Self.ids(1, 2, 3), mode: .chain))
            try await domain.running(order.id)
            _ = try await domain.runs.cancel(order.id, finishRunning: false)
            let ended = try await domain.runs.final(order.id, within: .seconds(60))
            #expect(ended.order.ended == "cancelled")
            #expect(ended.entries.map(\.state) == [.settled, .skipped, .skipped])
            #expect(ended.entries[0].run?.outcome == .cancelled)
            #expect(try world.spec(Self.id(1)).status == .pending)
            await #expect(throws: RunError.self) { _ = try await domain.runs.cancel(order.id, finishRunning: false) }
        }
    }

    @Test("R41: what a cancelled order had queued never starts, also where the service ended before it was told so")
    func cancelledThenKilled() async throws {
        let world = try await Self.world(.held, (1...3).map { DemoSpec(Self.id($0)) })
        let order = try await world.serving(workers: 1) { domain in
            let order = try await domain.runs.start(StartOrder(mode: .parallel))
            try await eventually("one runs, two wait") {
                try await domain.runs.order(order.id).entries.map(\.state) == [.running, .queued, .queued]
            }
            return order
        }
        try world.journal { _ = try $0.update(order.id) { $0.isStopping = true } }
        try world.project.release("go")
        try await world.serving { domain in
            let ended = try await domain.runs.final(order.id, within: .seconds(30))
            #expect(ended.order.ended == "cancelled")
            #expect(ended.entries.map(\.run?.outcome) == [.cancelled, .cancelled, .cancelled])
        }
        for number in 1...3 { #expect(try world.spec(Self.id(number)).status == .pending) }
    }

    @Test("finish_running lets the agents of a cancelled order end")
    func cancelGently() async throws {
        let world = try await Self.world(.held, (1...2).map { DemoSpec(Self.id($0)) })
        try await world.serving { domain in
            let order = try await domain.runs.start(StartOrder(specs: Self.ids(1, 2), mode: .chain))
            try await domain.running(order.id)
            _ = try await domain.runs.cancel(order.id, finishRunning: true)
            try world.project.release("go")
            let ended = try await domain.runs.final(order.id, within: .seconds(60))
            #expect(ended.order.ended == "cancelled")
            #expect(ended.entries.map { $0.run?.outcome } == [.completed, nil])
        }
    }

    @Test("R18: an order goes on after a restart where it was")
    func restart() async throws {
        let world = try await Self.world(.held, (1...3).map { DemoSpec(Self.id($0)) })
        let id = try await world.serving { domain in
            let order = try await domain.runs.start(StartOrder(specs: Self.ids(1, 2, 3), mode: .chain))
            try await domain.running(order.id)
            return order.id
        }
        try world.project.release("go")
        let order = try await world.serving { domain in
            try await domain.runs.final(id, within: .seconds(90))
        }
        #expect(order.isCompleted)
        #expect(order.entries.count == 3)
        #expect(order.entries[0].run?.retryOf != nil)
    }

    private static func ids(_ numbers: Int...) -> [SpecID] { numbers.compactMap { SpecID(id($0)) } }
}

extension Domain {
    /// Starts an order and waits for its end.
    func settledOrder(_ command: StartOrder) async throws -> OrderDetails {
        let order = try await runs.start(command)
        let ended = try await runs.final(order.id, within: .seconds(90))
        guard ended.order.settledAt != nil else { throw IndexFixture.Fault.noID("\(ended)") }
        return ended
    }

    /// Until an agent of the order runs.
    func running(_ order: OrderID) async throws {
        try await eventually("an agent runs", within: .seconds(60)) {
            try await runs.order(order).entries.contains { $0.run?.state == .running }
        }
    }
}
