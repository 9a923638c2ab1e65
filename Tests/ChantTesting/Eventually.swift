/// A fact that did not come true in time.
public struct NotInTime: Error, CustomStringConvertible {
    let what: String
    let limit: Duration

    /// What was waited for, and how long.
    public var description: String { "not within \(limit): \(what)" }
}

/// Waits until `fact` holds, looking every 10 ms; the only way in which a test may wait.
///
/// - Parameters:
///   - what: the fact in words, for the failure.
///   - limit: how long it may take.
///   - fact: tells whether it holds now.
/// - Throws: `NotInTime`, or what `fact` throws.
public func eventually(
    _ what: String,
    within limit: Duration = .seconds(20),
    _ fact: () async throws -> Bool
) async throws {
    let end = ContinuousClock.now + limit
    while try await !fact() {
        guard ContinuousClock.now < end else { throw NotInTime(what: what, limit: limit) }
        try await Task.sleep(for: .milliseconds(10))
    }
}
