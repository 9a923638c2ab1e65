import Synchronization

/// Where the store notes what it is about to write, so that a crash leaves no temporary file unexplained (R1).
protocol WriteIntents: Sendable {
    /// Called before a file is written; what it throws forbids the write.
    func willWrite(path: String, before: Digest?, after: Digest) throws(WriteIntentRefused)
    /// Called once nothing temporary is left of that write.
    func didWrite(path: String)
    /// The writes that were begun and not ended, from before a crash too.
    func pendingWrites() -> [PendingWrite]
}

/// A write that was begun.
struct PendingWrite: Sendable, Hashable {
    let path: String
    /// The bytes that were to be replaced; `nil` for a new file.
    let before: Digest?
    let after: Digest
}

/// Why a write could not be noted.
struct WriteIntentRefused: Error {
    let detail: String
}

/// Intents in memory, for a store whose process has no journal: good for everything but a crash.
final class VolatileWriteIntents: WriteIntents {
    private let writes = Mutex<[String: PendingWrite]>([:])

    func willWrite(path: String, before: Digest?, after: Digest) {
        writes.withLock { $0[path] = PendingWrite(path: path, before: before, after: after) }
    }

    func didWrite(path: String) { writes.withLock { $0[path] = nil } }

    func pendingWrites() -> [PendingWrite] { writes.withLock { Array($0.values) } }
}
