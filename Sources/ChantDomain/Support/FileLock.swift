import Glibc

/// The same exclusive section across processes: `flock` on a file that says who holds it.
///
/// The kernel drops the lock when its holder dies, so a stale lock cannot exist.
struct FileLock: Sendable {
    /// Why the lock was not got.
    enum Failure: Error, Sendable, Equatable {
        /// The file cannot be opened or locked; `code` is the system's error number.
        case unusable(path: String, code: Int32)
        /// Somebody else held it all the time; `holder` is what they wrote into the file.
        case held(path: String, holder: String)
        /// The waiting task was cancelled.
        case cancelled
    }

    /// Proof that the lock is held.
    struct Held: Sendable {
        fileprivate let descriptor: Int32

        /// Lets the next one in.
        func release() {
            ftruncate(descriptor, 0)
            // A program that is being started has a copy until its exec, which would keep the lock.
            flock(descriptor, LOCK_UN)
            close(descriptor)
        }
    }

    /// The lock's file; its folder exists.
    let path: String

    /// Waits for the lock.
    ///
    /// - Parameters:
    ///   - name: written into the file, after the process id.
    ///   - limit: how long to wait.
    /// - Returns: the lock, to be released.
    /// - Throws: `Failure`.
    func acquire(as name: String, within limit: Duration) async throws(Failure) -> Held {
        let end = Surroundings.moment + limit
        var pause = Duration.milliseconds(2)
        while true {
            if let held = try attempt() {
                let line = Array("\(getpid()) \(name)\n".utf8)
                ftruncate(held.descriptor, 0)
                pwrite(held.descriptor, line, line.count, 0)
                return held
            }
            guard Surroundings.moment < end else { throw .held(path: path, holder: holder) }
            do { try await Surroundings.sleep(for: pause) } catch { throw .cancelled }
            pause = min(pause * 2, .milliseconds(50))
        }
    }

    private func attempt() throws(Failure) -> Held? {
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o644)
        guard descriptor >= 0 else { throw .unusable(path: path, code: errno) }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            let code = errno
            close(descriptor)
            if code == EWOULDBLOCK || code == EINTR { return nil }
            throw .unusable(path: path, code: code)
        }
        // Somebody may have removed the file between `open` and `flock`: then this lock excludes nobody.
        var ours = stat()
        var named = stat()
        guard fstat(descriptor, &ours) == 0, stat(path, &named) == 0, ours.st_ino == named.st_ino,
            ours.st_dev == named.st_dev
        else {
            close(descriptor)
            return nil
        }
        return Held(descriptor: descriptor)
    }

    private var holder: String {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        guard descriptor >= 0 else { return "" }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: 200)
        let count = read(descriptor, &bytes, bytes.count)
        return String(decoding: bytes.prefix(max(0, count)).prefix { $0 != 0x0A }, as: UTF8.self)
    }
}
