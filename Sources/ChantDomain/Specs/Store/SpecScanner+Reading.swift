import Foundation

extension SpecScanner {
    /// Makes the next snapshot where the rows of these names differ, and says how.
    mutating func commit(_ touched: Set<ByteText>) -> [SpecFileChange] {
        guard !touched.isEmpty || index.generation == 0 else { return [] }
        var rows: [ByteText: [SpecRow]] = [:]
        var changes: [SpecFileChange] = []
        for name in touched {
            let new = self.rows(of: name)
            let old = index.rows(named: name)
            rows[name] = new
            if let change = SpecFileChange(name.text, from: old, to: new) { changes.append(change) }
        }
        index = index.replacing(rows)
        return changes.sorted { $0.id.utf8.lexicographicallyPrecedes($1.id.utf8) }
    }

    /// The rows of one name.
    ///
    /// Of two files with one id in `specs/`, the first by path is the spec, the other is listed as unreadable, so that nobody
    /// edits one and reads the other. An archived spec is not seen beside an active one.
    private func rows(of name: ByteText) -> [SpecRow] {
        var rows: [SpecRow] = []
        var taken: String?
        for path in paths(named: name) {
            guard let row = row(at: path) else { continue }
            guard let spec = row.spec else {
                taken = taken ?? path
                rows.append(row)
                continue
            }
            if let taken, isArchived(taken) == isArchived(path) {
                rows.append(SpecRow(unreadable(path, "The id is taken by \(shown(taken)).", spec).file))
            } else if !rows.contains(where: { $0.spec != nil }) {
                rows.append(row)
            }
            taken = taken ?? path
        }
        // The spec first: what an id stands for.
        return rows.filter { $0.spec != nil } + rows.filter { $0.spec == nil }
    }

    private func unreadable(_ path: String, _ detail: String, _ spec: Spec) -> UnreadableFailure {
        unreadable(path, detail, revision: spec.revision)
    }

    private func name(of path: String) -> String {
        let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")).map { path.utf8.index(after: $0) }
        return String(path[(slash ?? path.startIndex)...])
    }

    func unreadable(
        _ path: String,
        _ detail: String,
        line: Int? = nil,
        revision: String = ""
    ) -> UnreadableFailure {
        let name = name(of: path)
        let id = String(name.hasSuffix(".md") ? name.dropLast(".md".count) : name[...])
        let file = UnreadableSpec(id: id, path: shown(path), revision: revision, detail: detail, line: line)
        return UnreadableFailure(file: file)
    }

    /// Why a file's bytes could not be read.
    static func sentence(_ error: FileError) -> String {
        error.isNotRegularFile
            ? "This is no regular file; a symlink is never followed." : "The file cannot be read: \(error.reason)."
    }

    /// A folder below the two that the service's user may not look into: told, and no reason to show nothing at all.
    func closed(_ folder: String, _ error: SpecError) -> KnownFile? {
        guard case .file(let why) = error, why.isForbidden, folder != specsFolder, folder != archiveFolder else {
            return nil
        }
        let row = SpecRow(unreadable(folder, "The folder cannot be listed: \(why.reason).").file)
        let stamp = FileStamp(inode: 0, size: 0, modified: 0, changed: 0, mode: 0)
        return KnownFile(stamp: stamp, isSettled: false, name: ByteText(row.id), row: row)
    }

    /// A file whose name is no UTF-8 has no path that could be written here.
    func unreachable(_ path: String) -> KnownFile {
        let row = SpecRow(unreadable(path, "The file's name is no UTF-8, so it cannot be an id.").file)
        let stamp = FileStamp(inode: 0, size: 0, modified: 0, changed: 0, mode: 0)
        return KnownFile(stamp: stamp, isSettled: true, name: ByteText(row.id), row: row)
    }

    func reading(
        of document: SpecDocument,
        at path: String,
        archived: Bool,
        stamp: FileStamp
    ) -> Result<Spec, UnreadableFailure> {
        guard let id = SpecID(String(name(of: path).dropLast(".md".count))) else {
            let detail = "The file's name cannot be an id: 1 to 200 bytes without control characters."
            return .failure(unreadable(path, detail, revision: document.revision))
        }
        do {
            // As the wire shows it: what cannot be seen orders nothing, and a time that was shown finds nothing twice.
            let updated = Date(timeIntervalSince1970: Double(stamp.modified / 1_000_000) / 1000)
            return .success(
                try Spec(id: id, path: shown(path), document: document, archived: archived, updatedAt: updated)
            )
        } catch {
            return .failure(unreadable(path, error.detail, line: error.line, revision: document.revision))
        }
    }
}
