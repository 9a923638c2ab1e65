import ChantTesting
import Foundation
import Glibc
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

    /// A world whose service was killed while it prepared a run.
    private func leftPreparing() async throws -> (DomainWorld, Run) {
        let world = try await DomainWorld(specs: [DemoSpec(id, status: "in_progress")])
        let run = Fixture.run(spec: id, projectPath: "\(world.project.checkout)/.chant")
        try world.journal { journal in
            try journal.accept(run, order: Fixture.order(of: run))
            try journal.update(run.id, from: [.queued]) { $0.state = .preparing }
        }
        return (world, run)
    }

    private func lock(_ world: DomainWorld) -> String { "\(world.project.checkout)/.chant/.locks/\(id).lock" }

    @Test("R43, R45: a status that recovery could not write is written though the next run waits already")
    func statusBeforeNextRun() async throws {
        let (world, run) = try await leftPreparing()
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
        let (world, _) = try await leftPreparing()
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

    @Test("R6, R43: the status that a cancel could not write is written while the service runs, and by its next start")
    func statusOfCancelled() async throws {
        for atStart in [true, false] {
            let world = try await DomainWorld(agent: .diligent(after: .wait(for: "go")))
            let isFull = Atomic(false)
            let refusal: @Sendable (String) -> Bool = { what in
                isFull.load(ordering: .sequentiallyConsistent) && what.contains("write ")
                    && what.contains("/.chant/specs/")
            }
            try await Effect.$refusal.withValue(refusal) {
                try await world.serving { domain in
                    let run = try await domain.start(id)
                    try await domain.atWork(run.id)
                    isFull.store(true, ordering: .sequentiallyConsistent)
                    _ = try await domain.control.cancel(try specID(id))
                    let settled = try await domain.settled(run.id)
                    #expect(settled.outcome == .cancelled)
                    #expect(settled.warnings.map(\.code) == [.statusNotWritten])
                    isFull.store(false, ordering: .sequentiallyConsistent)
                    guard !atStart else { return }
                    let foreign = ".chant/.locks/\(id).lock"
                    try world.project.write("\(getppid())\n", to: foreign)
                    await domain.recovery.mendStatuses()
                    #expect(try world.spec().status == .inProgress, "another program works on it")
                    unlink("\(world.project.checkout)/\(foreign)")
                    await domain.recovery.mendStatuses()
                    #expect(try world.spec().status == .cancelled)
                }
            }
            guard atStart else { continue }
            #expect(try world.spec().status == .inProgress)
            try await world.serving { _ in }
            #expect(try world.spec().status == .cancelled)
        }
    }

    @Test(
        "R41: a cancel that cannot be written into the file of a waiting spec is an error, and may be asked for again"
    )
    func cancelOfWaiting() async throws {
        let world = try await DomainWorld()
        let domain = try await world.open()
        defer { domain.close() }
        try await domain.recover()
        let run = try await domain.start(id)
        let refusal: @Sendable (String) -> Bool = { $0.contains("write ") && $0.contains("/.chant/specs/") }
        await Effect.$refusal.withValue(refusal) {
            await #expect(throws: SpecControlError.self) { try await domain.control.cancel(try specID(id)) }
        }
        #expect(try domain.runs.run(run.id).state == .queued)
        #expect(try await domain.control.cancel(try specID(id)).isDone)
        #expect(try domain.runs.run(run.id).outcome == .cancelled)
        #expect(try world.spec().status == .cancelled)
    }

    @Test("R8, R43: a status that could be written a moment later is, before the run settles")
    func statusAMomentLater() async throws {
        let world = try await DomainWorld(agent: ScriptedAgent([.exit(3)]))
        let refuses = Atomic(0)
        let refusal: @Sendable (String) -> Bool = { what in
            guard what.contains("write "), what.contains("/.chant/specs/") else { return false }
            // The first writes `in_progress`, the second how the run ended.
            return refuses.add(1, ordering: .sequentiallyConsistent).newValue == 2
        }
        let settled = try await Effect.$refusal.withValue(refusal) {
            try await world.serving { domain in
                let run = try await domain.start(id)
                return try await domain.settled(run.id)
            }
        }
        #expect(settled.outcome == .failed)
        #expect(settled.warnings == [])
        #expect(try world.spec().status == .failed)
    }

    @Test("R18: a start whose journal refuses for a moment decides every run; one that it refuses for good fails")
    func recoveryAgain() async throws {
        let (world, run) = try await leftPreparing()
        let refusal: @Sendable (String) -> Bool = { $0.contains("journal settle") }
        await Effect.$refusal.withValue(refusal) {
            do {
                let domain = try await world.open()
                defer { domain.close() }
                await #expect(throws: DomainStartError.self) { try await domain.recover() }
            } catch {
                Issue.record(error)
            }
        }
        try await Effect.$refusal.withValue(Self.once("journal settle")) {
            let domain = try await world.open()
            defer { domain.close() }
            try await domain.recover()
            #expect(try domain.runs.run(run.id).outcome == .interrupted)
        }
    }
}
