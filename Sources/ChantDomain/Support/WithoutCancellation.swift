/// Runs `body` to its end even though the surrounding task was cancelled.
///
/// For the tail of a run: what settles it and cleans up after it must not be cut off half-way.
/// One of the two places where an unstructured task is made.
func withoutCancellation<Result: Sendable>(_ body: @escaping @Sendable () async -> Result) async -> Result {
    await Task(executorPreference: Surroundings.simulated?.executor) { await body() }.value
}
