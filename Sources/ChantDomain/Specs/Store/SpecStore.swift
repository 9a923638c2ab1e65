/// The only writer of spec files (R1), and the reader of all of them.
///
/// Each write is an exchange that loses no other program's edit: see `FileSystem.exchange`. What it is about to write
/// is noted in `WriteIntents` beforehand, so that a temporary file found after a crash can be told from a person's.
public actor SpecStore {
    /// The project's `.chant` folder.
    public nonisolated let chantFolder: String
    let files: any FileSystem
    let intents: any WriteIntents
    var scanner: SpecScanner
    let watching: SpecWatching
    /// The kernel's word about the folders; `nil` for a store that looks at all files whenever it is asked.
    var watch: SpecWatch?
    nonisolated let wakes: SpecWakes?
    /// What other programs did, until somebody takes it.
    var pending: [SpecFileChange] = []
    /// What is to be looked at later, and when.
    var later: [ByteText: ContinuousClock.Instant] = [:]
    /// What git writes for the service just now.
    var expected: [ByteText: Int] = [:]
    var nextScan = ContinuousClock.now
    /// The temporary file that stood in the way of the last attempt.
    private var blockedBy: String?

    private static let attempts = 5

    /// A store for the specs of one project.
    ///
    /// - Parameters:
    ///   - chantFolder: the project's `.chant` folder.
    ///   - files: the disk.
    ///   - intents: where writes are noted beforehand.
    ///   - watching: how to follow what other programs do; `nil` for a store that looks at all files whenever it is asked.
    init(
        chantFolder: String,
        files: any FileSystem = LocalFileSystem(),
        intents: any WriteIntents = VolatileWriteIntents(),
        watching: SpecWatching? = nil
    ) {
        self.chantFolder = chantFolder
        self.files = files
        self.intents = intents
        scanner = SpecScanner(chantFolder: chantFolder, files: files)
        self.watching = watching ?? SpecWatching()
        watch = watching.map { SpecWatch(chantFolder: chantFolder, inotify: $0.inotify) }
        wakes = watching.map { SpecWakes(inotify: $0.inotify, pause: $0.safetyScan) }
    }

    /// What all spec files say now; only files that changed are read again.
    public func index() throws(SpecError) -> SpecIndex {
        try refresh()
        return scanner.index
    }

    /// Reads a spec, active or archived, from disk.
    public func read(_ id: SpecID) throws(SpecError) -> SpecFile {
        for _ in 0..<SpecStore.attempts {
            let path = try locate(id)
            do {
                let (document, reading) = try scanner.read(path, archived: scanner.isArchived(path))
                return SpecFile(id: id, path: path, document: document, reading: reading)
            } catch {
                // Moved since it was located: look again.
                if error.isMissing { continue }
                throw failure(error, at: path, id: id)
            }
        }
        throw .changedMeanwhile(id)
    }

    /// Makes a new active spec of whole bytes; nothing is ever replaced.
    public func create(_ id: SpecID, bytes: [UInt8]) throws(SpecError) -> SpecFile {
        try refresh()
        guard scanner.path(of: id) == nil else { throw .exists(id) }
        let path = "\(scanner.specsFolder)/\(id.text).md"
        try check(SpecDocument(bytes: bytes), id: id)
        try note(path, before: nil, after: Digest(of: bytes))
        defer { intents.didWrite(path: path) }
        do {
            try files.makeFolder(scanner.specsFolder, mode: 0o755)
            try files.create(bytes, at: path, mode: 0o644)
        } catch {
            if error.isTaken, error.path == path { throw .exists(id) }
            throw .file(error)
        }
        let file = try read(id)
        absorb(path, SpecDocument(bytes: bytes).revision)
        return file
    }

    /// Changes a spec: read, change, exchange; again, at most five times, where the file changed in between (R1).
    ///
    /// A change that returns the same bytes writes nothing. The file is read again afterwards and compared (R8).
    ///
    /// - Throws: what `change` throws; `unreadable` for a file that is no spec, which nothing overwrites (R3).
    public func edit(
        _ id: SpecID,
        _ change: @Sendable (SpecDocument) throws(SpecError) -> SpecDocument
    ) throws(SpecError) -> SpecFile {
        for _ in 0..<SpecStore.attempts {
            let old = try read(id)
            _ = try old.spec()
            let new = try change(old.document)
            if new == old.document { return old }
            if let written = try exchange(old, with: new) { return written }
        }
        throw outrun(id)
    }

    /// Writes whole bytes over a spec whose bytes have the digest `expected`; one attempt.
    public func write(
        _ id: SpecID,
        bytes: [UInt8],
        replacing expected: Digest
    ) throws(SpecError) -> SpecFile {
        let old = try read(id)
        guard old.document.digest == expected else { throw .changedMeanwhile(id) }
        let new = SpecDocument(bytes: bytes)
        if new == old.document { return old }
        guard let written = try exchange(old, with: new) else { throw outrun(id) }
        return written
    }
}

// MARK: - Steps

extension SpecStore {
    /// The file after the write; `nil` where another program changed it meanwhile.
    private func exchange(_ old: SpecFile, with new: SpecDocument) throws(SpecError) -> SpecFile? {
        try check(new, id: old.id)
        settle(old)
        try note(old.path, before: old.document.digest, after: new.digest)
        defer { intents.didWrite(path: old.path) }
        do {
            try files.exchange(new.bytes, at: old.path, expecting: old.document.digest)
        } catch {
            switch error {
            case .changedMeanwhile:
                blockedBy = nil
                return nil
            case .temporaryInTheWay:
                // Another program is saving this file, or left its temporary file for good: tried again, then told.
                blockedBy = old.path + ".tmp"
                return nil
            case .file(let error): throw .file(error)
            }
        }
        blockedBy = nil
        let written = try read(old.id)
        absorb(old.path, new.revision)
        return written.document == new ? written : nil
    }

    private func outrun(_ id: SpecID) -> SpecError {
        guard let path = blockedBy else { return .changedMeanwhile(id) }
        return .file(FileError(operation: "create", path: path, code: FileError.taken))
    }

    /// Refuses bytes that could not be read back as a spec.
    private func check(_ document: SpecDocument, id: SpecID) throws(SpecError) {
        do { _ = try Spec(id: id, path: "", document: document) } catch {
            let place = error.line.map { " (line \($0))" } ?? ""
            throw .invalid([Complaint("", error.detail + place)])
        }
    }

    /// Notes what is about to be written; without that, nothing is.
    func note(_ path: String, before: Digest?, after: Digest) throws(SpecError) {
        do { try intents.willWrite(path: path, before: before, after: after) } catch {
            throw .intentRefused(error.detail)
        }
    }

    /// Where the spec lies now: directly in `specs/`, where the last scan found it, or where a new one finds it.
    private func locate(_ id: SpecID) throws(SpecError) -> String {
        let direct = "\(scanner.specsFolder)/\(id.text).md"
        if exists(direct) { return direct }
        try refresh()
        for path in scanner.paths(named: ByteText(id.text)) where exists(path) { return path }
        // One that was made a moment ago, and is not in the index yet.
        for path in later.keys where path.text.hasSuffix("/\(id.text).md") && exists(path.text) { return path.text }
        throw .notFound(id.text)
    }

    /// Whether there is such a file, below real folders only: a link to a folder is no part of the project.
    private func exists(_ path: String) -> Bool {
        (try? files.stamp(path)) != nil && scanner.isBelowRealFolders(path)
    }

    private func failure(_ error: FileError, at path: String, id: SpecID) -> SpecError {
        guard error.isNotRegularFile || error.isForbidden else { return .file(error) }
        let detail = SpecScanner.sentence(error)
        return .unreadable(
            UnreadableSpec(id: id.text, path: scanner.shown(path), revision: "", detail: detail, line: nil)
        )
    }
}
