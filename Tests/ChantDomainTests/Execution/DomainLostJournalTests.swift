import ChantTesting
import Foundation
import Testing

@testable import ChantDomain

/// What a journal that is gone or behind leaves to the service: the folders of the runs.
@Suite("Domain: a lost journal")
struct DomainLostJournalTests {
    private static let specs = ["2026-01-05-001-aaa", "2026-01-05-002-bbb", "2026-01-05-003-ccc"]

    private static func world() async throws -> DomainWorld {
        try await DomainWorld(specs: specs.map { DemoSpec($0) })
    }

    /// Opens a domain that starts nothing.
    private static func whileIdle<Result>(
        _ world: DomainWorld,
        _ body: (Domain) async throws -> Result
    ) async throws -> Result {
        let domain = try await world.open()
        defer { domain.close() }
        try await domain.recover()
        return try await body(domain)
    }

    private static func loseJournal(_ world: DomainWorld) {
        for end in ["", "-wal", "-shm"] {
            try? FileManager.default.removeItem(atPath: "\(world.project.state)/journal.sqlite\(end)")
        }
    }

    @Test("R29, R73: runs that only waited wait again and are worked; one that was cancelled while it waited is not")
    func waiting() async throws {
        let world = try await Self.world()
        let (waiting, cancelled) = try await Self.whileIdle(world) { domain in
            var waiting: [Run] = []
            for spec in Self.specs.prefix(2) {
                // As the journal holds it, with times in whole milliseconds.
                waiting.append(try domain.runs.run(try await domain.start(spec).id))
            }
            let cancelled = try await domain.start(Self.specs[2], RunOptions(note: "Not now."))
            return (waiting, try await domain.runs.cancel(cancelled.id))
        }
        Self.loseJournal(world)
        try await Self.whileIdle(world) { domain async throws in
            for run in waiting { #expect(try domain.runs.run(run.id) == run) }
            #expect(try domain.runs.run(cancelled.id) == cancelled)
            #expect(domain.notices.contains { $0.hasPrefix("The journal was gone.") }, "\(domain.notices)")
        }
        try await world.serving { domain async throws in
            for run in waiting { #expect(try await domain.settled(run.id).outcome == .completed) }
            #expect(try world.spec(Self.specs[2]).status == .pending)
        }
    }

    @Test("R45, R73: the run that follows an interruption waits again, and its order is open")
    func following() async throws {
        let world = try await Self.world()
        let old = Fixture.run(spec: Self.specs[0], projectPath: "\(world.project.checkout)/.chant")
        try world.journal { journal in
            try journal.accept(old, order: Fixture.order(of: old))
            let begun = try journal.update(old.id, from: [.queued]) { $0.state = .preparing }
            try RunFolder(stateFolder: world.project.state, run: old.id).create(for: begun)
        }
        let next = try await Self.whileIdle(world) { try $0.runs.run(try #require($0.runs.run(old.id).nextRun)) }
        Self.loseJournal(world)
        try await Self.whileIdle(world) { domain async throws in
            #expect(try domain.runs.run(next.id) == next)
            #expect(try domain.runs.run(old.id).nextRun == next.id)
            #expect(try domain.runs.journal.order(next.orderID)?.ended == nil)
        }
    }

    @Test("R18, R73: an agent whose run the journal does not know any more is adopted, and its run completed")
    func behind() async throws {
        let world = try await DomainWorld(agent: .diligent(after: .wait(for: "go")))
        // All of it may be in the log that belongs to the file, as before the first checkpoint.
        let domain = try await world.open()
        try await domain.recover()
        async let running: Void = domain.run()
        let run = try await domain.start(DomainWorld.spec)
        try await domain.reached(run.id, "an agent") { $0.state == .running }
        await domain.stop(.detach)
        await running
        domain.close()
        Self.loseJournal(world)
        try Journal.open(stateFolder: world.project.folder + "/home").close()
        let empty = "\(world.project.folder)/home/journal.sqlite"
        try FileManager.default.moveItem(atPath: empty, toPath: "\(world.project.state)/journal.sqlite")
        try await world.serving { domain async throws in
            #expect(domain.notices.contains { $0.contains("did not know 1 run") }, "\(domain.notices)")
            try world.project.release("go")
            #expect(try await domain.settled(run.id).outcome == .completed)
        }
    }
}
