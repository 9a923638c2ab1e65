import Glibc

/// Replacing a file without losing what another program saves meanwhile (R1).
extension LocalFileSystem {
    /// How long a save of another program, in place and under way, is waited for.
    private static let patience = 200

    /// Swap first, look afterwards at what came out, and swap back where it is not what was expected.
    ///
    /// Another program's save can come before the swap, or after it (then it wins):
    /// ```
    ///   their rename, then our swap        theirs comes out, and goes back
    ///   their open, our swap, their write  the file that came out has a writer: it goes back, with the writer
    ///   our swap, their open or rename     theirs is on top of ours
    ///   their open between swap and look   the digest, and once more when the folder is flushed, tells
    /// ```
    /// Where the file system cannot swap, the digest is compared and the file renamed: a file renamed to this place
    /// between those two steps is lost there.
    func exchange(_ bytes: [UInt8], at path: String, expecting expected: Digest) throws(ExchangeError) {
        let temporary = path + ".tmp"
        if let file = try? OpenedFile(path) { file.waitForWriters(milliseconds: LocalFileSystem.patience) }
        try stage(bytes, for: path, at: temporary)
        // Looked at before too: so what is known to be stale is never in place, not for a moment.
        guard let file = try? OpenedFile(path), !file.hasWriter, file.digest == expected else {
            discardFile(temporary)
            throw .changedMeanwhile
        }
        do {
            try swap(temporary, path)
        } catch {
            switch error.code {
            case EINVAL, ENOSYS, EOPNOTSUPP: return try renameOver(path, from: temporary, expecting: expected)
            case ENOENT:
                discardFile(temporary)
                throw .changedMeanwhile
            default:
                discardFile(temporary)
                throw .file(error)
            }
        }
        if try discard(temporary, of: path, holding: expected, inPlace: Digest(of: bytes)) { return }
        try swapBack(path, temporary, ours: Digest(of: bytes))
        throw .changedMeanwhile
    }

    /// Puts the newest foreign bytes back in place.
    ///
    /// What comes out of a swap has to be what was put in. If it is not, somebody wrote in between, and that write is
    /// the newest: it goes back with the next swap.
    private func swapBack(_ path: String, _ temporary: String, ours: Digest) throws(ExchangeError) {
        var inPlace = ours
        for _ in 0..<1_000 {
            let aside = (try? OpenedFile(temporary))?.digest
            do { try swap(temporary, path) } catch {
                // The path has gone meanwhile: nothing to swap with, so the foreign file takes its name again.
                guard error.isMissing else { throw .file(error) }
                if (try? move(temporary, to: path)) != nil { return }
                continue
            }
            if try discard(temporary, of: path, holding: inPlace, inPlace: aside) { return }
            if let aside { inPlace = aside }
        }
        throw .file(FileError(operation: "swap", path: path, code: EBUSY))
    }

    /// Removes the file that came out, if it holds what it should and nobody can still write into it.
    ///
    /// A program that had found the file's name before the swap, and opened it only after the look, writes into a
    /// removed file: its bytes are found there once the folder is flushed, and put in place.
    private func discard(
        _ temporary: String,
        of path: String,
        holding expected: Digest,
        inPlace: Digest?
    ) throws(ExchangeError) -> Bool {
        guard let file = try? OpenedFile(temporary), !file.hasWriter, file.digest == expected else { return false }
        discardFile(temporary)
        do { try flushFolder(of: path) } catch { throw .file(error) }
        file.waitForWriters(milliseconds: LocalFileSystem.patience)
        guard let late = file.digest, late != expected else { return true }
        try restore(file, to: path, over: inPlace)
        throw .changedMeanwhile
    }

    /// Puts what was saved into a removed file in place, over `ours`; a save that came later still stays.
    private func restore(_ file: borrowing OpenedFile, to path: String, over ours: Digest?) throws(ExchangeError) {
        let temporary = path + ".tmp"
        let bytes: [UInt8]
        do { bytes = try file.bytes() } catch { throw .file(error) }
        guard let ours, (try? OpenedFile(path))?.digest == ours else { return }
        try stage(bytes, for: path, at: temporary)
        try swapBack(path, temporary, ours: ours)
    }

    private func renameOver(
        _ path: String,
        from temporary: String,
        expecting expected: Digest
    ) throws(ExchangeError) {
        guard let file = try? OpenedFile(path), !file.hasWriter, file.digest == expected else {
            discardFile(temporary)
            throw .changedMeanwhile
        }
        try renameOver(path, from: temporary)
        file.waitForWriters(milliseconds: LocalFileSystem.patience)
        guard let late = file.digest, late != expected else { return }
        // Saved in place, into the file that was just replaced: it is the newest.
        let bytes: [UInt8]
        do { bytes = try file.bytes() } catch { throw .file(error) }
        try stage(bytes, for: path, at: temporary)
        try renameOver(path, from: temporary)
        throw .changedMeanwhile
    }

    private func renameOver(_ path: String, from temporary: String) throws(ExchangeError) {
        guard !Effect.isRefused("rename \(path)"), rename(temporary, path) == 0 else {
            let code = errno
            discardFile(temporary)
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
}
