import CLinux
import Glibc

/// A regular file, open for reading: it stays this file whatever becomes of its name.
struct OpenedFile: ~Copyable {
    let path: String
    private let descriptor: Int32
    /// How many bytes it had when it was opened.
    let size: Int

    /// Opens a regular file; a symlink is never followed, and a pipe does not block.
    init(_ path: String) throws(FileError) {
        let file = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK)
        guard file >= 0 else { throw FileError(operation: "read", path: path, code: errno) }
        var status = stat()
        let found = fstat(file, &status)
        let code = found == 0 ? (status.st_mode & S_IFMT == S_IFDIR ? EISDIR : ENODEV) : errno
        guard found == 0, status.st_mode & S_IFMT == S_IFREG else {
            close(file)
            throw FileError(operation: "read", path: path, code: code)
        }
        self.path = path
        descriptor = file
        size = Int(status.st_size)
    }

    deinit { close(descriptor) }

    /// All bytes that the file holds now, or the first ones.
    func bytes(atMost limit: Int = .max) throws(FileError) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(min(size + 1, limit))
        var chunk = [UInt8](repeating: 0, count: 65_536)
        while bytes.count < limit {
            let count = pread(descriptor, &chunk, min(chunk.count, limit - bytes.count), off_t(bytes.count))
            if count > 0 { bytes.append(contentsOf: chunk[..<count]) }
            if count == 0 { return bytes }
            if count < 0, errno != EINTR { throw FileError(operation: "read", path: path, code: errno) }
        }
        return bytes
    }

    /// The digest of what it holds now; `nil` where it cannot be read.
    var digest: Digest? { (try? bytes()).map { Digest(of: $0) } }

    /// Whether a program has it open for writing; where the kernel does not tell, nobody.
    var hasWriter: Bool { clinux_has_writer(descriptor) == 1 }

    /// Waits, at most so many milliseconds, until no program has it open for writing.
    func waitForWriters(milliseconds: Int) {
        for _ in 0..<milliseconds where hasWriter { usleep(1_000) }
    }
}
