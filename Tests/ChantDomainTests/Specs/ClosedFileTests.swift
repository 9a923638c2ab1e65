import Testing

@testable import ChantDomain

@Suite("Files and folders that the service may not read")
struct ClosedFileTests {
    @Test("R3: a folder that cannot be listed is told, and everything else is as it was")
    func folder() async throws {
        let folder = try SpecFolder()
        try folder.write(WatchedFolder.text(), to: "specs/open.md")
        try folder.write(WatchedFolder.text(), to: "specs/closed/inside.md")
        let files = CountingFileSystem()
        let store = SpecStore(chantFolder: folder.chant, files: files)
        files.close(folder.path("specs/closed"))
        let index = try await store.index()
        #expect(index.activeIDs.map(\.text) == ["open"])
        let closed = try #require(index.unreadable.first)
        #expect(closed.id == "closed" && closed.path == ".chant/specs/closed" && closed.revision.isEmpty)
        #expect(closed.detail.hasPrefix("The folder cannot be listed: "))
        #expect(try await store.edit(specID("open")) { $0.tickingBoxes() }.id.text == "open")
        #expect(try await store.sweepTemporaryFiles() == [])
        files.close()
        #expect(try await store.index().unreadable == [])
        #expect(try await store.index().activeIDs.map(\.text) == ["inside", "open"])
    }

    @Test("R3: the folders of all specs have to be listed, or there is no answer")
    func wholeFolder() async throws {
        let folder = try SpecFolder()
        let files = CountingFileSystem()
        let store = SpecStore(chantFolder: folder.chant, files: files)
        files.close(folder.path("specs"))
        await #expect(throws: SpecError.self) { try await store.index() }
    }

    @Test("R3: a file whose bytes cannot be read is unreadable by its name, too, and not a failure of the service")
    func file() async throws {
        let folder = try SpecFolder()
        try folder.write(WatchedFolder.text(), to: "specs/mine.md")
        try folder.write(WatchedFolder.text(), to: "specs/theirs.md")
        let files = CountingFileSystem()
        let store = SpecStore(chantFolder: folder.chant, files: files)
        files.close(folder.path("specs/theirs.md"))
        #expect(try await store.index().unreadable.map(\.id) == ["theirs"])
        let error = await #expect(throws: SpecError.self) { try await store.read(specID("theirs")) }
        guard case .unreadable(let file) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(try await store.index().unreadable == [file])
    }

    @Test("a file that has become a folder is no spec any more")
    func becameFolder() async throws {
        let folder = try SpecFolder()
        try folder.write(WatchedFolder.text(), to: "specs/one.md")
        let watched = WatchedFolder(folder)
        try await watched.following {
            try LocalFileSystem().remove(folder.path("specs/one.md"))
            try folder.write(WatchedFolder.text(), to: "specs/one.md/two.md")
            try await watched.expect(["one removed", "two created"])
            #expect(try await watched.index().unreadable == [])
        }
    }
}
