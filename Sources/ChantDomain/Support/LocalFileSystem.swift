import CLinux
import Glibc

/// The real disk, through POSIX calls and two renames of the kernel's own.
struct LocalFileSystem: FileSystem {
    /// Off in tests only: behaves like a file system that cannot swap two names.
    var exchanges = true

    func read(_ path: String) throws(FileError) -> [UInt8] { try OpenedFile(path).bytes() }

    func stamp(_ path: String) throws(FileError) -> FileStamp {
        var status = stat()
        guard lstat(path, &status) == 0 else { throw FileError(operation: "look at", path: path, code: errno) }
        return FileStamp(
            inode: UInt64(status.st_ino),
            size: Int(status.st_size),
            modified: nanoseconds(status.st_mtim),
            changed: nanoseconds(status.st_ctim),
            mode: status.st_mode
        )
    }

    func list(_ folder: String) throws(FileError) -> [DirectoryEntry] {
        guard let stream = opendir(folder) else { throw FileError(operation: "list", path: folder, code: errno) }
        defer { closedir(stream) }
        var entries: [DirectoryEntry] = []
        while true {
            errno = 0
            guard let entry = readdir(stream) else {
                guard errno == 0 else { throw FileError(operation: "list", path: folder, code: errno) }
                return entries.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
            }
            let bytes = withUnsafeBytes(of: &entry.pointee.d_name) { Array($0.prefix { $0 != 0 }) }
            guard bytes != Array(".".utf8), bytes != Array("..".utf8) else { continue }
            let name = String(decoding: bytes, as: UTF8.self)
            let isReachable = Array(name.utf8) == bytes
            let kind = kind(of: entry.pointee.d_type, at: "\(folder)/\(name)")
            entries.append(DirectoryEntry(name: name, kind: kind, isReachable: isReachable))
        }
    }

    func makeFolder(_ path: String, mode: UInt32) throws(FileError) {
        guard !Effect.isRefused("make folder \(path)") else {
            throw FileError(operation: "make folder", path: path, code: EIO)
        }
        guard mkdir(path, mode) != 0 else { return }
        let code = errno
        if code == ENOENT, let slash = path.lastIndex(of: "/"), slash != path.startIndex {
            try makeFolder(String(path[..<slash]), mode: mode)
            guard mkdir(path, mode) != 0, errno != EEXIST else { return }
            throw FileError(operation: "make folder", path: path, code: errno)
        }
        // A link to a folder is as good as a folder here; opening one as a folder tells.
        let folder = code == EEXIST ? open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1
        guard folder >= 0 else {
            throw FileError(operation: "make folder", path: path, code: code)
        }
        close(folder)
    }

    func swap(_ path: String, _ other: String) throws(FileError) {
        guard exchanges else { throw FileError(operation: "swap", path: path, code: EINVAL) }
        if Effect.isRefused("swap \(path)") { throw FileError(operation: "swap", path: path, code: EIO) }
        guard clinux_rename(path, other, clinux_rename_exchange) == 0 else {
            throw FileError(operation: "swap", path: path, code: errno)
        }
    }

    func move(_ path: String, to other: String) throws(FileError) {
        if Effect.isRefused("rename \(other)") { throw FileError(operation: "rename", path: other, code: EIO) }
        if exchanges, clinux_rename(path, other, clinux_rename_noreplace) == 0 { return }
        guard !exchanges || errno == EINVAL || errno == ENOSYS else {
            throw FileError(operation: "rename", path: other, code: errno)
        }
        // No such rename here (NFS, for one): a hard link refuses a taken name as well.
        guard link(path, other) == 0 else { throw FileError(operation: "rename", path: other, code: errno) }
        try remove(path)
    }

    func remove(_ path: String) throws(FileError) {
        if Effect.isRefused("remove \(path)") { throw FileError(operation: "remove", path: path, code: EIO) }
        guard unlink(path) == 0 else { throw FileError(operation: "remove", path: path, code: errno) }
    }

    func append(_ bytes: [UInt8], to path: String) throws(FileError) {
        if Effect.isRefused("append \(path)") { throw FileError(operation: "append", path: path, code: EIO) }
        let file = open(path, O_WRONLY | O_APPEND | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw FileError(operation: "append", path: path, code: errno) }
        defer { close(file) }
        try write(bytes, to: file, path: path)
    }

    func write(_ bytes: [UInt8], to file: Int32, path: String) throws(FileError) {
        var done = 0
        while done < bytes.count {
            let count = bytes.withUnsafeBytes { Glibc.write(file, $0.baseAddress.map { $0 + done }, $0.count - done) }
            if count > 0 { done += count }
            if count < 0, errno != EINTR { throw FileError(operation: "write", path: path, code: errno) }
        }
    }

    private func nanoseconds(_ time: timespec) -> Int64 { Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec) }

    private func kind(of type: UInt8, at path: String) -> DirectoryEntry.Kind {
        switch Int(type) {
        case Int(DT_REG): return .file
        case Int(DT_DIR): return .folder
        case Int(DT_LNK): return .link
        case Int(DT_UNKNOWN):
            guard let stamp = try? stamp(path) else { return .other }
            if stamp.isFolder { return .folder }
            return stamp.isRegularFile ? .file : stamp.mode & S_IFMT == S_IFLNK ? .link : .other
        default: return .other
        }
    }
}
