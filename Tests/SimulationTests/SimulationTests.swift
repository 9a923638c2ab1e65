import ChantTesting
import Foundation
import Synchronization
import Testing

/// The real domain in simulated worlds: random graphs of specs, agents, people, failures and crashes, each from one seed.
///
/// A red seed prints itself; `scripts/soak --seed N` shows what happened in it. `CHANT_SEEDS` says how many are tried.
@Suite("Simulation")
struct SimulationTests {
    /// One thread for each processor: a world computes all the time, and waits for nothing.
    private static let threads = only == nil ? max(1, ProcessInfo.processInfo.activeProcessorCount) : 1
    private static let taken = Mutex(0)
    private static let width = number("CHANT_SEEDS") ?? 2000
    private static let first = number("CHANT_FIRST_SEED") ?? 1
    private static let only = number("CHANT_SEED")

    private static func number(_ name: String) -> Int? {
        ProcessInfo.processInfo.environment[name].flatMap { Int($0) }
    }

    /// The next seed that nobody has tried yet.
    private static func next() -> Int? {
        let number = taken.withLock { taken in
            defer { taken += 1 }
            return taken
        }
        if let only { return number == 0 ? only : nil }
        return number < width ? first + number : nil
    }

    @Test("I1–I10 hold in every world, whatever fails in it and wherever the service dies", arguments: 0..<threads)
    func worlds(thread: Int) async throws {
        let red = try await onOwnThread {
            var red: [Simulation.Report] = []
            while let seed = Self.next() {
                let report = try Simulation.run(seed: UInt64(seed))
                if Self.only != nil { print(report.trace.joined(separator: "\n")) }
                if !report.violations.isEmpty { red.append(report) }
            }
            return red
        }
        for report in red { Issue.record("\(report)") }
    }
}

extension Simulation.Report: CustomStringConvertible {
    var description: String {
        "seed \(seed): \(violations.prefix(5).joined(separator: "; ")) (all of it: scripts/soak --seed \(seed))"
    }
}
