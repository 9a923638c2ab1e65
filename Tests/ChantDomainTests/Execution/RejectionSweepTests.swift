import ChantTesting
import Testing

@testable import ChantDomain

/// Effect 1, 2, 3 … of a rejection fails, or the process dies right after it; said once more, it is whole.
@Suite("Fault sweep of rejections", .serialized)
struct RejectionSweepTests {
    private let id = DomainWorld.spec

    @Test(
        "R29: wherever a rejection broke off, nothing of it is lost and nothing made twice",
        arguments: [RejectionAction.dependency, .group],
        [true, false]
    )
    func rejection(action: RejectionAction, dies: Bool) async throws {
        for commits in [false, true] {
            let last = try await FaultSweep.overEffects(every: commits ? 5 : 2) { number in
                try await one(action, FaultPlan(dies ? .dyingAfter(number) : .failing(number)), commits)
            }
            #expect(last > 2, "a rejection has effects")
        }
    }

    /// Returns whether there was such an effect.
    private func one(_ action: RejectionAction, _ plan: FaultPlan, _ commits: Bool) async throws -> Bool {
        var spec = DemoSpec(id, header: ["approval: {required: true}"])
        spec.criteria = ["One", "Two"]
        let world = try await DomainWorld(
            specs: [spec],
            server: ["commit_specs: \(commits)"],
            configuration: ["approval:", "  rejection_action: \(action.rawValue)"]
        )
        let id = try specID(id)
        let refusal: @Sendable (String) -> Bool = { plan.refuses($0) }
        try await Effect.$refusal.withValue(refusal) {
            let domain = try await world.open()
            defer { domain.close() }
            try await domain.recover()
            plan.arm()
            _ = try? await domain.specs.decide(.reject(by: "ana", because: "Too broad."), on: id)
        }
        try await world.serving { domain in
            let before = try await domain.specs.store.read(id).spec()
            if before.approval?.isRejected != true {
                _ = try await domain.specs.decide(.reject(by: "ana", because: "Too broad."), on: id)
            }
            let index = try await domain.specs.store.index()
            let after = try IndexFixture.spec(id.text, in: index)
            let others = index.activeIDs.filter { $0 != id }.map(\.text)
            switch action {
            case .manual: break
            case .dependency: #expect(others.count == 1 && after.dependsOn == others, "\(plan), commits: \(commits)")
            case .group:
                #expect(others == ["\(id).1", "\(id).2"], "\(plan), commits: \(commits)")
                #expect(after.listedMembers == others && after.kind == .driver, "\(plan), commits: \(commits)")
            }
        }
        return plan.wasHit
    }
}
