import ChantTesting
import Foundation
import Testing

@testable import ChantDomain

@Suite("Domain: a person says that a spec is done")
struct DomainFinalizeTests {
    private let id = DomainWorld.spec

    private func finalize(_ domain: Domain, commits: [String]? = nil) async throws -> SpecView {
        try await domain.merges.finalize(try #require(SpecID(id)), commits: commits, by: "ann")
    }

    @Test(
        "R7: from failed, needs_attention, paused and a stale in_progress; nothing is committed",
        arguments: [
            "failed", "needs_attention", "paused", "in_progress",
        ]
    )
    func allowed(status: String) async throws {
        let world = try await DomainWorld(specs: [DemoSpec(id, status: status)])
        let head = try await world.project.git("rev-parse", "main")
        let events = try await world.serving { domain in
            let view = try await finalize(domain)
            #expect(view.spec.status == .completed)
            return try await domain.events()
        }
        let spec = try world.spec()
        #expect(spec.model == "manual")
        #expect(spec.completedAt != nil)
        #expect(spec.commits.isEmpty)
        #expect(try await world.project.git("rev-parse", "main") == head)
        let told = events.contains { event in
            if case .specChanged(let change) = event { change.to == "completed" && change.by == "ann" } else { false }
        }
        #expect(told)
    }

    @Test("R7: not from pending, completed or cancelled", arguments: ["pending", "completed", "cancelled"])
    func refused(status: String) async throws {
        let world = try await DomainWorld(specs: [DemoSpec(id, status: status)])
        try await world.serving { domain in
            await #expect(throws: FinalizeError.self) { try await finalize(domain) }
        }
        #expect(try world.spec().status.rawValue == status)
    }

    @Test("R7: the commits are those named, else the latest run's; what is none is refused")
    func commits() async throws {
        let world = try await DomainWorld(server: ["merge: manual"])
        let run = try await world.work()
        let head = try await world.project.git("rev-parse", "main")
        try await world.serving { domain in
            do {
                _ = try await finalize(domain, commits: [head, "main", "0123456789"])
                Issue.record("no commit was refused")
            } catch FinalizeError.unknownCommits(let places) {
                #expect(places == [1, 2])
            }
            _ = try await finalize(domain)
        }
        let short = try await world.project.git("rev-parse", "--short", try #require(run.commits.last))
        #expect(try world.spec().commits == [short])
        #expect(try world.spec().model == "main", "the agent's name, where no model was asked for")
        #expect(try await world.refs("refs/heads/chant").count == 1, "nothing is merged, so the branch stays")
    }

    @Test("R9: its driver completes with it")
    func driver() async throws {
        let world = try await DomainWorld(specs: [DemoSpec("\(id)"), DemoSpec("\(id).1", status: "failed")])
        try await world.serving { domain in
            let member = try #require(SpecID("\(id).1"))
            _ = try await domain.merges.finalize(member, commits: nil, by: "ann")
            await #expect(throws: FinalizeError.self, "a driver is not finalized itself") { try await finalize(domain) }
        }
        #expect(try world.spec().status == .completed)
        #expect(try world.spec().model == "auto-completed")
    }

    @Test("R40: with commit_specs it is one commit")
    func committed() async throws {
        let world = try await DomainWorld(specs: [DemoSpec(id, status: "failed")], server: ["commit_specs: true"])
        try await world.serving { domain in _ = try await finalize(domain) }
        #expect(try await world.project.git("log", "-1", "--format=%s") == "chant: finalize \(id)")
        #expect(try await world.status() == "")
    }
}
