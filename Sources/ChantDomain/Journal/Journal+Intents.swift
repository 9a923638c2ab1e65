import Foundation
import GRDB

/// Intents that are written before their effect, so that a crash in between can be decided.
extension Journal {
    /// Writes what finishing sets out to do, in place of what it wrote before for this run (F1–F3).
    public func recordFinishing(run: RunID, _ record: FinishingRecord) throws(JournalError) {
        try transaction("record the finishing of run \(run)") { transaction in
            let run = try RunRows.existing(transaction.db, run)
            guard record.merge == nil ? run.state.isLive : run.mayBeMerged else { throw JournalError.stale(run) }
            let statement = try transaction.db.cachedStatement(
                sql: "INSERT INTO finishing (run_id, record) VALUES (?, ?) "
                    + "ON CONFLICT (run_id) DO UPDATE SET record = excluded.record"
            )
            try statement.execute(arguments: [run.id.text, try JournalJSON.text(record)])
        }
    }

    /// The merges of runs that had ended, which are neither recorded as done nor given up (R59).
    func unfinishedMerges(project path: String) throws(JournalError) -> [(run: Run, record: FinishingRecord)] {
        try read("read the unfinished merges") { db in
            let sql = """
                SELECT runs.*, finishing.record AS finishing_record FROM runs JOIN finishing ON finishing.run_id = runs.id
                WHERE runs.state = 'settled' AND runs.merge_commit IS NULL AND runs.project_path = ? ORDER BY runs.rowid
                """
            return try Row.fetchAll(db, sql: sql, arguments: [path]).compactMap { row in
                let json: String = row["finishing_record"]
                let record = try JournalJSON.decoder.decode(FinishingRecord.self, from: Data(json.utf8))
                return record.merge == nil ? nil : (try Run(row: row), record)
            }
        }
    }

    /// Forgets what finishing had set out to do: it is recorded as done, or was given up.
    func forgetFinishing(run: RunID) throws(JournalError) {
        try transaction("forget the finishing of run \(run)") { transaction in
            try transaction.db.cachedStatement(sql: "DELETE FROM finishing WHERE run_id = ?")
                .execute(arguments: [run.text])
        }
    }

    /// What finishing last wrote for this run.
    public func finishing(run: RunID) throws(JournalError) -> FinishingRecord? {
        try read("read the finishing of run \(run)") { db in
            let statement = try db.cachedStatement(sql: "SELECT record FROM finishing WHERE run_id = ?")
            guard let json = try String.fetchOne(statement, arguments: [run.text]) else { return nil }
            return try JournalJSON.decoder.decode(FinishingRecord.self, from: Data(json.utf8))
        }
    }

    /// Notes that a spec file is about to be written (R1).
    ///
    /// - Parameters:
    ///   - path: the file's path.
    ///   - before: the digest of the bytes that were read; `nil` for a new file.
    ///   - after: the digest of the bytes that will be there.
    /// - Throws: `storage`.
    func recordWrite(path: String, before: String?, after: String) throws(JournalError) {
        try transaction("record the writing of \(path)") { transaction in
            let statement = try transaction.db.cachedStatement(
                sql: "INSERT INTO writes (path, before, after) VALUES (?, ?, ?) "
                    + "ON CONFLICT (path) DO UPDATE SET before = excluded.before, after = excluded.after"
            )
            try statement.execute(arguments: [path, before, after])
        }
    }

    /// Forgets a write that is done or was given up.
    func forgetWrite(path: String) throws(JournalError) {
        try transaction("forget the writing of \(path)") { transaction in
            try transaction.db.cachedStatement(sql: "DELETE FROM writes WHERE path = ?").execute(arguments: [path])
        }
    }

    /// The writes that were under way when the service last ended.
    func writes() throws(JournalError) -> [WriteRecord] {
        try read("read the writes") { db in
            try Row.fetchAll(db.cachedStatement(sql: "SELECT path, before, after FROM writes ORDER BY path")).map {
                WriteRecord(path: $0["path"], before: $0["before"], after: $0["after"])
            }
        }
    }
}
