import ChantTesting
import Testing

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
