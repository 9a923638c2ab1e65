import ChantTesting
import Foundation
import Glibc
import Synchronization
import Testing

@testable import ChantDomain

@Suite("R1: no save of an editor is ever lost", .timeLimit(.minutes(5)))
struct ExchangeRaceTests {
    /// How editors save; each of them ends with the mark of the save in the file.
    enum Style: CaseIterable {
        /// Truncated when opened, then written in two parts.
        case inPlace
        /// Opened without truncating, written over, cut to its length.
        case overwriting
        /// Added at the end, as `>>` does.
        case appending
        /// A file of its own, renamed over the old one.
        case renaming
        /// The old file renamed away, a new one made, the old one removed.
        case backup

        func save(_ mark: Int, at path: String) {
            let text = "editor \(mark)\n"
            switch self {
            case .inPlace: put(["edi", String(text.dropFirst(3))], path, O_WRONLY | O_TRUNC | O_CREAT)
            case .overwriting: put([text], path, O_WRONLY | O_CREAT, cut: true)
            case .appending: put([text], path, O_WRONLY | O_APPEND | O_CREAT)
            case .renaming:
                put([text], path + ".editor", O_WRONLY | O_TRUNC | O_CREAT)
                rename(path + ".editor", path)
            case .backup:
                rename(path, path + "~")
                put([text], path, O_WRONLY | O_TRUNC | O_CREAT)
                unlink(path + "~")
            }
        }

        private func put(_ parts: [String], _ path: String, _ flags: Int32, cut: Bool = false) {
            let file = open(path, flags, 0o644)
            defer { close(file) }
            for part in parts {
                sched_yield()
                _ = part.withCString { Glibc.write(file, $0, strlen($0)) }
            }
            if cut { ftruncate(file, off_t(parts.joined().utf8.count)) }
        }
    }

    /// What both sides know of each other: how many of our writes began and ended.
    private final class Progress: Sendable {
        private let counts = Mutex((began: 0, ended: 0, isOver: false))
        var began: Int { counts.withLock { $0.began } }
        var isOver: Bool { counts.withLock { $0.isOver } }
        func begin() { counts.withLock { $0.began += 1 } }
        func end() { counts.withLock { $0.ended += 1 } }
        func finish() { counts.withLock { $0.isOver = true } }
        func hasEnded(_ write: Int) -> Bool { counts.withLock { $0.ended >= write || $0.isOver } }
    }

    /// A folder in memory where there is one: what is flushed is not what this looks at.
    private let folder: String

    init() throws {
        let memory = "/dev/shm"
        let parent = access(memory, W_OK) == 0 ? memory : NSTemporaryDirectory()
        var template = Array((parent + "/chant-race-XXXXXX").utf8CString)
        folder = try #require(mkdtemp(&template).map { String(cString: $0) })
    }

    @Test("R1: 10,000 writes of ours against an editor that saves in every way")
    func race() async throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try await race(LocalFileSystem(), writes: 10_000, styles: Style.allCases)
    }

    @Test("R1: where names cannot be swapped, saves in place are not lost either")
    func raceWithoutSwap() async throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let files = LocalFileSystem(exchanges: false)
        try await race(files, writes: 1_000, styles: [.inPlace, .overwriting, .appending])
    }

    private func race(_ files: LocalFileSystem, writes: Int, styles: [Style]) async throws {
        let path = folder + "/spec.md"
        Style.renaming.save(0, at: path)
        let progress = Progress()
        async let lost = onOwnThread { ExchangeRaceTests.edit(path, styles, progress) }
        let refused = try await onOwnThread { try ExchangeRaceTests.write(path, files, writes, progress) }
        let (saves, complaints) = try await lost
        #expect(complaints.isEmpty, "\(complaints.count) of \(saves) saves: \(complaints.prefix(5))")
        #expect(saves > writes / 50, "\(saves) saves: too few to show anything")
        #expect(refused > 10 && refused < writes, "\(refused) of \(writes) writes met a save")
        let left = try files.list(folder).map(\.name)
        #expect(left == ["spec.md"])
    }

    /// Ours: reads, changes a line of its own and keeps all others; how often the file had changed meanwhile.
    private static func write(
        _ path: String,
        _ files: LocalFileSystem,
        _ writes: Int,
        _ progress: Progress
    ) throws -> Int {
        defer { progress.finish() }
        var refused = 0
        for number in 0..<writes {
            progress.begin()
            if try !writeOnce(number, path, files) { refused += 1 }
            progress.end()
        }
        return refused
    }

    /// One write of ours; `false` where the file had changed meanwhile, or was not there.
    private static func writeOnce(_ number: Int, _ path: String, _ files: LocalFileSystem) throws -> Bool {
        let bytes = try? files.read(path)
        let old = bytes ?? []
        if bytes == nil { return false }
        let kept = String(decoding: old, as: UTF8.self).split(separator: "\n").filter { !$0.hasPrefix("ours") }
        let new = (kept + ["ours \(number)"]).joined(separator: "\n") + "\n"
        return try exchange(Array(new.utf8), path, Digest(of: old), files)
    }

    private static func exchange(
        _ bytes: [UInt8],
        _ path: String,
        _ expected: Digest,
        _ files: LocalFileSystem
    ) throws(ExchangeError) -> Bool {
        do { try files.exchange(bytes, at: path, expecting: expected) } catch {
            guard error == .changedMeanwhile else { throw error }
            return false
        }
        return true
    }

    /// Theirs: saves, waits until a write of ours that was under way has ended, and looks whether the save is there.
    ///
    /// That is the promise: between two saves the file holds the last one, whatever ours wrote.
    private static func edit(_ path: String, _ styles: [Style], _ progress: Progress) -> (Int, [String]) {
        var complaints: [String] = []
        var mark = 0
        while !progress.isOver {
            mark += 1
            let style = styles[mark % styles.count]
            style.save(mark, at: path)
            let running = progress.began
            while !progress.hasEnded(running) { usleep(100) }
            let text = (try? LocalFileSystem().read(path)).map { String(decoding: $0, as: UTF8.self) } ?? "no file"
            let last = text.split(separator: "\n").last { $0.hasPrefix("editor") }
            if last != "editor \(mark)" { complaints.append("\(style) \(mark): \(text.suffix(60))") }
        }
        return (mark, complaints)
    }

    @Test("R1: a file that a program holds open for writing is not replaced, and holds what that program writes")
    func writer() async throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let path = folder + "/spec.md"
        let files = LocalFileSystem()
        Style.renaming.save(1, at: path)
        let old = try files.read(path)
        let file = open(path, O_WRONLY | O_APPEND)
        #expect(throws: ExchangeError.changedMeanwhile) {
            try files.exchange([1], at: path, expecting: Digest(of: old))
        }
        _ = "more\n".withCString { Glibc.write(file, $0, 5) }
        close(file)
        #expect(try files.read(path) == old + Array("more\n".utf8))
        let both = Digest(of: old + Array("more\n".utf8))
        // A program that another test starts may have a copy of the open file for a while.
        try await eventually("nobody has it open") { try Self.exchange([1], path, both, files) }
        #expect(try files.read(path) == [1])
    }
}
