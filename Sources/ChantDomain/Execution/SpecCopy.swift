import Glibc

/// The copy of a run's spec in its worktree.
///
/// A branch may hold a symlink where a folder should be: nothing is written or read through one, since it may lead
/// anywhere, into the user's checkout too.
struct SpecCopy: Sendable {
    private let worktree: String
    private let path: String
    private let files = LocalFileSystem()

    /// The copy at `path`, seen from the top folder of the worktree.
    init(worktree: Worktree, path: String) {
        self.worktree = worktree.path
        self.path = path
    }

    /// Something that is no folder of the worktree stands where the copy's folder should be.
    struct LeadsElsewhere: Error, CustomStringConvertible {
        let path: String
        var description: String { "\(path) is a link or no folder, and what it leads to is not the worktree's" }
    }

    /// Puts the copy there, with its folders.
    func write(_ bytes: [UInt8]) throws {
        var folder = worktree
        for name in folders {
            folder += "/\(name)"
            var status = stat()
            if lstat(folder, &status) != 0, errno == ENOENT { try files.makeFolder(folder, mode: 0o755) }
            guard isFolder(folder) else { throw LeadsElsewhere(path: folder) }
        }
        try files.replace(bytes, at: "\(worktree)/\(path)", mode: 0o644)
    }

    /// What stands there now; `nil` where the copy is gone, or where its folder is not the worktree's any more.
    ///
    /// - Throws: `FileError` where something else than a file is in its place.
    func read() throws(FileError) -> [UInt8]? {
        var folder = worktree
        for name in folders {
            folder += "/\(name)"
            guard isFolder(folder) else { return nil }
        }
        do {
            return try files.read("\(worktree)/\(path)")
        } catch {
            if error.isMissing { return nil }
            throw error
        }
    }

    private var folders: [Substring] { path.split(separator: "/").dropLast() }

    private func isFolder(_ path: String) -> Bool {
        var status = stat()
        return lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }
}
