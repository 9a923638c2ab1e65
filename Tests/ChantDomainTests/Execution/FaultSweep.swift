import Foundation
import Testing

/// Goes through the effects of something, one after the other: 1, 2, 3 … until there is none left.
enum FaultSweep {
    /// How many effects are gone on each time: 1 takes all, as `scripts/sweep` does; `nil` leaves it to the suite.
    static let step = ProcessInfo.processInfo.environment["CHANT_FAULT_STEP"].flatMap { Int($0) }.map { max(1, $0) }
    private static let together = 4

    /// Calls `one` with the number of an effect until it says that there was no such effect.
    ///
    /// - Parameters:
    ///   - usual: how many effects the suite goes on each time.
    ///   - one: says whether there was an effect of this number.
    /// - Returns: the last number that was met.
    /// - Throws: what `one` throws.
    static func overEffects(
        every usual: Int,
        _ one: @escaping @Sendable (Int) async throws -> Bool
    ) async throws -> Int {
        let step = Self.step ?? usual
        var next = 1
        while true {
            let numbers = (0..<together).map { next + $0 * step }
            let met = try await withThrowingTaskGroup(of: (Int, Bool).self) { group in
                for number in numbers { group.addTask { (number, try await one(number)) } }
                return try await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
            }
            if let end = numbers.first(where: { met[$0] != true }) { return end - step }
            next += together * step
        }
    }

    /// Calls `one` for a few effects side by side, each of which there must be.
    static func overSome(
        _ numbers: [Int],
        _ one: @escaping @Sendable (Int) async throws -> Bool
    ) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in numbers {
                group.addTask {
                    let wasHit = try await one(number)
                    #expect(wasHit, "there is an effect \(number)")
                }
            }
            try await group.waitForAll()
        }
    }
}
