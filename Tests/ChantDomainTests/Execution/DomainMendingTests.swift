import ChantTesting
import Foundation
import Synchronization
import Testing

@testable import ChantDomain

/// A start that fails at something once more: what it could not do is done all the same, by it or by the next.
@Suite("Domain: mending")
struct DomainMendingTests {
    private let id = DomainWorld.spec

    /// Refuses the first change whose name has all of these words.
    private static func once(_ words: String...) -> @Sendable (String) -> Bool {
        let isOver = Atomic(false)
        return { what in
            words.allSatisfy { what.contains($0) }
                && !isOver.exchange(true, ordering: .sequentiallyConsistent)
        }
    }

    private func lock(_ world: DomainWorld) -> String { "\(world.project.checkout)/.chant/.locks/\(id).lock" }

    @Test("R43, R45: a status that recovery could not write is written though the next run waits already")
    func statusBeforeNextRun() async throws {
        let world = try await DomainWorld(specs: [DemoSpec(id, status: "in_progress")])
        let run = Fixture.run(spec: id, projectPath: "\(world.project.checkout)/.chant")
        try world.journal { journal in
            try journal.accept(run, order: Fixture.order(of: run))
            try journal.update(run.id, from: [.queued]) { $0.state = .preparing }
        }
        try await Effect.$refusal.withValue(Self.once("write ", "/.chant/specs/")) {
            let domain = try await world.open()
            defer { domain.close() }
            try await domain.recover()
            let settled = try domain.runs.run(run.id)
            #expect(settled.warnings.map(\.code) == [.statusNotWritten], "the write was refused")
            #expect(try world.spec().status == .pending)
            async let running: Void = domain.run()
            #expect(try await domain.settled(try #require(settled.nextRun)).outcome == .completed)
            await domain.stop(.stop)
            await running
        }
    }

    @Test("R35: a lock that could not be taken over with its agent does not stay")
    func lockOfAdopted() async throws {
        let world = try await DomainWorld(agent: .diligent(after: .wait(for: "go")))
        let domain = try await world.open()
        try await domain.recover()
        async let running: Void = domain.run()
        let run = try await domain.start(id)
        try await domain.reached(run.id, "an agent") { $0.state == .running }
        await domain.stop(.detach)
        await running
        domain.close()
        #expect(world.project.exists(lock(world)))
        let settled = try await Effect.$refusal.withValue(Self.once("lock ", "/.chant/.locks/")) {
            try await world.serving { domain in
                try world.project.release("go")
                return try await domain.settled(run.id)
            }
        }
        #expect(settled.outcome == .completed)
        #expect(!world.project.exists(lock(world)))
    }

    @Test("R35: a service that is killed right after it decided a run leaves no lock")
    func lockOfDecided() async throws {
        let world = try await DomainWorld(specs: [DemoSpec(id, status: "in_progress")])
        let run = Fixture.run(spec: id, projectPath: "\(world.project.checkout)/.chant")
        try world.journal { journal in
            try journal.accept(run, order: Fixture.order(of: run))
            try journal.update(run.id, from: [.queued]) { $0.state = .preparing }
        }
        let locks = "\(world.project.checkout)/.chant/.locks"
        try FileManager.default.createDirectory(atPath: locks, withIntermediateDirectories: true)
        try world.project.write("2147483646\n", to: ".chant/.locks/\(id).lock")
        let plan = FaultPlan(.dyingAfterOne("journal settle"))
        plan.arm()
        let refusal: @Sendable (String) -> Bool = { plan.refuses($0) }
        try await Effect.$refusal.withValue(refusal) {
            let domain = try await world.open()
            defer { domain.close() }
            _ = try? await domain.recover()
            #expect(plan.isDead)
            #expect(!world.project.exists(lock(world)))
        }
    }
}
