import Synchronization

/// One at a time changes what becomes of a spec: a run that begins, or a person's action on it.
///
/// An action looks (is a run live? which status is it?), acts, and writes; a run looks through its gates and writes
/// `in_progress`. Each holds the spec's claim meanwhile, so that what it saw still holds when it writes. The claim is about the
/// service's own moves: other programs are kept out by `SpecLock`, a second run by the journal.
final class SpecClaims: Sendable {
    private let claims = Mutex<[SpecID: Claim]>([:])

    private struct Claim {
        let lock = FIFOLock()
        var users = 0
    }

    /// Runs `body` while nobody else holds the claim of `spec`; first come, first served.
    ///
    /// - Parameters:
    ///   - spec: the spec.
    ///   - holder: who asks, for people who look.
    ///   - failure: the error where the task is cancelled while it waits.
    ///   - body: what is done meanwhile.
    /// - Returns: what `body` returns.
    /// - Throws: what `body` throws, or `failure`'s answer.
    func withClaim<R, E: Error>(
        of spec: SpecID,
        as holder: String,
        orThrow failure: @autoclosure () -> E,
        _ body: () async throws(E) -> R
    ) async throws(E) -> R {
        let lock = claims.withLock { claims in
            claims[spec, default: Claim()].users += 1
            return claims[spec]?.lock
        }
        defer { forget(spec) }
        guard let lock else { throw failure() }
        let held: FIFOLock.Held
        do { held = try await lock.acquire(as: holder) } catch { throw failure() }
        defer { lock.release(held) }
        return try await body()
    }

    private func forget(_ spec: SpecID) {
        claims.withLock { claims in
            claims[spec]?.users -= 1
            if claims[spec]?.users == 0 { claims[spec] = nil }
        }
    }
}
