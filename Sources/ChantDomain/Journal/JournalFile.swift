import Foundation
import GRDB
import Glibc

/// Opens the journal's file and brings it to the newest schema.
struct JournalFile {
    let path: String
    let schema: JournalSchema

    /// The database, migrated; a copy of an older file lies beside it (R73).
    func open() throws -> DatabasePool {
        try makePrivate()
        try refuseNewer()
        var configuration = Configuration()
        configuration.label = "journal"
        configuration.busyMode = .timeout(5)
        let pool = try DatabasePool(path: path, configuration: configuration)
        try pool.writeWithoutTransaction { db in
            // What was answered 202 must survive a power cut, so each commit waits for the disk.
            try db.execute(sql: "PRAGMA synchronous = FULL")
            try migrate(db)
        }
        return pool
    }

    /// Makes the file readable by its owner only before SQLite sees it; SQLite gives its companions the same mode.
    private func makePrivate() throws {
        let descriptor = Glibc.open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else {
            let code = errno
            throw JournalError.storage(operation: "open \(path)", code: code, detail: String(cString: strerror(code)))
        }
        Glibc.close(descriptor)
    }

    /// Looks at the version without changing a byte of the file.
    private func refuseNewer() throws {
        var configuration = Configuration()
        configuration.label = "journal version"
        configuration.readonly = true
        configuration.busyMode = .timeout(5)
        let queue = try DatabaseQueue(path: path, configuration: configuration)
        let found = try queue.read(version)
        try queue.close()
        guard found <= schema.version else {
            throw JournalError.newer(file: path, version: found, known: schema.version)
        }
    }

    private func version(_ db: Database) throws -> Int {
        try Int.fetchOne(db, sql: "PRAGMA user_version") ?? 0
    }

    private func migrate(_ db: Database) throws {
        let found = try version(db)
        for version in (found + 1)..<(schema.version + 1) {
            // Of a file that was made just now there is nothing to go back to.
            if found > 0 { try copy(db, before: version) }
            try db.inTransaction(.immediate) {
                try db.execute(sql: schema.steps[version - 1])
                try db.execute(sql: "PRAGMA user_version = \(version)")
                return .commit
            }
        }
    }

    /// Writes what the file holds now to `journal.sqlite.before-v<version>`.
    private func copy(_ db: Database, before version: Int) throws {
        let copy = "\(path).before-v\(version)"
        let unfinished = copy + ".tmp"
        unlink(unfinished)
        try db.execute(sql: "VACUUM INTO ?", arguments: [unfinished])
        guard chmod(unfinished, 0o600) == 0, sync(unfinished), rename(unfinished, copy) == 0 else {
            let code = errno
            throw JournalError.storage(
                operation: "copy itself to \(copy) before the migration",
                code: code,
                detail: String(cString: strerror(code))
            )
        }
    }

    private func sync(_ path: String) -> Bool {
        let descriptor = Glibc.open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return false }
        defer { Glibc.close(descriptor) }
        return fsync(descriptor) == 0
    }
}
