import Glibc
import Synchronization

/// One service for a state folder and one for a project (R70): held for the service's whole life.
final class ServiceLocks: Sendable {
    private let project: HeldFile
    private let state: HeldFile

    /// Takes both locks.
    ///
    /// - Throws: `DomainStartError` of kind `heldByOther` with the other service's pid and address.
    init(chantFolder: String, stateFolder: String) throws(DomainStartError) {
        state = try HeldFile(path: stateFolder + "/server.lock", what: "The state folder \(stateFolder)")
        do throws(FileError) {
            try LocalFileSystem().makeFolder(chantFolder + "/.locks", mode: 0o755)
        } catch {
            state.release()
            throw DomainStartError(.projectUnusable, "\(chantFolder)/.locks cannot be made: \(error).")
        }
        do throws(DomainStartError) {
            project = try HeldFile(path: chantFolder + "/.locks/server.lock", what: "The project \(chantFolder)")
        } catch {
            state.release()
            throw error
        }
    }

    /// Writes pid, host and address into both files, for the one who comes second.
    func announce(address: String) {
        var name = [CChar](repeating: 0, count: 256)
        let host =
            gethostname(&name, name.count - 1) == 0
            ? String(decoding: name.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self) : "?"
        let text = "\(getpid()) \(host) \(address)\n"
        project.write(text)
        state.write(text)
    }

    /// Gives both up.
    func release() {
        project.release()
        state.release()
    }
}

/// A file under an exclusive `flock`, which the kernel drops when the process ends, however it ends.
private final class HeldFile: Sendable {
    private let descriptor: Mutex<Int32>

    init(path: String, what: String) throws(DomainStartError) {
        let file = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o644)
        guard file >= 0 else {
            throw DomainStartError(
                .configuration,
                "The lock \(path) cannot be opened: \(String(cString: strerror(errno)))."
            )
        }
        guard flock(file, LOCK_EX | LOCK_NB) == 0 else {
            var bytes = [UInt8](repeating: 0, count: 512)
            let count = max(0, pread(file, &bytes, bytes.count, 0))
            close(file)
            let owner = String(decoding: bytes.prefix(count), as: UTF8.self).split(whereSeparator: \.isWhitespace)
            let named = owner.count >= 3 ? "process \(owner[0]) on \(owner[1]), at \(owner[2])" : "another process"
            throw DomainStartError(.heldByOther, "\(what) is held by another service: \(named).")
        }
        descriptor = Mutex(file)
        write("\(getpid()) - starting\n")
    }

    func write(_ text: String) {
        descriptor.withLock { file in
            guard file >= 0, ftruncate(file, 0) == 0 else { return }
            let bytes = Array(text.utf8)
            _ = pwrite(file, bytes, bytes.count, 0)
        }
    }

    func release() {
        descriptor.withLock { file in
            guard file >= 0 else { return }
            // A program that is being started has a copy until its exec, which would keep the lock.
            flock(file, LOCK_UN)
            close(file)
            file = -1
        }
    }
}
