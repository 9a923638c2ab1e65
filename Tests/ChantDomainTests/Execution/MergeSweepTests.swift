import ChantTesting
import Foundation
import Testing

@testable import ChantDomain

/// Effect 1, 2, 3 … of a merge by a person's word fails, or the process dies right after it: after the next start the spec
/// is completed by one commit, or as it was, and then the same merge completes it.
@Suite("Fault sweep: merge", .serialized)
struct MergeSweepTests {
    @Test(
        "R58, R59: whichever effect of a merge fails, and wherever it dies, one restart decides it",
        arguments: [true, false]
    )
    func merge(dies: Bool) async throws {
        let last = try await FaultSweep.overEffects(every: 7) { number in
            let world = try await DomainWorld(server: ["merge: manual"])
            let run = try await world.work()
            #expect(run.reason == .awaitingMerge)
            let plan = FaultPlan(dies ? .dyingAfter(number) : .failing(number))
            try await faulty(world, plan)
            try await check(world, "\(plan)")
            return plan.wasHit
        }
        #expect(last >= 8, "a merge has many effects")
    }

    private func faulty(_ world: DomainWorld, _ plan: FaultPlan) async throws {
        let refusal: @Sendable (String) -> Bool = { plan.refuses($0) }
        try await Effect.$refusal.withValue(refusal) {
            let domain = try await world.open()
            defer { domain.close() }
            try await domain.recover()
            plan.arm()
            _ = try? await domain.merges.merge(try #require(SpecID(DomainWorld.spec)), rebasing: false, by: nil)
        }
    }

    private func completions(_ world: DomainWorld) async throws -> Int {
        let subjects = try await world.project.git("log", "--format=%s", "--first-parent", "main")
        return subjects.split(separator: "\n").count { $0.hasPrefix("chant: complete") }
    }

    private func check(_ world: DomainWorld, _ what: String) async throws {
        try await world.serving { _ in }
        let isCompleted = try world.spec().status == .completed
        #expect(try await completions(world) == (isCompleted ? 1 : 0), "\(what)")
        #expect(try isCompleted || world.spec().status == .needsAttention, "\(what)")
        #expect(try await world.refs("refs/chant/finish") == [], "\(what)")
        #expect(try await world.project.git("diff", "--cached", "--name-only") == "", "\(what)")
        if isCompleted {
            #expect(try await world.status() == "", "\(what)")
        } else {
            let report = try await world.serving { domain in
                try await domain.merges.merge(try #require(SpecID(DomainWorld.spec)), rebasing: false, by: nil)
            }
            #expect(report.outcome == .completed, "\(what): \(report.problem?.detail ?? "")")
        }
        #expect(try await completions(world) == 1, "\(what)")
        let run = try world.journal { try $0.latestRun(of: #require(SpecID(DomainWorld.spec)), project: world.chant) }
        #expect(run?.mergeCommit != nil, "\(what)")
        #expect(run?.outcome == .needsAttention, "\(what)")
    }
}

extension DomainWorld {
    fileprivate var chant: String { "\(project.checkout)/.chant" }
}
