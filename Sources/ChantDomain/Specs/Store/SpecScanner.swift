import Foundation
import Glibc

/// Reads `specs/` and `archive/`, and again only what has changed since.
struct SpecScanner {
    let chantFolder: String
    let files: any FileSystem

    private struct Known {
        let stamp: FileStamp
        /// Whether the stamp is old enough to tell the next write from this one.
        let isSettled: Bool
        let reading: Result<Spec, UnreadableFailure>
    }

    private var known: [String: Known] = [:]
    private var paths: [SpecID: String] = [:]
    private(set) var index = SpecIndex.empty

    init(chantFolder: String, files: any FileSystem) {
        self.chantFolder = chantFolder
        self.files = files
    }

    var specsFolder: String { chantFolder + "/specs" }
    var archiveFolder: String { chantFolder + "/archive" }

    /// Where the last scan found the spec.
    func path(of id: SpecID) -> String? { paths[id] }

    /// The index of what is on disk now.
    mutating func scan() throws(SpecError) -> SpecIndex {
        var found: [String: Known] = [:]
        var changed = false
        for (folder, archived) in [(specsFolder, false), (archiveFolder, true)] {
            changed = try walk(folder, archived: archived, into: &found) || changed
        }
        changed = changed || found.count != known.count
        known = found
        guard changed || index.generation == 0 else { return index }
        rebuild()
        return index
    }

    /// All temporary files below `specs/` and `archive/`.
    func temporaryFiles() throws(SpecError) -> [String] {
        var paths: [String] = []
        var folders = [specsFolder, archiveFolder]
        while let folder = folders.popLast() {
            for entry in try list(folder) where entry.isReachable {
                let path = "\(folder)/\(entry.name)"
                if entry.kind == .folder { folders.append(path) }
                if entry.kind == .file, entry.name.hasSuffix(".md.tmp") { paths.append(path) }
            }
        }
        return paths.sorted()
    }

    /// Reads one file, whatever the last scan found.
    func read(_ path: String, archived: Bool) throws(FileError) -> (SpecDocument, Result<Spec, UnreadableFailure>) {
        let stamp = try files.stamp(path)
        let document = SpecDocument(bytes: try files.read(path))
        return (document, reading(of: document, at: path, archived: archived, stamp: stamp))
    }

    /// The path as the wire shows it: below the project's folder.
    func shown(_ path: String) -> String {
        let folder = chantFolder.lastIndex(of: "/").map { chantFolder[chantFolder.index(after: $0)...] } ?? ".chant"
        return String(folder + path.dropFirst(chantFolder.count))
    }

    func isArchived(_ path: String) -> Bool { path.hasPrefix(archiveFolder + "/") }
}

// MARK: - Walking

extension SpecScanner {
    private func list(_ folder: String) throws(SpecError) -> [DirectoryEntry] {
        do { return try files.list(folder) } catch {
            if error.isMissing { return [] }
            throw .file(error)
        }
    }

    /// Adds the files of `folder` and below to `found`, and tells whether one differs from the last scan.
    private func walk(_ folder: String, archived: Bool, into found: inout [String: Known]) throws(SpecError) -> Bool {
        var changed = false
        for entry in try list(folder) {
            let path = "\(folder)/\(entry.name)"
            if entry.kind == .folder {
                changed = try walk(path, archived: archived, into: &found) || changed
            } else if entry.name.hasSuffix(".md") {
                guard let stamp = entry.isReachable ? try? files.stamp(path) : FileStamp.unreachable else { continue }
                if let old = known[path], old.isSettled, old.stamp == stamp {
                    found[path] = old
                } else {
                    guard let new = look(at: path, entry: entry, archived: archived, stamp: stamp) else { continue }
                    changed = changed || known[path].map { !isSame($0.reading, new.reading) } ?? true
                    found[path] = new
                }
            }
        }
        return changed
    }

    private func isSame(_ old: Result<Spec, UnreadableFailure>, _ new: Result<Spec, UnreadableFailure>) -> Bool {
        switch (old, new) {
        case (.success(let old), .success(let new)): old.revision == new.revision && old.updatedAt == new.updatedAt
        case (.failure(let old), .failure(let new)): old == new
        default: false
        }
    }

    private func look(at path: String, entry: DirectoryEntry, archived: Bool, stamp: FileStamp) -> Known? {
        let isSettled = SpecScanner.now() - max(stamp.changed, stamp.modified) > 50_000_000
        guard entry.isReachable else {
            let failure = unreadable(path, "The file's name is no UTF-8, so it cannot be an id.")
            return Known(stamp: stamp, isSettled: isSettled, reading: .failure(failure))
        }
        do {
            let document = SpecDocument(bytes: try files.read(path))
            let reading = reading(of: document, at: path, archived: archived, stamp: stamp)
            return Known(stamp: stamp, isSettled: isSettled, reading: reading)
        } catch {
            if error.isMissing { return nil }
            let detail =
                error.isNotRegularFile
                ? "This is no regular file; a symlink is never followed." : "The file cannot be read: \(error.reason)."
            return Known(stamp: stamp, isSettled: false, reading: .failure(unreadable(path, detail)))
        }
    }

    private static func now() -> Int64 {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }
}

// MARK: - Reading

extension SpecScanner {
    private func name(of path: String) -> String {
        String(path.dropFirst((path.lastIndex(of: "/").map { path.distance(from: path.startIndex, to: $0) } ?? -1) + 1))
    }

    private func unreadable(
        _ path: String,
        _ detail: String,
        line: Int? = nil,
        revision: String = ""
    ) -> UnreadableFailure {
        let id = String(name(of: path).dropLast(".md".count))
        let file = UnreadableSpec(id: id, path: shown(path), revision: revision, detail: detail, line: line)
        return UnreadableFailure(file: file)
    }

    private func reading(
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
            let updated = Date(timeIntervalSince1970: Double(stamp.modified) / 1_000_000_000)
            return .success(
                try Spec(id: id, path: shown(path), document: document, archived: archived, updatedAt: updated)
            )
        } catch {
            return .failure(unreadable(path, error.detail, line: error.line, revision: document.revision))
        }
    }

    /// Makes the index: of two files with one id in `specs/`, the first by path is the spec, the other is listed as
    /// unreadable, so that nobody edits one and reads the other.
    private mutating func rebuild() {
        var specs: [Spec] = []
        var broken: [UnreadableSpec] = []
        paths = [:]
        let sorted = known.sorted { left, right in
            let order = (isArchived(left.key) ? 1 : 0, isArchived(right.key) ? 1 : 0)
            return order.0 != order.1 ? order.0 < order.1 : left.key.utf8.lexicographicallyPrecedes(right.key.utf8)
        }
        for (path, file) in sorted {
            switch file.reading {
            case .success(let spec):
                if let taken = paths[spec.id], isArchived(taken) == isArchived(path) {
                    let detail = "The id is taken by \(shown(taken))."
                    broken.append(unreadable(path, detail, revision: spec.revision).file)
                } else {
                    paths[spec.id] = paths[spec.id] ?? path
                    specs.append(spec)
                }
            case .failure(let failure):
                if let id = SpecID(failure.file.id), paths[id] == nil { paths[id] = path }
                broken.append(failure.file)
            }
        }
        index = SpecIndex(specs: specs, unreadable: broken, generation: index.generation + 1)
    }
}

extension FileStamp {
    /// Stands for a name that cannot be reached.
    fileprivate static let unreachable = FileStamp(inode: 0, size: 0, modified: 0, changed: 0, mode: 0)
}
