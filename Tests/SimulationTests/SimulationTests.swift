import ChantTesting
import Foundation
import Testing

/// The real domain in simulated worlds: random graphs of specs, agents, people, failures and crashes, each from one seed.
///
/// A red seed prints itself; `scripts/soak --seed N` shows what happened in it. `CHANT_SEEDS` says how many are tried.
@Suite("Simulation")
struct SimulationTests {
    private static let parts = 8
    private static let width = number("CHANT_SEEDS") ?? 2000
    private static let first = number("CHANT_FIRST_SEED") ?? 1
    private static let only = number("CHANT_SEED")

    private static func number(_ name: String) -> Int? {
        ProcessInfo.processInfo.environment[name].flatMap { Int($0) }
    }

    @Test("I1–I10 hold in every world, whatever fails in it and wherever the service dies", arguments: 0..<parts)
    func worlds(part: Int) async throws {
        let seeds =
            Self.only.map { part == 0 ? [$0] : [] }
            ?? Array(
                stride(from: Self.first + part, to: Self.first + Self.width, by: Self.parts)
            )
        let red = try await onOwnThread {
            try seeds.compactMap { seed in
                let report = try Simulation.run(seed: UInt64(seed))
                if Self.only != nil { print(report.trace.joined(separator: "\n")) }
                return report.violations.isEmpty ? nil : report
            }
        }
        for report in red { Issue.record("\(report)") }
    }
}

extension Simulation.Report: CustomStringConvertible {
    var description: String {
        "seed \(seed): \(violations.prefix(5).joined(separator: "; ")) (all of it: scripts/soak --seed \(seed))"
    }
}
