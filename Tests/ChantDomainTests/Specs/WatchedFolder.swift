import ChantTesting
import Foundation
import Glibc
import Synchronization
import Testing

@testable import ChantDomain

/// A store that follows its folder, and what it told of it.
final class WatchedFolder: Sendable {
    let folder: SpecFolder
    let store: SpecStore
    let files: CountingFileSystem
    private let told = Mutex<[SpecFileChange]>([])

    private let patience: Duration

    /// Scans for safety are too far apart to hide that nothing was told.
    convenience init(_ folder: SpecFolder, patience: Duration = .milliseconds(100)) {
        self.init(folder, SpecWatching(safetyScan: .seconds(3600), patience: patience))
    }

    init(_ folder: SpecFolder, _ watching: SpecWatching) {
        self.folder = folder
        patience = watching.patience
        files = CountingFileSystem()
        store = SpecStore(chantFolder: folder.chant, files: files, watching: watching)
    }

    /// Follows the folder while `body` runs, as the service does.
    func following<Result: Sendable>(_ body: () async throws -> Result) async throws -> Result {
        _ = try await store.index()
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                for await _ in await self.store.changeMoments() {
                    do {
                        let changes = try await self.store.takeChanges()
                        self.told.withLock { $0 += changes }
                    } catch {
                        Issue.record(error)
                    }
                }
            }
            let result = try await body()
            await store.stopWatching()
            try await group.waitForAll()
            return result
        }
    }

    /// What was told so far, each change as `<id> <kind>`.
    var changes: [String] {
        told.withLock { $0 }.map { change in
            switch change.kind {
            case .created: "\(change.id) created"
            case .edited: "\(change.id) edited"
            case .removed: "\(change.id) removed"
            case .status(let from, let to): "\(change.id) \(from.rawValue) \(to.rawValue)"
            }
        }
    }

    /// Waits until exactly these changes were told, in any order, and until nothing more can come of what was done.
    func expect(_ expected: [String]) async throws {
        do {
            try await eventually("everything told", within: .seconds(60)) { changes.count >= expected.count }
        } catch {
            throw NotTold(expected: expected.sorted(), told: changes.sorted())
        }
        // What could still be told twice is a change that was put off: twice its patience is enough.
        let end = ContinuousClock.now + patience * 2 + .milliseconds(50)
        try await eventually("that time has passed") { ContinuousClock.now > end }
        guard changes.sorted() == expected.sorted() else {
            throw NotTold(expected: expected.sorted(), told: changes.sorted())
        }
    }

    struct NotTold: Error {
        let expected: [String]
        let told: [String]
    }

    func index() async throws -> SpecIndex { try await store.index() }

    static func text(_ status: String = "pending", _ body: String = "# T\n") -> String {
        "---\nstatus: \(status)\n---\n\(body)"
    }
}

/// The real disk, which counts what is asked of it.
final class CountingFileSystem: FileSystem {
    private let disk = LocalFileSystem()
    private let counts = Mutex((reads: 0, stamps: 0))
    private let closed = Mutex<Set<String>>([])

    var reads: Int { counts.withLock { $0.reads } }
    var stamps: Int { counts.withLock { $0.stamps } }

    /// From now on these files and folders are somebody else's, as the kernel sees it; root, as which tests may run, is
    /// refused nothing.
    func close(_ paths: String...) { closed.withLock { $0 = Set(paths) } }

    private func check(_ operation: String, _ path: String) throws(FileError) {
        if closed.withLock({ $0.contains(path) }) { throw FileError(operation: operation, path: path, code: EACCES) }
    }

    func read(_ path: String) throws(FileError) -> [UInt8] {
        counts.withLock { $0.reads += 1 }
        try check("read", path)
        return try disk.read(path)
    }

    func stamp(_ path: String) throws(FileError) -> FileStamp {
        counts.withLock { $0.stamps += 1 }
        return try disk.stamp(path)
    }

    func list(_ folder: String) throws(FileError) -> [DirectoryEntry] {
        try check("list", folder)
        return try disk.list(folder)
    }

    func makeFolder(_ path: String, mode: UInt32) throws(FileError) { try disk.makeFolder(path, mode: mode) }
    func create(_ bytes: [UInt8], at path: String, mode: UInt32) throws(FileError) {
        try disk.create(bytes, at: path, mode: mode)
    }
    func exchange(_ bytes: [UInt8], at path: String, expecting expected: Digest) throws(ExchangeError) {
        try disk.exchange(bytes, at: path, expecting: expected)
    }
    func replace(_ bytes: [UInt8], at path: String, mode: UInt32) throws(FileError) {
        try disk.replace(bytes, at: path, mode: mode)
    }
    func swap(_ path: String, _ other: String) throws(FileError) { try disk.swap(path, other) }
    func move(_ path: String, to other: String) throws(FileError) { try disk.move(path, to: other) }
    func remove(_ path: String) throws(FileError) { try disk.remove(path) }
    func append(_ bytes: [UInt8], to path: String) throws(FileError) { try disk.append(bytes, to: path) }
}
