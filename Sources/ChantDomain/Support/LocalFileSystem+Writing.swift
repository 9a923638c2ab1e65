import CLinux
import Glibc

/// Whole files: written beside their place, flushed, and put there by one rename.
extension LocalFileSystem {
    func create(_ bytes: [UInt8], at path: String, mode: UInt32) throws(FileError) {
        let temporary = path + ".tmp"
        try writeNew(bytes, at: temporary, mode: mode)
        do {
            try move(temporary, to: path)
        } catch {
            unlink(temporary)
            throw error
        }
        try flushFolder(of: path)
    }

    func replace(_ bytes: [UInt8], at path: String, mode: UInt32) throws(FileError) {
        let temporary = path + ".tmp"
        unlink(temporary)
        try writeNew(bytes, at: temporary, mode: mode)
        guard rename(temporary, path) == 0 else {
            let code = errno
            unlink(temporary)
            throw FileError(operation: "rename", path: path, code: code)
        }
        try flushFolder(of: path)
    }

    /// R1: swap first, look afterwards at what came out, and swap back where it is not what was expected.
    ///
    /// Another program's write can so come before the swap (it comes out and goes back) or after it (it wins), and is
    /// never lost, but for bytes that go into the old file, in place, after it was looked at. Where the file system
    /// cannot swap, the digest is compared and the file renamed: a write between those two steps is lost there.
    func exchange(_ bytes: [UInt8], at path: String, expecting expected: Digest) throws(ExchangeError) {
        let temporary = path + ".tmp"
        try stage(bytes, for: path, at: temporary)
        do {
            try swap(temporary, path)
        } catch {
            switch error.code {
            case EINVAL, ENOSYS, EOPNOTSUPP: return try renameOver(path, from: temporary, expecting: expected)
            case ENOENT:
                unlink(temporary)
                throw .changedMeanwhile
            default:
                unlink(temporary)
                throw .file(error)
            }
        }
        guard let found = try? read(temporary), Digest(of: found) == expected else {
            try swapBack(path, temporary, ours: Digest(of: bytes))
            throw .changedMeanwhile
        }
        unlink(temporary)
        do { try flushFolder(of: path) } catch { throw .file(error) }
    }

    /// Puts the newest foreign bytes back in place.
    ///
    /// What comes out of a swap has to be what was put in. If it is not, somebody wrote in between, and that write is
    /// the newest: it goes back with the next swap.
    private func swapBack(_ path: String, _ temporary: String, ours: Digest) throws(ExchangeError) {
        var inPlace: Digest? = ours
        for _ in 0..<1_000 {
            let aside = digest(of: temporary)
            do { try swap(temporary, path) } catch {
                // The path has gone meanwhile: nothing to swap with, so the foreign file takes its name again.
                guard error.isMissing else { throw .file(error) }
                if (try? move(temporary, to: path)) != nil { return }
                continue
            }
            guard digest(of: temporary) != inPlace else {
                unlink(temporary)
                return
            }
            inPlace = aside
        }
        throw .file(FileError(operation: "swap", path: path, code: EBUSY))
    }

    private func digest(of path: String) -> Digest? { (try? read(path)).map { Digest(of: $0) } }

    private func renameOver(
        _ path: String,
        from temporary: String,
        expecting expected: Digest
    ) throws(ExchangeError) {
        guard digest(of: path) == expected else {
            unlink(temporary)
            throw .changedMeanwhile
        }
        guard rename(temporary, path) == 0 else {
            let code = errno
            unlink(temporary)
            throw .file(FileError(operation: "rename", path: path, code: code))
        }
        do { try flushFolder(of: path) } catch { throw .file(error) }
    }

    /// Writes the temporary file with the mode, and as far as allowed the owner, of the file that it will replace.
    private func stage(_ bytes: [UInt8], for path: String, at temporary: String) throws(ExchangeError) {
        var status = stat()
        guard lstat(path, &status) == 0 else {
            if errno == ENOENT { throw .changedMeanwhile }
            throw .file(FileError(operation: "look at", path: path, code: errno))
        }
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw .file(FileError(operation: "read", path: path, code: ELOOP))
        }
        do {
            try writeNew(bytes, at: temporary, mode: status.st_mode & 0o7777, like: status)
        } catch {
            if error.isTaken { throw .temporaryInTheWay }
            throw .file(error)
        }
    }

    private func writeNew(
        _ bytes: [UInt8],
        at path: String,
        mode: UInt32,
        like model: stat? = nil
    ) throws(FileError) {
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
            unlink(path)
            throw error
        }
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
