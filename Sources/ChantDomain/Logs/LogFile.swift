import Foundation
import Glibc

/// Reads and appends to one log; opened anew for each call, so that nobody holds a descriptor while waiting.
struct LogFile: Sendable {
    let path: String

    /// Its size.
    func size() throws(LogError) -> Int {
        var status = stat()
        guard stat(path, &status) == 0 else { throw failure() }
        return Int(status.st_size)
    }

    /// The bytes from `offset`, at most `limit`; fewer only at the end of the file.
    func read(from offset: Int, limit: Int) throws(LogError) -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        guard descriptor >= 0 else { throw failure() }
        defer { close(descriptor) }
        var problem: Int32 = 0
        let bytes = [UInt8](unsafeUninitializedCapacity: max(0, limit)) { buffer, count in
            count = 0
            while count < buffer.count, let base = buffer.baseAddress {
                let got = pread(descriptor, base + count, buffer.count - count, off_t(offset + count))
                if got > 0 {
                    count += got
                } else if got == 0 {
                    break
                } else if errno != EINTR {
                    problem = errno
                    break
                }
            }
        }
        guard problem == 0 else { throw .unreadable(path: path, code: problem) }
        return bytes
    }

    /// When it was last written; `nil` where there is none.
    var changedAt: Date? {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        let seconds = Double(status.st_mtim.tv_sec) + Double(status.st_mtim.tv_nsec) / 1_000_000_000
        return Date(timeIntervalSince1970: seconds)
    }

    /// Makes a folder whose parent is there; nothing happens where it is one already.
    static func makeFolder(_ path: String) throws(LogError) {
        guard mkdir(path, 0o755) != 0, errno != EEXIST else { return }
        throw .unreadable(path: path, code: errno)
    }

    /// Adds bytes at the end; makes the file if it is missing.
    func append(_ bytes: ArraySlice<UInt8>, mode: UInt32) throws(LogError) {
        try write(bytes, flags: O_APPEND, mode: mode)
    }

    /// Puts bytes in the place of all that was there.
    func overwrite(_ bytes: ArraySlice<UInt8>, mode: UInt32) throws(LogError) {
        try write(bytes, flags: O_TRUNC, mode: mode)
    }

    /// Puts bytes at an offset, in the place of what may be there; makes the file if it is missing.
    func write(_ bytes: ArraySlice<UInt8>, at offset: Int, mode: UInt32) throws(LogError) {
        guard !bytes.isEmpty else { return }
        try write(bytes, flags: 0, mode: mode, at: offset)
    }

    private func write(
        _ bytes: ArraySlice<UInt8>,
        flags: Int32,
        mode: UInt32,
        at offset: Int = 0
    ) throws(LogError) {
        if Effect.isRefused("write \(path)") { throw .unreadable(path: path, code: EIO) }
        let descriptor = open(path, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW | flags, mode)
        guard descriptor >= 0 else { throw failure() }
        defer { close(descriptor) }
        guard offset == 0 || lseek(descriptor, off_t(offset), SEEK_SET) >= 0 else { throw failure() }
        let problem = bytes.withUnsafeBytes { buffer -> Int32 in
            var done = 0
            while done < buffer.count, let base = buffer.baseAddress {
                let written = Glibc.write(descriptor, base + done, buffer.count - done)
                if written > 0 {
                    done += written
                } else if written < 0, errno != EINTR {
                    return errno
                }
            }
            return 0
        }
        guard problem == 0 else { throw .unreadable(path: path, code: problem) }
    }

    private func failure() -> LogError {
        errno == ENOENT || errno == ENOTDIR ? .gone(path: path) : .unreadable(path: path, code: errno)
    }
}

/// Why a log could not be read or written.
public enum LogError: Error, Sendable, Equatable {
    /// There is no such file; it was removed, or never written.
    case gone(path: String)
    /// The kernel said no.
    case unreadable(path: String, code: Int32)
}

extension LogError: CustomStringConvertible {
    /// The error in a sentence.
    public var description: String {
        switch self {
        case .gone(let path): "The log \(path) is not there."
        case .unreadable(let path, let code): "The log \(path) cannot be used: \(String(cString: strerror(code)))."
        }
    }
}
