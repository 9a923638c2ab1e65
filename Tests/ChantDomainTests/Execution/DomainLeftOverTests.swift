import ChantTesting
import Testing

@testable import ChantDomain

@Suite("Domain: leftovers of runs that failed")
struct DomainLeftOverTests {
    @Test("R53: a run that left nothing has no ref when its worktree goes for the next run")
    func nothing() async throws {
        let id = "2026-01-05-001-aaa"
        let world = try await DomainWorld(agent: ScriptedAgent([.say("no"), .exit(3)]))
        try await world.serving { domain in
            let failed = try await domain.settled(try await domain.start(id).id)
            #expect(failed.outcome == .failed)
            try world.project.script(.diligent)
            let second = try await domain.settled(try await domain.start(id).id)
            #expect(second.outcome == .completed, "\(second.problem?.detail ?? "")")
        }
        #expect(try await world.project.git("for-each-ref", "refs/chant/left") == "")
    }
}
