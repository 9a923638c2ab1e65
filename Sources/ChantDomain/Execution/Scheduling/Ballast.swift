import Glibc
import Synchronization

/// A file that holds nothing but room: given up when the disk is full, so that what runs can still be settled (R72).
final class Ballast: Sendable {
    let path: String
    private let size: Int
    private let taken = Mutex(false)

    /// A ballast of `size` bytes, 0 meaning none; it is not there before `take`.
    init(path: String, size: Int) {
        self.path = path
        self.size = size
    }

    /// Whether the room is taken, or none is wanted.
    var isTaken: Bool { size == 0 || taken.withLock { $0 } }

    /// Takes the room, if it is not taken: real blocks, not a hole.
    func take() throws(FileError) {
        try taken.withLock { taken throws(FileError) in
            guard !taken, size > 0 else { return }
            let file = open(path, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
            guard file >= 0 else { throw FileError(operation: "open", path: path, code: errno) }
            let code = posix_fallocate(file, 0, off_t(size))
            close(file)
            guard code == 0 else {
                unlink(path)
                throw FileError(operation: "allocate", path: path, code: code)
            }
            taken = true
        }
    }

    /// Gives the room up.
    ///
    /// - Returns: whether there was any.
    @discardableResult
    func release() -> Bool {
        taken.withLock { taken in
            taken = false
            return unlink(path) == 0
        }
    }
}
