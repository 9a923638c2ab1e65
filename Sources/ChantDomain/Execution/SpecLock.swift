import Glibc

/// The lock by which the original's program and we respect each other's work on a spec (R35).
///
/// `.chant/.locks/<id>.lock` holds a decimal process id: the service's own until the agent's supervisor lives, then
/// that one's. A lock of a process that is gone is stale and taken over.
struct SpecLock: Sendable {
    private let chantFolder: String
    private let path: String
    private let file: OpenLock

    /// Takes the lock of `spec` for this process.
    ///
    /// - Parameters:
    ///   - spec: the spec.
    ///   - chantFolder: the project's `.chant`.
    ///   - pid: who takes it.
    ///   - gone: who held it and is gone, so that whoever has that number now is somebody else.
    ///   - files: where it lies.
    /// - Throws: `Held` with the live owner; `FileError` when the folder cannot be written.
    init(
        taking spec: SpecID,
        chantFolder: String,
        as pid: Int32 = getpid(),
        after gone: Int32? = nil,
        files: any FileSystem = LocalFileSystem()
    ) throws {
        try files.makeFolder(chantFolder + "/.locks", mode: 0o755)
        let path = Self.path(of: spec, chantFolder: chantFolder)
        self.path = path
        self.chantFolder = chantFolder
        if Effect.isRefused("lock \(path)") { throw FileError(operation: "open", path: path, code: EIO) }
        file = try Self.alone(chantFolder) {
            for _ in 0..<3 {
                let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o644)
                if descriptor >= 0 {
                    Self.writePID(pid, to: descriptor)
                    return OpenLock(descriptor: descriptor)
                }
                guard errno == EEXIST else { throw FileError(operation: "open", path: path, code: errno) }
                if let owner = Self.owner(of: spec, chantFolder: chantFolder, files: files), owner != pid,
                    owner != gone
                {
                    throw Held(pid: owner)
                }
                unlink(path)
            }
            throw FileError(operation: "lock", path: path, code: EBUSY)
        }
    }

    /// Takes over the lock of a run that an earlier service started: it goes on naming the supervisor while that lives.
    ///
    /// - Throws: `Held` where another program has taken it meanwhile; `FileError`.
    init(adopting spec: SpecID, chantFolder: String, supervisor: ProcessIdentity) throws {
        let liveness = supervisor.liveness
        let own = liveness == .alive ? supervisor.pid : getpid()
        let gone = liveness == .gone ? supervisor.pid : nil
        self = try SpecLock(taking: spec, chantFolder: chantFolder, as: own, after: gone)
    }

    /// One at a time among our programs: between the look at a stale lock and its removal nobody else may take it over.
    ///
    /// The folder itself is locked (`flock`), so that nothing lies about that the original's program does not know.
    private static func alone<Result>(_ chantFolder: String, _ body: () throws -> Result) throws -> Result {
        let folder = chantFolder + "/.locks"
        let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw FileError(operation: "open", path: folder, code: errno) }
        defer {
            flock(descriptor, LOCK_UN)
            close(descriptor)
        }
        while flock(descriptor, LOCK_EX) != 0 {
            guard errno == EINTR else { throw FileError(operation: "lock", path: folder, code: errno) }
        }
        return try body()
    }

    /// Another live process holds the lock.
    struct Held: Error {
        let pid: Int32
    }

    /// The live process that holds a spec's lock, if there is one.
    ///
    /// The lock outlives a machine that was started anew, where its number may be another process's: one that began after
    /// the lock was written is not its owner (R27).
    static func owner(of spec: SpecID, chantFolder: String, files: any FileSystem = LocalFileSystem()) -> Int32? {
        let path = path(of: spec, chantFolder: chantFolder)
        var status = stat()
        // The time after the number: a lock that somebody takes over in between does not seem older than it is.
        guard let bytes = try? files.read(path), lstat(path, &status) == 0,
            let pid = Int32(
                String(decoding: bytes, as: UTF8.self).trimmingPrefix(while: \.isWhitespace).prefix { $0.isNumber }
            ),
            pid > 0, ProcessEntry.isWriterAlive(pid, at: status.st_mtim)
        else { return nil }
        return pid
    }

    /// Names the supervisor as the owner, so that the lock stays true while the service is away.
    func handOver(to pid: Int32) {
        let descriptor = Effect.isRefused("name \(pid) in \(path)") ? -1 : open(path, O_WRONLY | O_CLOEXEC | O_NOFOLLOW)
        guard descriptor >= 0 else { return }
        defer { close(descriptor) }
        // Never empty in between: that would read as a lock of nobody.
        ftruncate(descriptor, off_t(Self.writePID(pid, to: descriptor)))
    }

    /// Gives the lock up; one that somebody has taken over since is theirs.
    func release() {
        try? Self.alone(chantFolder) {
            guard file.isStill(path) else { return }
            LocalFileSystem().discardFile(path)
        }
    }

    /// Removes the lock that an earlier service or its supervisor held for `spec`.
    ///
    /// One that names this very process is of an earlier one, which had the same number in its container; one that names
    /// the supervisor, where that is gone, is nobody's.
    static func releaseStale(_ spec: SpecID, chantFolder: String, heldBy supervisor: ProcessIdentity? = nil) {
        let gone = supervisor?.liveness == .gone ? supervisor?.pid : nil
        remove(spec, chantFolder) { $0 == nil || $0 == getpid() || $0 == gone }
    }

    /// Removes the lock of a supervisor that is gone, and no other: not that of a run that begins at this moment.
    static func release(_ spec: SpecID, chantFolder: String, of supervisor: ProcessIdentity) {
        guard supervisor.liveness == .gone else { return }
        remove(spec, chantFolder) { $0 == supervisor.pid && $0 != getpid() }
    }

    /// Removes the lock of a run that was given up, whether its supervisor lives or not (R44); another program's stays.
    static func giveUp(_ spec: SpecID, chantFolder: String, supervisor: Int32?) {
        remove(spec, chantFolder) { $0 == nil || $0 == getpid() || $0 == supervisor }
    }

    private static func remove(_ spec: SpecID, _ chantFolder: String, whereOwner isStale: (Int32?) -> Bool) {
        try? alone(chantFolder) {
            guard isStale(owner(of: spec, chantFolder: chantFolder)) else { return }
            LocalFileSystem().discardFile(path(of: spec, chantFolder: chantFolder))
        }
    }

    /// A spec named `server` must not take the file of the service's own lock (R70).
    private static func path(of spec: SpecID, chantFolder: String) -> String {
        "\(chantFolder)/.locks/\(spec.text == "server" ? "%73erver" : spec.text).lock"
    }

    /// Returns how many bytes that were.
    @discardableResult
    private static func writePID(_ pid: Int32, to descriptor: Int32) -> Int {
        let bytes = Array("\(pid)\n".utf8)
        return max(0, bytes.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) })
    }
}

/// The lock's file as it was made, kept open: no other file can have its number meanwhile.
private final class OpenLock: Sendable {
    private let descriptor: Int32

    init(descriptor: Int32) { self.descriptor = descriptor }

    deinit { close(descriptor) }

    /// Whether the path still names it.
    func isStill(_ path: String) -> Bool {
        var ours = stat()
        var named = stat()
        return fstat(descriptor, &ours) == 0 && lstat(path, &named) == 0 && ours.st_ino == named.st_ino
            && ours.st_dev == named.st_dev
    }
}
