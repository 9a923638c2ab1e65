import ChantTesting
import Testing

/// A simulation that finds nothing would prove nothing: what is made wrong on purpose must turn it red.
@Suite("Simulations that go wrong")
struct SabotageTests {
    private static let most = 60

    private func findings(_ sabotage: Simulation.Sabotage) async throws -> [String] {
        try await onOwnThread {
            for seed in 1...Self.most {
                let report = try Simulation.run(seed: UInt64(seed), sabotage: sabotage)
                if !report.violations.isEmpty { return report.violations }
            }
            return []
        }
    }

    @Test("R49: a branch whose old tip is not kept is found as an agent's lost commit")
    func lostCommits() async throws {
        let found = try await findings(Simulation.Sabotage(git: .forgetsKeptRefs))
        #expect(found.contains { $0.contains("loses the agent's commit") }, "\(found)")
    }

    @Test("R58: a merge that takes one side of a conflict is found in the target's tree")
    func wrongMerges() async throws {
        let found = try await findings(Simulation.Sabotage(git: .mergesAnything))
        #expect(found.contains { $0.contains("lacks") || $0.contains("not what") }, "\(found)")
    }

    @Test("I8: an agent that still works when its run goes on is found")
    func livingAgents() async throws {
        let found = try await findings(Simulation.Sabotage(agents: .endsEarly))
        #expect(
            found.contains { $0.contains("while another one lives") || $0.contains("while its agent worked") },
            "\(found)"
        )
    }

    @Test("one seed is one world: what happens in it is the same to the last line", arguments: [4, 11, 23])
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
