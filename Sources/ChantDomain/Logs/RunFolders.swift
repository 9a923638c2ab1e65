import Foundation
import Glibc

/// All runs' folders: how much they have, and their removal.
///
/// A folder is measured again where a file was made or removed in it, or when the caller says that it grows.
struct RunFolders: Sendable {
    private struct Measured {
        var bytes: Int
        var changed: timespec
    }

    private static let removed = ".removed-"

    private let path: String
    private var measured: [RunID: Measured] = [:]

    /// The folders below a state folder.
    init(stateFolder: String) { path = "\(stateFolder)/runs" }

    /// The bytes of all of them.
    var bytes: Int { measured.values.reduce(0) { $0 + $1.bytes } }
    /// The runs that have one.
    var runs: [RunID] { measured.keys.sorted() }

    /// The bytes of one.
    func bytes(of run: RunID) -> Int { measured[run]?.bytes ?? 0 }

    /// Looks at all folders, and into those that changed or are `growing`; ends removals that a crash cut off.
    mutating func measure(growing: Set<RunID>) async {
        var found: [RunID: Measured] = [:]
        let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
        for (count, name) in names.enumerated() {
            // Of a hundred thousand folders, others must have their turn between.
            if count % 256 == 255 { await Surroundings.yield() }
            if name.hasPrefix(Self.removed) { Self.delete("\(path)/\(name)") }
            var status = stat()
            guard let run = RunID(name), lstat("\(path)/\(name)", &status) == 0, status.st_mode & S_IFMT == S_IFDIR
            else { continue }
            if let known = measured[run], !growing.contains(run), known.changed == status.st_mtim {
                found[run] = known
            } else {
                found[run] = Measured(bytes: Self.size(of: "\(path)/\(name)"), changed: status.st_mtim)
            }
        }
        measured = found
    }

    /// Removes the folder of a run: out of sight at once, whatever happens then.
    mutating func remove(_ run: RunID) throws(FileError) {
        let hidden = "\(path)/\(Self.removed)\(run)"
        guard rename("\(path)/\(run)", hidden) == 0 || errno == ENOENT else {
            throw FileError(operation: "rename", path: "\(path)/\(run)", code: errno)
        }
        measured[run] = nil
        // What cannot be removed now is tried again at the next look.
        Self.delete(hidden)
    }

    /// A run's folder holds files only, so nobody has to ask what each of them is.
    private static func delete(_ folder: String) {
        for name in (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? [] {
            unlink("\(folder)/\(name)")
        }
        if rmdir(folder) != 0 { try? FileManager.default.removeItem(atPath: folder) }
    }

    /// When a file of a run's folder, or the folder itself, last changed; `nil` where there is none.
    func changed(_ run: RunID, file: String = "") -> Date? {
        var status = stat()
        guard lstat("\(path)/\(run)/\(file)", &status) == 0 else { return nil }
        return Date(timeIntervalSince1970: Double(status.st_mtim.tv_sec))
    }

    /// What the files of a folder take on the disk, or hold where that is more; a run's folder has no folders in it.
    private static func size(of folder: String) -> Int {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return names.reduce(0) { sum, name in
            var status = stat()
            guard lstat("\(folder)/\(name)", &status) == 0 else { return sum }
            return sum + max(Int(status.st_size), Int(status.st_blocks) * 512)
        }
    }
}

extension timespec {
    fileprivate static func == (left: timespec, right: timespec) -> Bool {
        left.tv_sec == right.tv_sec && left.tv_nsec == right.tv_nsec
    }
}
