import Glibc

/// Knows the files of `specs/` and `archive/`, and reads again only what has changed since.
struct SpecScanner {
    let chantFolder: String
    let files: any FileSystem

    private var known: [ByteText: KnownFile] = [:]
    /// The paths of each name, active ones first, then by their bytes.
    private var paths: [ByteText: [String]] = [:]
    var index = SpecIndex.empty
    /// Whether all folders have been looked at once.
    private(set) var isComplete = false

    init(chantFolder: String, files: any FileSystem) {
        self.chantFolder = chantFolder
        self.files = files
    }

    var specsFolder: String { chantFolder + "/specs" }
    var archiveFolder: String { chantFolder + "/archive" }

    /// Where the spec was found last.
    func path(of id: SpecID) -> String? { paths[ByteText(id.text)]?.first }

    /// The paths of the files of one name, active ones first.
    func paths(named name: ByteText) -> [String] { paths[name] ?? [] }

    /// The file as it was read last.
    func row(at path: String) -> SpecRow? { known[ByteText(path)]?.row }

    /// The revision of the file as it was read last.
    func revision(of path: String) -> String? { known[ByteText(path)]?.row.revision }

    func isArchived(_ path: String) -> Bool { path.hasPrefix(archiveFolder + "/") }

    /// The path as the wire shows it: below the project's folder.
    func shown(_ path: String) -> String {
        let folder = chantFolder.lastIndex(of: "/").map { chantFolder[chantFolder.index(after: $0)...] } ?? ".chant"
        return String(folder + path.dropFirst(chantFolder.count))
    }

    /// Everything below both folders: what is there now, and nothing else.
    ///
    /// - Parameters:
    ///   - watch: watches each folder before it is listed, so that nothing gets lost in between.
    ///   - patience: looks later at what may be half written or replaced at this moment; else it is taken as it is.
    /// - Returns: what has changed since, by name, and what is to be looked at later.
    /// - Throws: `file` where a folder cannot be listed.
    mutating func scan(
        watch: inout SpecWatch?,
        patience: Patience = .none
    ) throws(SpecError) -> (changes: [SpecFileChange], later: [String]) {
        var walk = Walk(patience: isComplete ? patience : .none)
        watch?.begin()
        for folder in [specsFolder, archiveFolder] { try self.walk(folder, &walk, &watch) }
        watch?.end()
        for path in known.keys where !walk.found.contains(path) {
            if walk.patience == .some, isAlone(path, besides: walk) {
                walk.later.append(path.text)
            } else {
                forget(path, &walk.touched)
            }
        }
        isComplete = true
        return (commit(walk.touched), walk.later)
    }

    /// What is in these places now.
    ///
    /// Another file of the same name that has gone is forgotten at once: the file has moved.
    mutating func look(at places: some Sequence<String>) -> [SpecFileChange] {
        var touched: Set<ByteText> = []
        for path in places { look(at: path, &touched) }
        for name in touched {
            for path in paths[name] ?? [] where (try? files.stamp(path)) == nil { forget(ByteText(path), &touched) }
        }
        return commit(touched)
    }

    /// Whether the file is so young that somebody may be writing it.
    func isYoung(_ path: String) -> Bool {
        guard let stamp = try? files.stamp(path), stamp.isRegularFile else { return false }
        return SpecScanner.now() - stamp.modified < 20_000_000
    }

    /// Whether all folders above the file, up to the two, are folders: a link to one is no part of the project.
    func isBelowRealFolders(_ path: String) -> Bool {
        var folder = path[...]
        while let slash = folder.utf8.lastIndex(of: UInt8(ascii: "/")) {
            folder = folder[..<slash]
            if folder == specsFolder || folder == archiveFolder { return true }
            guard (try? files.stamp(String(folder)))?.isFolder ?? false else { return false }
        }
        return false
    }

    /// Reads one file, whatever is known of it.
    func read(_ path: String, archived: Bool) throws(FileError) -> (SpecDocument, Result<Spec, UnreadableFailure>) {
        let stamp = try files.stamp(path)
        let document = SpecDocument(bytes: try files.read(path))
        return (document, reading(of: document, at: path, archived: archived, stamp: stamp))
    }

    /// All temporary files below `specs/` and `archive/`.
    func temporaryFiles() throws(SpecError) -> [String] {
        var paths: [String] = []
        var folders = [specsFolder, archiveFolder]
        while let folder = folders.popLast() {
            let entries: [DirectoryEntry]
            do { entries = try list(folder) } catch {
                guard closed(folder, error) != nil else { throw error }
                continue
            }
            for entry in entries where entry.isReachable {
                let path = "\(folder)/\(entry.name)"
                if entry.kind == .folder { folders.append(path) }
                if entry.kind == .file, entry.name.hasSuffix(".md.tmp") { paths.append(path) }
            }
        }
        return paths.sorted()
    }
}

/// Whether a scan leaves alone what may be in the middle of a change.
enum Patience {
    case none
    case some
}

/// One file as it was read last.
struct KnownFile {
    let stamp: FileStamp
    /// Whether the stamp is old enough to tell the next write from this one.
    let isSettled: Bool
    let name: ByteText
    let row: SpecRow
}

// MARK: - Walking

extension SpecScanner {
    /// What one scan has found so far.
    private struct Walk {
        let patience: Patience
        var found: Set<ByteText> = []
        var touched: Set<ByteText> = []
        var later: [String] = []
    }

    private func list(_ folder: String) throws(SpecError) -> [DirectoryEntry] {
        do { return try files.list(folder) } catch {
            if error.isMissing { return [] }
            throw .file(error)
        }
    }

    private mutating func walk(
        _ folder: String,
        _ walk: inout Walk,
        _ watch: inout SpecWatch?
    ) throws(SpecError) {
        watch?.watch(folder)
        let entries: [DirectoryEntry]
        do { entries = try list(folder) } catch {
            guard let closed = closed(folder, error) else { throw error }
            walk.found.insert(ByteText(folder))
            return put(closed, at: ByteText(folder), &walk.touched)
        }
        for entry in entries {
            let path = "\(folder)/\(entry.name)"
            if entry.kind == .folder {
                try self.walk(path, &walk, &watch)
            } else if entry.name.hasSuffix(".md") {
                let place = ByteText(path)
                walk.found.insert(place)
                guard entry.isReachable else {
                    put(unreachable(path), at: place, &walk.touched)
                    continue
                }
                let stamp = try? files.stamp(path)
                if let old = known[place], old.isSettled, old.stamp == stamp { continue }
                if walk.patience == .some, known[place]?.stamp != stamp, stamp == nil || isYoung(path) {
                    walk.later.append(path)
                } else {
                    look(at: path, &walk.touched)
                }
            }
        }
    }

    /// Whether no other file of the same name was found, to which this one may have moved.
    private func isAlone(_ path: ByteText, besides walk: Walk) -> Bool {
        guard let name = known[path]?.name else { return true }
        return !(paths[name] ?? []).contains { ByteText($0) != path && walk.found.contains(ByteText($0)) }
    }

    private mutating func look(at path: String, _ touched: inout Set<ByteText>) {
        let place = ByteText(path)
        guard let stamp = try? files.stamp(path), !stamp.isFolder, isBelowRealFolders(path) else {
            return forget(place, &touched)
        }
        let isSettled = SpecScanner.now() - max(stamp.changed, stamp.modified) > 50_000_000
        if let old = known[place], old.isSettled, old.stamp == stamp { return }
        do {
            let document = SpecDocument(bytes: try files.read(path))
            let row: SpecRow
            switch reading(of: document, at: path, archived: isArchived(path), stamp: stamp) {
            case .success(let spec): row = SpecRow(spec)
            case .failure(let failure): row = SpecRow(failure.file)
            }
            put(KnownFile(stamp: stamp, isSettled: isSettled, name: ByteText(row.id), row: row), at: place, &touched)
        } catch {
            if error.isMissing { return forget(place, &touched) }
            let row = SpecRow(unreadable(path, SpecScanner.sentence(error)).file)
            put(KnownFile(stamp: stamp, isSettled: false, name: ByteText(row.id), row: row), at: place, &touched)
        }
    }

    private mutating func put(_ file: KnownFile, at place: ByteText, _ touched: inout Set<ByteText>) {
        let old = known.updateValue(file, forKey: place)
        if old == nil {
            let places = (paths[file.name] ?? []) + [place.text]
            paths[file.name] = places.sorted { precedes($0, $1) }
        }
        if old.map({ !$0.row.isSame(as: file.row) }) ?? true { touched.insert(file.name) }
    }

    private mutating func forget(_ place: ByteText, _ touched: inout Set<ByteText>) {
        guard let old = known.removeValue(forKey: place) else { return }
        paths[old.name]?.removeAll { ByteText($0) == place }
        if paths[old.name]?.isEmpty ?? false { paths[old.name] = nil }
        touched.insert(old.name)
    }

    private func precedes(_ left: String, _ right: String) -> Bool {
        let order = (isArchived(left), isArchived(right))
        return order.0 != order.1 ? !order.0 : left.utf8.lexicographicallyPrecedes(right.utf8)
    }

    private static func now() -> Int64 {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }
}
