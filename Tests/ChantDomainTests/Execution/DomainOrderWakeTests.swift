import ChantTesting
import Foundation
import Synchronization
import Testing

@testable import ChantDomain

@Suite("Domain: orders take up what becomes ready")
struct DomainOrderWakeTests {
    private static func id(_ number: Int) -> String { "2026-01-05-00\(number)-aaa" }

    @Test(
        "R16: a parallel order takes up what becomes ready, also where no run has ended",
        arguments: ["created", "written", "reset", "approved"]
    )
    func wakes(way: String) async throws {
        let specs = [
            DemoSpec(Self.id(1)), DemoSpec(Self.id(2), status: "failed"),
            DemoSpec(Self.id(3), header: ["approval: {required: true, status: pending}"]),
        ]
        let quick = ["parallel:", "  stagger_delay_ms: 0", "  stagger_jitter_ms: 0"]
        let world = try await DomainWorld(agent: .held, specs: specs, configuration: quick)
        try await world.serving { domain in
            let order = try await domain.runs.start(StartOrder(mode: .parallel))
            try await domain.running(order.id)
            #expect(try await domain.runs.order(order.id).entries.map(\.specID) == [Self.id(1)])
            switch way {
            case "created": _ = try await domain.specs.create(NewSpec(title: "More work"))
            case "written": try world.project.write(DemoSpec(Self.id(4)).text, to: ".chant/specs/\(Self.id(4)).md")
            case "reset": _ = try await domain.control.reset(try specID(Self.id(2)))
            default: _ = try await domain.specs.decide(.approve(by: "ana"), on: try specID(Self.id(3)))
            }
            try await eventually("it is taken up", within: .seconds(10)) {
                try await domain.runs.order(order.id).entries.count == 2
            }
            try world.project.release("go")
            #expect(try await domain.runs.final(order.id, within: .seconds(60)).summary.completed == 2)
        }
    }

    @Test("R15: a chain whose next spec somebody else has just taken goes on with the one after it at once")
    func takenMeanwhile() async throws {
        let world = try await DomainWorld(specs: [DemoSpec(Self.id(1)), DemoSpec(Self.id(2))])
        // What happens between the order's look at the live runs and its own.
        let between = Mutex<(@Sendable () -> Void)?>(nil)
        let happens: @Sendable () -> Void = {
            let event = between.withLock { event in
                defer { event = nil }
                return event
            }
            event?()
        }
        let domain = try await world.open(adjusting: { settings in
            settings.strategies = { mode in
                happens()
                return mode.strategy
            }
        })
        defer { domain.close() }
        let ids = try [1, 2].map { try specID(Self.id($0)) }
        let order = try await domain.runs.start(StartOrder(specs: ids, mode: .chain))
        let journal = domain.runs.journal
        let other = JournalFixture.run(Self.id(1), project: domain.project.path)
        let taken: @Sendable () -> Void = {
            #expect(throws: Never.self) { try journal.accept(other.run, order: other.order) }
        }
        between.withLock { $0 = taken }
        await domain.advanceOrders()
        let entries = try await domain.runs.order(order.id).entries
        #expect(entries.map(\.state) == [.skipped, .queued])
        #expect(entries.first?.skipped?.reason == "already-running")
    }
}
