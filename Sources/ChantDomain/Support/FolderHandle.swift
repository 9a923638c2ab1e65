import Glibc

/// A folder that is open: what is done in it happens there, whatever becomes of its path, and no link is followed.
final class FolderHandle: Sendable {
    private let descriptor: Int32
    /// Its path, for messages.
    let path: String

    /// Opens a folder by its path, of which the links are followed.
    init(_ path: String) throws(FileError) {
        self.path = path
        descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw FileError(operation: "open", path: path, code: errno) }
    }

    private init(_ descriptor: Int32, _ path: String) {
        self.descriptor = descriptor
        self.path = path
    }

    deinit { close(descriptor) }

    /// What kind of thing has this name here: `S_IFREG`, `S_IFDIR`, `S_IFLNK`, …; `nil` where nothing has.
    func kind(of name: String) -> mode_t? {
        var status = stat()
        return fstatat(descriptor, name, &status, AT_SYMLINK_NOFOLLOW) == 0 ? status.st_mode & S_IFMT : nil
    }

    /// The names in it, sorted.
    func names() throws(FileError) -> [String] {
        let copy = openat(descriptor, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard copy >= 0, let stream = fdopendir(copy) else {
            let code = errno
            if copy >= 0 { close(copy) }
            throw FileError(operation: "list", path: path, code: code)
        }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) {
                String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names.sorted()
    }

    /// The folder of this name in it.
    func folder(_ name: String) throws(FileError) -> FolderHandle {
        let place = "\(path)/\(name)"
        let child = openat(descriptor, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
        guard child >= 0 else { throw FileError(operation: "open", path: place, code: errno) }
        return FolderHandle(child, place)
    }

    /// The folder of this name in it, made where there is none.
    func folderMadeIfMissing(_ name: String) throws(FileError) -> FolderHandle {
        if mkdirat(descriptor, name, 0o755) != 0, errno != EEXIST {
            throw FileError(operation: "make folder", path: "\(path)/\(name)", code: errno)
        }
        return try folder(name)
    }

    /// Opens the regular file of this name for reading.
    ///
    /// - Returns: the descriptor, which the caller closes, and the file's size and permissions.
    func openFile(_ name: String) throws(FileError) -> (descriptor: Int32, size: Int, mode: mode_t) {
        let file = openat(descriptor, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
        var status = stat()
        guard file >= 0, fstat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            let code = file < 0 ? errno : ENODEV
            if file >= 0 { close(file) }
            throw FileError(operation: "read", path: "\(path)/\(name)", code: code)
        }
        return (file, Int(status.st_size), status.st_mode & 0o777)
    }

    /// Makes a new file, never in the place of something else.
    ///
    /// - Returns: the descriptor, which the caller closes; `nil` where the name is taken.
    func makeFile(_ name: String, mode: mode_t) throws(FileError) -> Int32? {
        let file = openat(descriptor, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode)
        if file < 0, errno == EEXIST { return nil }
        guard file >= 0 else { throw FileError(operation: "make", path: "\(path)/\(name)", code: errno) }
        return file
    }
}
