import Foundation
import Glibc
import Testing

@testable import ChantDomain

@Suite("R1: files are written whole, and nobody's edit is lost")
struct LocalFileSystemTests {
    private let folder: SpecFolder

    init() throws { folder = try SpecFolder() }

    private static func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }

    @Test("R1: an exchange needs the expected bytes", arguments: [true, false])
    func exchange(exchanges: Bool) throws {
        let files = LocalFileSystem(exchanges: exchanges)
        let path = folder.path("a")
        try folder.write("old", to: "a")
        let stale = Digest(of: Self.bytes("other"))
        #expect(throws: ExchangeError.changedMeanwhile) {
            try files.exchange(Self.bytes("new"), at: path, expecting: stale)
        }
        #expect(try folder.text("a") == "old")
        try files.exchange(Self.bytes("new"), at: path, expecting: Digest(of: Self.bytes("old")))
        #expect(try folder.text("a") == "new")
        #expect(throws: ExchangeError.changedMeanwhile) {
            try files.exchange(Self.bytes("x"), at: folder.path("missing"), expecting: stale)
        }
        #expect(try LocalFileSystem().list(folder.chant).map(\.name) == ["a", "specs"])
    }

    @Test("R1: a new file replaces none", arguments: [true, false])
    func create(exchanges: Bool) throws {
        let files = LocalFileSystem(exchanges: exchanges)
        try files.create(Self.bytes("one"), at: folder.path("a"), mode: 0o640)
        #expect(try files.stamp(folder.path("a")).mode & 0o7777 == 0o640)
        let error = #expect(throws: FileError.self) {
            try files.create(Self.bytes("two"), at: folder.path("a"), mode: 0o640)
        }
        #expect(error?.isTaken == true && error?.path == folder.path("a"))
        #expect(try folder.text("a") == "one")
        #expect(try files.list(folder.chant).map(\.name) == ["a", "specs"])
    }

    @Test("R3: only regular files are read, and a symlink is never followed")
    func regularFiles() throws {
        let files = LocalFileSystem()
        try folder.write("x", to: "real")
        symlink("real", folder.path("link"))
        mkfifo(folder.path("pipe"), 0o600)
        for name in ["link", "pipe", "specs"] {
            let error = #expect(throws: FileError.self) { try files.read(folder.path(name)) }
            #expect(error?.isNotRegularFile == true, "\(name)")
        }
        #expect(throws: ExchangeError.self) {
            try files.exchange([], at: folder.path("link"), expecting: Digest(of: Self.bytes("x")))
        }
        let missing = #expect(throws: FileError.self) { try files.read(folder.path("missing")) }
        #expect(missing?.isMissing == true && missing?.description.contains("No such file") == true)
    }

    @Test("Folders with their parents, files of the service's own, and appending")
    func rest() throws {
        let files = LocalFileSystem()
        try files.makeFolder(folder.path("a/b/c"), mode: 0o700)
        try files.makeFolder(folder.path("a/b/c"), mode: 0o700)
        #expect(try files.stamp(folder.path("a/b")).isFolder)
        try files.append(Self.bytes("1"), to: folder.path("a/log"))
        try files.append(Self.bytes("2"), to: folder.path("a/log"))
        #expect(try folder.text("a/log") == "12")
        #expect(try files.stamp(folder.path("a/log")).mode & 0o777 == 0o600)
        try files.replace(Self.bytes("3"), at: folder.path("a/log"), mode: 0o600)
        #expect(try folder.text("a/log") == "3")
        #expect(throws: FileError.self) { try files.makeFolder(folder.path("a/log"), mode: 0o700) }
        #expect(throws: FileError.self) { try files.makeFolder(folder.path("a/log/x"), mode: 0o700) }
        try files.remove(folder.path("a/log"))
        #expect(throws: FileError.self) { try files.remove(folder.path("a/log")) }
    }

    @Test("R1: against another writer, some hundred rounds: its last write is never lost")
    func race() async throws {
        let files = LocalFileSystem()
        let path = folder.path("raced")
        var won = 0
        for round in 0..<200 {
            try folder.write("start \(round)", to: "raced")
            let expected = Digest(of: Self.bytes("start \(round)"))
            async let theirs: Void = LocalFileSystemTests.writeOutside("theirs \(round)", at: path, delay: round % 40)
            async let ours = LocalFileSystemTests.exchange("ours \(round)", at: path, expecting: expected, files)
            try await theirs
            if try await ours { won += 1 }
            #expect(try folder.text("raced") == "theirs \(round)")
            #expect(try files.list(folder.chant).map(\.name) == ["raced", "specs"])
        }
        #expect(won < 200, "the other writer was never first, so nothing was shown")
    }

    @Test("R1: against a stream of writes: what ours is made from is never older than the newest of theirs")
    func storm() async throws {
        let files = LocalFileSystem()
        let path = folder.path("raced")
        try folder.write("0", to: "raced")
        async let storm: Void = LocalFileSystemTests.storm(at: path, count: 300)
        for _ in 0..<150 {
            let seen = try files.read(path)
            _ = try await LocalFileSystemTests.exchange(
                String(decoding: seen + [UInt8(ascii: "+")], as: UTF8.self),
                at: path,
                expecting: Digest(of: seen),
                files
            )
        }
        try await storm
        #expect(try folder.text("raced").prefix { $0 != "+" } == "theirs 299")
        #expect(try files.list(folder.chant).map(\.name) == ["raced", "specs"])
    }

    @concurrent
    private static func exchange(
        _ text: String,
        at path: String,
        expecting: Digest,
        _ files: LocalFileSystem
    ) async throws -> Bool {
        do {
            try files.exchange(bytes(text), at: path, expecting: expecting)
            return true
        } catch ExchangeError.changedMeanwhile {
            return false
        }
    }

    @concurrent
    private static func writeOutside(_ text: String, at path: String, delay: Int) async throws {
        // Between none and some of the few hundred microseconds that an exchange takes.
        for _ in 0..<(delay * 2) { _ = getppid() }
        try writeOver(text, at: path)
    }

    @concurrent
    private static func storm(at path: String, count: Int) async throws {
        for number in 0..<count { try writeOver("theirs \(number)", at: path) }
    }

    /// As an editor saves: a file of its own, renamed over the old one.
    private static func writeOver(_ text: String, at path: String) throws {
        let own = path + ".editor"
        try Data(text.utf8).write(to: URL(fileURLWithPath: own))
        guard rename(own, path) == 0 else { throw FileError(operation: "rename", path: path, code: errno) }
    }
}
