import Glibc

/// Whole files: written beside their place, flushed, and put there by one rename.
extension LocalFileSystem {
    func create(_ bytes: [UInt8], at path: String, mode: UInt32) throws(FileError) {
        let temporary = path + ".tmp"
        try writeNew(bytes, at: temporary, mode: mode)
        do {
            try move(temporary, to: path)
        } catch {
            discardFile(temporary)
            throw error
        }
        try flushFolder(of: path)
    }

    func replace(_ bytes: [UInt8], at path: String, mode: UInt32) throws(FileError) {
        let temporary = path + ".tmp"
        discardFile(temporary)
        try writeNew(bytes, at: temporary, mode: mode)
        guard !Effect.isRefused("rename \(path)"), rename(temporary, path) == 0 else {
            let code = errno
            discardFile(temporary)
            throw FileError(operation: "rename", path: path, code: code)
        }
        try flushFolder(of: path)
    }

    func writeNew(
        _ bytes: [UInt8],
        at path: String,
        mode: UInt32,
        like model: stat? = nil
    ) throws(FileError) {
        if Effect.isRefused("write \(path)") { throw FileError(operation: "create", path: path, code: EIO) }
        let file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw FileError(operation: "create", path: path, code: errno) }
        defer { close(file) }
        do throws(FileError) {
            try write(bytes, to: file, path: path)
            if let model, model.st_uid != geteuid() || model.st_gid != getegid() {
                // Only root may give a file away; for others it stays theirs, as with any editor.
                _ = fchown(file, model.st_uid, model.st_gid)
            }
            guard fchmod(file, mode) == 0, fsync(file) == 0 else {
                throw FileError(operation: "write", path: path, code: errno)
            }
        } catch {
            discardFile(path)
            throw error
        }
    }

    /// Removes a file of the service's own, if it is there.
    func discardFile(_ path: String) {
        // Twice, since what stays would be in the way of whoever comes next.
        for _ in 0..<2 where !Effect.isRefused("remove \(path)") && (unlink(path) == 0 || errno == ENOENT) { return }
    }

    func flushFolder(of path: String) throws(FileError) {
        let folder = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
        let file = open(folder.isEmpty ? "/" : folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard file >= 0 else { throw FileError(operation: "flush", path: folder, code: errno) }
        defer { close(file) }
        // Some file systems cannot flush a folder and say EINVAL; there is nothing more to do on them.
        guard fsync(file) == 0 || errno == EINVAL else {
            throw FileError(operation: "flush", path: folder, code: errno)
        }
    }
}
