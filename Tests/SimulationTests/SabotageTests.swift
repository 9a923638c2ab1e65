import ChantTesting
import Testing

@testable import ChantDomain

/// A simulation that finds nothing would prove nothing: what is made wrong on purpose must turn it red.
@Suite("Simulations that go wrong")
struct SabotageTests {
    private static let most = 60

    /// The first finding that holds one of these words.
    private func finding(_ sabotage: Simulation.Sabotage, _ words: String...) async throws -> String? {
        try await onOwnThread {
            for seed in 1...Self.most {
                let report = try Simulation.run(seed: UInt64(seed), sabotage: sabotage, size: .large)
                let found = report.violations.first { line in words.contains { line.contains($0) } }
                if let found { return found }
            }
            return nil
        }
    }

    @Test("R49: a branch whose old tip is not kept is found as an agent's lost commit")
    func lostCommits() async throws {
        #expect(try await finding(Simulation.Sabotage(git: .forgetsKeptRefs), "loses the agent's commit") != nil)
    }

    @Test("I8: an agent that still works when its run goes on is found")
    func livingAgents() async throws {
        let sabotage = Simulation.Sabotage(agents: .endsEarly)
        #expect(try await finding(sabotage, "while another one lives", "while its agent worked", "still lives") != nil)
    }

    @Test(
        "R51: a merge that takes one side of a conflict is found",
        arguments: [
            SimulatedGit.Sabotage.takesOurSide, .takesTheirSide,
        ]
    )
    func oneSidedMerges(git: SimulatedGit.Sabotage) async throws {
        #expect(try await finding(Simulation.Sabotage(git: git), "lacks [\"shared.txt\"]") != nil)
    }

    @Test("R15: a chain that starts two at once is found")
    func wideChains() async throws {
        let sabotage = Simulation.Sabotage { $0 == .chain ? WideChain() : $0.strategy }
        #expect(try await finding(sabotage, "runs of a chain in flight, 1 are allowed") != nil)
    }

    @Test(
        "R15, R16: an order that ends before all that is ready was started is found",
        arguments: [
            RunMode.chain, .parallel,
        ]
    )
    func droppedSpecs(mode: RunMode) async throws {
        let sabotage = Simulation.Sabotage { $0 == mode ? HastyStrategy() : $0.strategy }
        #expect(try await finding(sabotage, "ended as finished and drops") != nil)
    }

    @Test("conflicts of merges come up in the worlds, and are seen by the service")
    func conflicts() async throws {
        let found = try await onOwnThread {
            try (1...Self.most).contains { seed in
                try Simulation.run(seed: UInt64(seed), size: .large).reasons.contains(.mergeConflict)
            }
        }
        #expect(found)
    }

    @Test("one seed is one world: what happens in it is the same to the last line", arguments: [102, 198, 11])
    func reproduction(seed: UInt64) async throws {
        let (first, second) = try await onOwnThread {
            (try Simulation.run(seed: seed).trace, try Simulation.run(seed: seed).trace)
        }
        #expect(first.count > 10)
        #expect(first == second)
    }

    @Test("other seeds are other worlds")
    func variety() async throws {
        let traces = try await onOwnThread { try (100..<110).map { try Simulation.run(seed: $0).trace } }
        #expect(Set(traces).count == traces.count)
    }
}

/// A chain with room for two.
private struct WideChain: SchedulingStrategy {
    func room(in order: OrderView) -> Int { 2 - order.inFlight.count }
    func ending(of order: OrderView) -> OrderEnding { .finished }
}

/// Ends after the first spec.
private struct HastyStrategy: SchedulingStrategy {
    func room(in order: OrderView) -> Int { order.outcomes.isEmpty && order.inFlight.isEmpty ? 1 : 0 }
    func ending(of order: OrderView) -> OrderEnding { .finished }
}
