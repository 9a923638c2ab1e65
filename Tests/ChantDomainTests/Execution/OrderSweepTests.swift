import ChantTesting
import Testing

@testable import ChantDomain

/// Effect 1, 2, 3 … of an order of several specs fails, or the process dies right after it, until none is left; whatever
/// it was, the order comes to its end, and nothing is lost, doubled or done side by side that must not be.
///
/// The suite takes a few effects, `scripts/test-slow` every twelfth (`CHANT_FAULT_STEP`), `scripts/sweep` all of them.
@Suite("Fault sweep: orders", .serialized)
struct OrderSweepTests {
    @Test(
        "R15, R16, R18, R49: whichever effect of an order fails, and wherever the process dies, the next start ends it whole",
        arguments: SweptOrder.allCases,
        [true, false]
    )
    func order(_ shape: SweptOrder, dies: Bool) async throws {
        let one: @Sendable (Int) async throws -> Bool = { number in
            let world = try await shape.world()
            let plan = FaultPlan(dies ? .dyingAfter(number) : .failing(number))
            let isAccepted = try await faulty(world, shape, plan)
            let aftermath = OrderAftermath(world: world, shape: shape, what: "\(shape.rawValue): \(plan)", dies: dies)
            try await aftermath.check(isAccepted: isAccepted)
            return plan.wasHit
        }
        guard let step = FaultSweep.step else { return try await FaultSweep.overSome([40, 84, 128], one) }
        let last = try await FaultSweep.overEffects(every: step, one)
        #expect(last > 150, "an order has many effects")
    }

    /// Works the order while the plan is at work.
    ///
    /// - Returns: whether it was accepted.
    private func faulty(_ world: DomainWorld, _ shape: SweptOrder, _ plan: FaultPlan) async throws -> Bool {
        let refusal: @Sendable (String) -> Bool = { plan.refuses($0) }
        return try await Effect.$refusal.withValue(refusal) {
            let domain = try await world.open()
            defer { domain.close() }
            try await domain.recover()
            plan.arm()
            async let running: Void = domain.run()
            let order = try? await domain.runs.start(shape.command()).id
            var failure: (any Error)?
            do {
                // What fails once must not keep an order from going on by itself.
                try await eventually("an end after \(plan)", within: .seconds(90)) {
                    guard let order, !plan.isDead else { return true }
                    return try await domain.runs.order(order).order.settledAt != nil
                }
            } catch {
                failure = error
            }
            await domain.stop(plan.isDead ? .detach : .stop)
            await running
            if let failure { throw failure }
            return order != nil
        }
    }
}

/// The orders that are swept: each has a retry, and dependencies of every kind.
enum SweptOrder: String, Sendable, CaseIterable {
    /// Three specs in a row.
    case chain
    /// A spec that depends on another, and a driver with two members.
    case parallel

    static let driver = "2026-01-05-003-drv"

    /// The specs that are executed.
    var leaves: [String] {
        switch self {
        case .chain: ["2026-01-05-001-aaa", "2026-01-05-002-bbb", "2026-01-05-003-ccc"]
        case .parallel: ["2026-01-05-001-aaa", "2026-01-05-002-bbb", "\(Self.driver).1", "\(Self.driver).2"]
        }
    }

    func command() throws -> StartOrder {
        switch self {
        case .chain: StartOrder(specs: try leaves.map(specID), mode: .chain)
        case .parallel:
            StartOrder(specs: try [leaves[1], leaves[0], Self.driver].map(specID), mode: .parallel)
        }
    }

    func world() async throws -> DomainWorld {
        var specs = leaves.map { DemoSpec($0) }
        if self == .parallel {
            specs[1].dependsOn = [leaves[0]]
            specs.append(DemoSpec(Self.driver))
        }
        return try await DomainWorld(
            agent: agent,
            specs: specs,
            configuration: [
                "parallel:", "  stagger_delay_ms: 0", "  stagger_jitter_ms: 0",
                "watch:", "  failure:", "    retry_delay_ms: 20",
            ]
        )
    }

    /// Notes whether another agent of its spec lives, and each of its commits; one spec's first agent meets a limit.
    private var agent: ScriptedAgent {
        let busy = "\"$folder/busy.$CHANT_SPEC_ID\""
        let limited = "tried=\"$folder/tried\"; [ -e \"$tried\" ] || { touch \"$tried\"; echo 'HTTP 429'; exit 1; }"
        let note = "git rev-parse HEAD >> \"$folder/made\""
        return ScriptedAgent([
            .shell("! kill -0 \"$(cat \(busy) 2>/dev/null || echo none)\" 2>/dev/null || touch \"$folder/overlap\""),
            .shell("echo $$ > \(busy)"),
            .append("begun", to: "begun-$CHANT_SPEC_ID.txt"), .commit("begun"), .shell(note),
            .onSpec(self == .chain ? "bbb" : "drv.1", [.shell(limited)]),
            .append("worked", to: "work-$CHANT_SPEC_ID.txt"), .tick, .commit("worked"), .shell(note),
            .shell("rm -f \(busy)"),
        ])
    }
}
