import Glibc

/// Replacing a file without losing what another program saves meanwhile (R1).
extension LocalFileSystem {
    /// How long a save of another program, in place and under way, is waited for.
    private static let patience = 200

    /// What a swap puts in place, and so expects to come out with the next one.
    private struct Placed {
        var digest: Digest?
        /// Somebody had it open for writing before it was put in place: that is no sign of a save that came after.
        var hadWriter = false
    }

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
        let ours = try stage(bytes, for: path, at: temporary)
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
        if try discard(temporary, of: path, holding: Placed(digest: expected), inPlace: ours.digest) { return }
        try swapBack(path, temporary, ours: ours)
        throw .changedMeanwhile
    }

    /// Puts the newest foreign bytes back in place.
    ///
    /// What comes out of a swap has to be what was put in. If it is not, somebody wrote in between, and that write is
    /// the newest: it goes back with the next swap.
    private func swapBack(_ path: String, _ temporary: String, ours: Placed) throws(ExchangeError) {
        var inPlace = ours
        for _ in 0..<1_000 {
            let aside = placed(temporary)
            do { try swap(temporary, path) } catch {
                // The path has gone meanwhile: nothing to swap with, so the foreign file takes its name again.
                guard error.isMissing else { throw .file(error) }
                if (try? move(temporary, to: path)) != nil { return }
                continue
            }
            if try discard(temporary, of: path, holding: inPlace, inPlace: aside.digest) { return }
            if aside.digest != nil { inPlace = aside }
        }
        throw .file(FileError(operation: "swap", path: path, code: EBUSY))
    }

    private func placed(_ path: String) -> Placed {
        guard let file = try? OpenedFile(path) else { return Placed() }
        // The writer first: what it writes before the digest is in that.
        let hadWriter = file.hasWriter
        return Placed(digest: file.digest, hadWriter: hadWriter)
    }

    /// Removes the file that came out, if it holds what it should and nobody can still write into it.
    ///
    /// A program that had found the file's name before the swap, and opened it only after the look, writes into a
    /// removed file: its bytes are found there once the folder is flushed, and put in place.
    private func discard(
        _ temporary: String,
        of path: String,
        holding expected: Placed,
        inPlace: Digest?
    ) throws(ExchangeError) -> Bool {
        guard let file = try? OpenedFile(temporary), expected.hadWriter || !file.hasWriter,
            file.digest == expected.digest
        else { return false }
        discardFile(temporary)
        do { try flushFolder(of: path) } catch { throw .file(error) }
        // Who had opened it before the newer file took its place has lost to that, as without us.
        if expected.hadWriter { return true }
        file.waitForWriters(milliseconds: LocalFileSystem.patience)
        guard let late = file.digest, late != expected.digest else { return true }
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
        try swapBack(path, temporary, ours: Placed(digest: ours))
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
    ///
    /// A program that is being started has copies of all open files until it has become that program, so of this one too.
    /// They are waited for: in place, the file's only writers are then those who save.
    @discardableResult
    private func stage(_ bytes: [UInt8], for path: String, at temporary: String) throws(ExchangeError) -> Placed {
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
        guard let staged = try? OpenedFile(temporary) else { return Placed(digest: Digest(of: bytes)) }
        staged.waitForWriters(milliseconds: LocalFileSystem.patience)
        return Placed(digest: Digest(of: bytes), hadWriter: staged.hasWriter)
    }
}
