import Foundation

/// The few file calls of this room, each with its path and error number.
enum GitFiles {
    /// Makes a folder with its parents.
    static func makeFolder(_ path: String, mode: UInt32 = 0o755) throws(GitError) {
        if Effect.isRefused("make folder \(path)") {
            throw .system(operation: "making the folder", path: path, code: EIO)
        }
        if mkdir(path, mode) == 0 || errno == EEXIST { return }
        guard errno == ENOENT, let slash = path.lastIndex(of: "/"), slash != path.startIndex else {
            throw .system(operation: "making the folder", path: path, code: errno)
        }
        try makeFolder(String(path[..<slash]), mode: mode)
        guard mkdir(path, mode) == 0 || errno == EEXIST else {
            throw .system(operation: "making the folder", path: path, code: errno)
        }
    }

    /// Moves `path` into the folder `trash`, under a name that is free there; nothing there is no error.
    ///
    /// - Returns: where it lies now.
    @discardableResult
    static func moveToTrash(_ path: String, trash: String) throws(GitError) -> String? {
        guard kind(of: path) != nil else { return nil }
        try makeFolder(trash, mode: 0o700)
        if Effect.isRefused("move \(path)") {
            throw .system(operation: "moving to the trash", path: path, code: EIO)
        }
        let name = path.split(separator: "/").last.map(String.init) ?? "nameless"
        for _ in 0..<20 {
            let place = "\(trash)/\(name)-\(String(UInt32.random(in: 0 ... .max), radix: 36))"
            guard kind(of: place) == nil else { continue }
            if rename(path, place) == 0 { return place }
            if errno == ENOENT { return nil }
            throw .system(operation: "moving to the trash", path: path, code: errno)
        }
        throw .system(operation: "moving to the trash", path: path, code: EEXIST)
    }

    /// Whether there is something at `path`, and what: `S_IFDIR`, `S_IFREG`, …; links are not followed.
    static func kind(of path: String) -> mode_t? {
        var status = stat()
        return lstat(path, &status) == 0 ? status.st_mode & S_IFMT : nil
    }

    /// The names in a folder; none if there is no such folder.
    static func names(in folder: String) -> [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted()
    }

    /// A small file's text without the line break at its end.
    static func text(of path: String) -> String? {
        guard let data = FileManager.default.contents(atPath: path) else { return nil }
        let text = String(decoding: data, as: UTF8.self)
        return text.hasSuffix("\n") ? String(text.dropLast()) : text
    }

    /// The path without links, or the path itself where it does not exist.
    static func realPath(_ path: String) -> String {
        guard let resolved = realpath(path, nil) else { return path }
        defer { free(resolved) }
        return String(cString: resolved)
    }

    /// Calls `body` with a fresh private folder, which is gone afterwards.
    static func withTemporaryFolder<R>(
        _ body: (String) async throws(GitError) -> R
    ) async throws(GitError) -> R {
        var template = Array("\(NSTemporaryDirectory())/chant-git-XXXXXX".utf8CString)
        guard let made = mkdtemp(&template) else {
            throw .system(operation: "making a folder in", path: NSTemporaryDirectory(), code: errno)
        }
        let folder = String(cString: made)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        return try await body(folder)
    }

    /// Writes a file that only the service's user can read.
    static func write(_ bytes: [UInt8], to path: String) throws(GitError) {
        guard !Effect.isRefused("write \(path)"),
            FileManager.default.createFile(atPath: path, contents: Data(bytes), attributes: [.posixPermissions: 0o600])
        else { throw .system(operation: "writing", path: path, code: errno) }
    }
}

extension GitError {
    static func words(of code: Int32) -> String { String(cString: strerror(code)) }
}
