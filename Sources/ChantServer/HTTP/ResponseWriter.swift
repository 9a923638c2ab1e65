/// Where a streamed body goes: the seam between what is written and what carries it.
package protocol ResponseWriter: Sendable {
    /// Hands over a piece; waits while the client has not taken what was written before.
    ///
    /// - Throws: `ResponseEnded` when nobody will read it any more, `CancellationError` when the writing task was
    ///   cancelled.
    func write(_ bytes: [UInt8]) async throws

    /// Hands over a piece only if everything before it has been taken; for heartbeats, which must not pile up.
    func writeIfIdle(_ bytes: [UInt8]) async throws
}

/// Why a piece of a streamed body cannot be handed over.
package enum ResponseEnded: Error, Sendable, Equatable {
    /// The connection is closed, by whichever side.
    case clientLeft
    /// The service is stopping; what was written before is still sent.
    case stopping
}
