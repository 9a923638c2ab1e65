/// Where a streamed body goes: the seam between what is written and what carries it.
package protocol ResponseWriter: Sendable {
    /// Hands over a piece; waits while the client has not taken what was written before.
    ///
    /// - Throws: `ResponseEnded` when nobody will read it any more, `CancellationError` when the writing task was
    ///   cancelled.
    func write(_ bytes: [UInt8]) async throws

    /// Hands over a piece only if everything before it has been taken; for heartbeats, which must not pile up.
    func writeIfIdle(_ bytes: [UInt8]) async throws

    /// Leaves the rest of the answer, which is what a broadcast has after `position`, to whoever carries it; nothing may
    /// be written afterwards.
    ///
    /// - Returns: whether there is a carrier that does that.
    func handOver(to broadcast: Broadcast, after position: Int64) -> Bool
}

/// Why a piece of a streamed body cannot be handed over.
package enum ResponseEnded: Error, Sendable, Equatable {
    /// The connection is closed, by whichever side.
    case clientLeft
    /// The service is stopping; what was written before is still sent.
    case stopping
}

extension ResponseWriter {
    package func handOver(to broadcast: Broadcast, after position: Int64) -> Bool { false }

    /// Goes on with what a broadcast has after `position`, to its end.
    ///
    /// - Returns: `false` when the broadcast no longer has all that follows: it has to be written by other means first.
    /// - Throws: as `write` does.
    func follow(_ broadcast: Broadcast, after position: Int64) async throws -> Bool {
        guard let index = broadcast.index(after: position) else { return false }
        if !handOver(to: broadcast, after: position) { try await copy(broadcast, from: index, after: position) }
        return true
    }

    /// Writes what a broadcast has, as it comes; ends when this reader has become too slow for it.
    private func copy(_ broadcast: Broadcast, from start: Int, after position: Int64) async throws {
        let (signals, signal) = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))
        // Before the first look, so that nothing comes in between.
        let key = broadcast.listen { signal.yield() }
        defer { broadcast.unlisten(key) }
        var waiting = signals.makeAsyncIterator()
        var index = start
        while true {
            let news = broadcast.news(from: index)
            guard news.first == index else { return }
            index += news.chunks.count
            let unknown = news.chunks.filter { $0.position > position }
            try await write(unknown.flatMap { Array($0.chunk.payload) })
            if news.isFinished { return }
            guard await waiting.next() != nil else { throw CancellationError() }
        }
    }
}
