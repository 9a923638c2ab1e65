import Glibc

/// The seam to the disk.
///
/// `LocalFileSystem` is the real one. Paths are absolute.
protocol FileSystem: Sendable {
    /// All bytes of a regular file; a symlink is never followed.
    func read(_ path: String) throws(FileError) -> [UInt8]

    /// What `path` is now, without following a symlink.
    func stamp(_ path: String) throws(FileError) -> FileStamp

    /// What lies in `folder`, sorted by name, without `.` and `..`.
    func list(_ folder: String) throws(FileError) -> [DirectoryEntry]

    /// Makes `path` with its parents; nothing happens where it is a folder already.
    func makeFolder(_ path: String, mode: UInt32) throws(FileError)

    /// Makes a new file, whole or not at all; `EEXIST` where the name is taken.
    func create(_ bytes: [UInt8], at path: String, mode: UInt32) throws(FileError)

    /// Replaces a file whose bytes have the digest `expected`, and loses nothing where they do not (R1).
    func exchange(_ bytes: [UInt8], at path: String, expecting expected: Digest) throws(ExchangeError)

    /// Replaces or makes a file that belongs to the service alone, whatever it held.
    func replace(_ bytes: [UInt8], at path: String, mode: UInt32) throws(FileError)

    /// Swaps two files in one step.
    func swap(_ path: String, _ other: String) throws(FileError)

    /// Gives a file another name in the same folder; `EEXIST` where that is taken.
    func move(_ path: String, to other: String) throws(FileError)

    /// Removes a file.
    func remove(_ path: String) throws(FileError)

    /// Adds bytes at the end of a file, which is made (0600) where it is missing.
    func append(_ bytes: [UInt8], to path: String) throws(FileError)
}

extension FileSystem {
    /// The names in a folder, sorted; none where it does not exist.
    ///
    /// - Throws: whatever else keeps it from being listed.
    func names(in folder: String) throws(FileError) -> [String] {
        do {
            return try list(folder).map(\.name)
        } catch {
            if error.code == ENOENT { return [] }
            throw error
        }
    }
}

/// What the kernel said no to.
public struct FileError: Error, Sendable, Equatable, CustomStringConvertible {
    /// What was tried: `read`, `list`, `rename`, ….
    public let operation: String
    /// On which path.
    public let path: String
    /// The kernel's `errno`.
    public let code: Int32

    /// An error with its evidence.
    public init(operation: String, path: String, code: Int32) {
        self.operation = operation
        self.path = path
        self.code = code
    }

    /// Nothing of that name is there.
    public var isMissing: Bool { code == ENOENT || code == ENOTDIR }

    /// The name is taken.
    public var isTaken: Bool { code == FileError.taken }

    static let taken = EEXIST

    /// The service's user may not do this.
    public var isForbidden: Bool { code == EACCES || code == EPERM }

    /// A symlink, a folder, a pipe or a device lies where a regular file was expected.
    public var isNotRegularFile: Bool { operation == "read" && [ELOOP, EISDIR, ENXIO, ENODEV].contains(code) }

    /// The kernel's words for the code.
    public var reason: String { String(cString: strerror(code)) }

    /// A sentence for a log or a problem.
    public var description: String { "\(operation) \(path): \(reason)" }
}

/// Why an exchange did not happen; the file is as other programs left it.
enum ExchangeError: Error, Equatable {
    /// The file holds other bytes than expected, or has gone.
    case changedMeanwhile
    /// `<path>.tmp` lies in the way, and this process did not put it there.
    case temporaryInTheWay
    case file(FileError)
}

/// One name in a folder.
struct DirectoryEntry: Sendable, Equatable {
    enum Kind: Sendable {
        case file
        case folder
        case link
        case other
    }

    /// The name; bytes that are no UTF-8 are replaced, and `isReachable` is false then.
    let name: String
    let kind: Kind
    /// Whether the name, as text, leads to the file.
    let isReachable: Bool
}

/// What tells one version of a file from the next, without reading it.
struct FileStamp: Sendable, Hashable {
    let inode: UInt64
    let size: Int
    let modified: Int64
    let changed: Int64
    let mode: UInt32

    var isRegularFile: Bool { mode & S_IFMT == S_IFREG }
    var isFolder: Bool { mode & S_IFMT == S_IFDIR }
}
