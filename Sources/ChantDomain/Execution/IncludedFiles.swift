import Glibc

/// Why the files of `server.worktree.include` cannot be copied.
struct IncludeFault: Error, Sendable, Equatable {
    /// A sentence that says what is wrong and what to do.
    let sentence: String
    /// The paths that it is about.
    var paths: [String] = []

    init(_ sentence: String, _ paths: [String] = []) {
        self.sentence = sentence
        self.paths = paths
    }

    init(_ error: FileError) { self.init("\(error).", [error.path]) }
}

/// The files of the checkout that `server.worktree.include` names.
///
/// No link is followed, neither to a file nor through a folder: what is copied lies in the checkout itself.
struct IncludedFiles: Sendable {
    /// Their paths, seen from the project's folder.
    private(set) var paths: Set<String> = []
    /// What was named and is not copied, a sentence each.
    private(set) var notes: [String] = []
    private var bytes = 0
    private let limits: (files: Int, bytes: Int)

    /// More is not copied, since it is copied for each run.
    static let usualLimits = (files: 10_000, bytes: 1 << 30)

    /// Looks for them.
    ///
    /// - Parameters:
    ///   - patterns: what is looked for.
    ///   - folder: the project's folder in the checkout.
    ///   - limits: how much there may be.
    /// - Throws: `IncludeFault` where a pattern names a link or a device by its name, or there is too much.
    init(
        _ patterns: [IncludePattern],
        in folder: String,
        limits: (files: Int, bytes: Int) = IncludedFiles.usualLimits
    ) throws(IncludeFault) {
        self.limits = limits
        let top: FolderHandle
        do throws(FileError) { top = try FolderHandle(folder) } catch { throw IncludeFault(error) }
        for pattern in patterns { try look(for: pattern.parts[...], of: pattern, in: top, below: "") }
    }

    private mutating func look(
        for parts: ArraySlice<String>,
        of pattern: IncludePattern,
        in folder: FolderHandle,
        below prefix: String
    ) throws(IncludeFault) {
        guard let part = parts.first else { return try takeAll(of: folder, below: prefix) }
        let isNamed = !IncludePattern.isGlob(part)
        let found = isNamed ? [part] : try names(in: folder).filter { fnmatch(part, $0, FNM_PERIOD) == 0 }
        for name in found where !isLeftOut(name, below: prefix) {
            let path = prefix + name
            switch folder.kind(of: name) {
            case S_IFDIR?:
                let child = try self.folder(name, in: folder)
                try look(for: parts.dropFirst(), of: pattern, in: child, below: path + "/")
            case S_IFREG? where parts.count == 1: try take(path, name, of: folder)
            case S_IFREG?, nil: if isNamed { notes.append("\(pattern) is not copied: \(path) is not there.") }
            case let kind: try leave(path, isLink: kind == S_IFLNK, isNamed: isNamed)
            }
        }
    }

    /// A whole folder.
    private mutating func takeAll(of folder: FolderHandle, below prefix: String) throws(IncludeFault) {
        for name in try names(in: folder) where !isLeftOut(name, below: prefix) {
            let path = prefix + name
            switch folder.kind(of: name) {
            case S_IFDIR?: try takeAll(of: try self.folder(name, in: folder), below: path + "/")
            case S_IFREG?: try take(path, name, of: folder)
            case nil: break
            case let kind: try leave(path, isLink: kind == S_IFLNK, isNamed: false)
            }
        }
    }

    private mutating func take(_ path: String, _ name: String, of folder: FolderHandle) throws(IncludeFault) {
        guard paths.insert(path).inserted else { return }
        do throws(FileError) {
            let file = try folder.openFile(name)
            close(file.descriptor)
            bytes += file.size
        } catch {
            throw IncludeFault(error)
        }
        guard paths.count <= limits.files, bytes <= limits.bytes else {
            throw IncludeFault(
                "server.worktree.include names more than \(limits.files) files or \(limits.bytes >> 20) MiB. "
                    + "Let server.worktree.setup fetch what is so large.",
                [path]
            )
        }
    }

    private mutating func leave(_ path: String, isLink: Bool, isNamed: Bool) throws(IncludeFault) {
        let what = isLink ? "a link" : "neither a file nor a folder"
        guard isNamed else { return notes.append("\(path) is not copied: it is \(what).") }
        throw IncludeFault(
            "server.worktree.include names \(path), which is \(what) and is not copied. Put a file in its place, or make "
                + "it in server.worktree.setup.",
            [path]
        )
    }

    private func isLeftOut(_ name: String, below prefix: String) -> Bool {
        IncludePattern.isGit(name) || prefix.isEmpty && name == ".chant"
    }

    private func names(in folder: FolderHandle) throws(IncludeFault) -> [String] {
        do throws(FileError) { return try folder.names() } catch { throw IncludeFault(error) }
    }

    private func folder(_ name: String, in folder: FolderHandle) throws(IncludeFault) -> FolderHandle {
        do throws(FileError) { return try folder.folder(name) } catch { throw IncludeFault(error) }
    }
}

extension IncludedFiles {
    /// Copies one file to the same place below another folder, with its permissions.
    ///
    /// - Returns: whether it was copied; `false` where something has its place already.
    static func copy(_ path: String, from source: String, to target: String) throws(FileError) -> Bool {
        let parts = path.split(separator: "/").map(String.init)
        guard let name = parts.last else { return false }
        var from = try FolderHandle(source)
        var to = try FolderHandle(target)
        for part in parts.dropLast() {
            from = try from.folder(part)
            to = try to.folderMadeIfMissing(part)
        }
        let file = try from.openFile(name)
        defer { close(file.descriptor) }
        guard let copy = try to.makeFile(name, mode: file.mode) else { return false }
        defer { close(copy) }
        var chunk = [UInt8](repeating: 0, count: 256 << 10)
        while true {
            let count = read(file.descriptor, &chunk, chunk.count)
            if count == 0 { return true }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw FileError(operation: "read", path: "\(source)/\(path)", code: errno) }
            try LocalFileSystem().write(Array(chunk[..<count]), to: copy, path: "\(target)/\(path)")
        }
    }
}
