import Logging

/// Notes each write of a spec in the journal beforehand, so that a temporary file left by a crash can be told (R1).
struct JournaledWrites: WriteIntents {
    let journal: Journal
    let logger: Logger

    func willWrite(path: String, before: Digest?, after: Digest) throws(WriteIntentRefused) {
        do throws(JournalError) {
            try journal.recordWrite(path: path, before: before?.hex, after: after.hex)
        } catch {
            throw WriteIntentRefused(detail: "\(error)")
        }
    }

    /// A write that is not forgotten is looked at again at the next start, and found done.
    func didWrite(path: String) {
        do throws(JournalError) {
            try journal.forgetWrite(path: path)
        } catch {
            logger.warning("write not forgotten", metadata: ["path": "\(path)", "why": "\(error)"])
        }
    }

    func pendingWrites() -> [PendingWrite] {
        do throws(JournalError) {
            return try journal.writes().compactMap { write in
                guard let after = Digest(hex: write.after) else { return nil }
                return PendingWrite(path: write.path, before: write.before.flatMap { Digest(hex: $0) }, after: after)
            }
        } catch {
            logger.error("writes not readable", metadata: ["why": "\(error)"])
            return []
        }
    }
}
