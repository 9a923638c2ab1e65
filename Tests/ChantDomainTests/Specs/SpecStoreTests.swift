import Foundation
import Glibc
import Testing

@testable import ChantDomain

@Suite("R1, R3: the store")
struct SpecStoreTests {
    private let folder: SpecFolder
    private let store: SpecStore
    private let intents = VolatileWriteIntents()
    private static let text = "---\nstatus: pending # p\nlabels: [a]\n---\n# T\n"

    init() throws {
        folder = try SpecFolder()
        store = SpecStore(chantFolder: folder.chant, intents: intents)
    }

    @Test("The index reads specs/ and archive/ recursively, and nothing but files of specs")
    func indexes() async throws {
        try folder.write(SpecStoreTests.text, to: "specs/b.md")
        try folder.write(SpecStoreTests.text, to: "specs/deep/er/a.md")
        try folder.write(SpecStoreTests.text, to: "archive/2026-01-24/2026-01-24-001-abc.md")
        try folder.write("x", to: "specs/b.md.tmp")
        try folder.write("{}", to: "specs/.chant-status-b.json")
        let index = try await store.index()
        #expect(index.activeIDs.map(\.text) == ["a", "b"] && index.archivedIDs.map(\.text) == ["2026-01-24-001-abc"])
        #expect(index[try specID("a")]?.path == ".chant/specs/deep/er/a.md")
        #expect(index[try specID("2026-01-24-001-abc")]?.archived == true)
        #expect(index.unreadable.isEmpty)
    }

    @Test("A project without specs/ has no specs")
    func noFolder() async throws {
        let store = SpecStore(chantFolder: folder.root + "/nothing/.chant")
        #expect(try await store.index().all.isEmpty)
        await #expect(throws: SpecError.notFound("x")) { try await store.read(specID("x")) }
    }

    @Test("R36: what was changed outside is in the next index, even within one tick of the clock")
    func freshness() async throws {
        let id = try specID("a")
        for round in 0..<50 {
            let word = round % 2 == 0 ? "failed" : "paused"
            try folder.write("---\nstatus: \(word)\n---\n", to: "specs/a.md")
            #expect(try await store.index()[id]?.status.rawValue == word)
        }
        let generation = try await store.index().generation
        #expect(try await store.index().generation == generation)
        try FileManager.default.removeItem(atPath: folder.path("specs/a.md"))
        #expect(try await store.index()[id] == nil)
    }

    @Test("R3, R37: what cannot be read is listed with its reason")
    func unreadable() async throws {
        try folder.write("---\nstatus: done\n---\n", to: "specs/a.md")
        try folder.write(SpecStoreTests.text, to: "real.md")
        symlink(folder.path("real.md"), folder.path("specs/link.md"))
        mkfifo(folder.path("specs/pipe.md"), 0o600)
        try folder.write(SpecStoreTests.text, to: "specs/\(String(repeating: "x", count: 201)).md")
        // A name that is no UTF-8: made as a C string.
        var odd = (folder.path("specs/odd") + ".md").utf8CString.map { $0 }
        odd.insert(CChar(bitPattern: 0xFF), at: odd.count - 4)
        close(creat(odd, 0o600))
        let index = try await store.index()
        #expect(index.all.isEmpty)
        #expect(
            Set(index.unreadable.map(\.id)) == ["a", "link", "pipe", "odd\u{FFFD}", String(repeating: "x", count: 201)]
        )
        #expect(index.unreadable.first { $0.id == "a" }?.line == 2)
        #expect(index.unreadable.first { $0.id == "a" }?.revision.utf8.count == 16)
        #expect(index.unreadable.first { $0.id == "link" }?.detail.contains("symlink") == true)
        for id in ["a", "link", "pipe"] {
            await #expect(throws: SpecError.self) {
                try await store.edit(specID(id)) { document throws(SpecError) in try document.with(status: .failed) }
            }
        }
        #expect(try folder.text("specs/a.md") == "---\nstatus: done\n---\n")
        #expect(try folder.text("real.md") == SpecStoreTests.text)
    }

    @Test("Of two files with one id, one is the spec and the other is named")
    func duplicates() async throws {
        try folder.write("---\nstatus: failed\n---\n", to: "specs/a.md")
        try folder.write("---\nstatus: paused\n---\n", to: "specs/sub/a.md")
        let index = try await store.index()
        #expect(index[try specID("a")]?.status == .failed)
        #expect(index.unreadable.map(\.path) == [".chant/specs/sub/a.md"])
        #expect(index.unreadable.first?.detail.contains(".chant/specs/a.md") == true)
        #expect(try await store.read(specID("a")).spec().status == .failed)
    }

    @Test("R1, R8: an edit is on disk, with the file's mode, and nothing temporary is left")
    func edits() async throws {
        try folder.write(SpecStoreTests.text, to: "specs/a.md")
        chmod(folder.path("specs/a.md"), 0o640)
        let file = try await store.edit(specID("a")) { document throws(SpecError) in
            try document.with(status: .inProgress)
        }
        #expect(try file.spec().status == .inProgress)
        #expect(try folder.text("specs/a.md") == "---\nstatus: in_progress # p\nlabels: [a]\n---\n# T\n")
        #expect(try LocalFileSystem().stamp(folder.path("specs/a.md")).mode & 0o7777 == 0o640)
        #expect(try folder.names(in: "specs") == ["a.md"])
        #expect(intents.pendingWrites().isEmpty)
        #expect(try await store.index()[specID("a")]?.status == .inProgress)
    }

    @Test("A change of nothing writes nothing; a change to no spec is refused")
    func noEdit() async throws {
        try folder.write(SpecStoreTests.text, to: "specs/a.md")
        let before = try LocalFileSystem().stamp(folder.path("specs/a.md"))
        _ = try await store.edit(specID("a")) { document in document }
        #expect(try LocalFileSystem().stamp(folder.path("specs/a.md")) == before)
        await #expect(throws: SpecError.self) {
            try await store.edit(specID("a")) { document in SpecDocument(bytes: Array("---\n".utf8)) }
        }
        #expect(try LocalFileSystem().stamp(folder.path("specs/a.md")) == before)
    }

    @Test("R1: an edit made while ours was prepared is kept, and ours is made on top of it")
    func editedMeanwhile() async throws {
        try folder.write(SpecStoreTests.text, to: "specs/a.md")
        let folder = folder
        let file = try await store.edit(specID("a")) { document throws(SpecError) in
            if !document.text.contains("person") {
                try? folder.write(document.text + "person\n", to: "specs/a.md")
            }
            return try document.with(status: .failed)
        }
        #expect(file.document.text == "---\nstatus: failed # p\nlabels: [a]\n---\n# T\nperson\n")
        #expect(try folder.names(in: "specs") == ["a.md"])
    }

    @Test("R1: a file that never stops changing is given up, unharmed")
    func outrun() async throws {
        try folder.write(SpecStoreTests.text, to: "specs/a.md")
        let folder = folder
        await #expect(throws: SpecError.changedMeanwhile(try specID("a"))) {
            try await store.edit(specID("a")) { document throws(SpecError) in
                try? folder.write(document.text + "x", to: "specs/a.md")
                return try document.with(status: .failed)
            }
        }
        #expect(try folder.text("specs/a.md") == SpecStoreTests.text + "xxxxx")
        #expect(try folder.names(in: "specs") == ["a.md"])
    }

    @Test("R1: another program's temporary file is neither overwritten nor removed")
    func temporaryInTheWay() async throws {
        try folder.write(SpecStoreTests.text, to: "specs/a.md")
        try folder.write("theirs", to: "specs/a.md.tmp")
        await #expect(throws: SpecError.self) {
            try await store.edit(specID("a")) { document throws(SpecError) in try document.with(status: .failed) }
        }
        #expect(try folder.text("specs/a.md.tmp") == "theirs" && folder.text("specs/a.md") == SpecStoreTests.text)
    }

    @Test("A whole file is written only over the bytes that it was made from")
    func writes() async throws {
        try folder.write(SpecStoreTests.text, to: "specs/a.md")
        let id = try specID("a")
        let old = try await store.read(id).document.digest
        let new = Array("---\nstatus: failed\n---\n".utf8)
        #expect(try await store.write(id, bytes: new, replacing: old).document.bytes == new)
        await #expect(throws: SpecError.changedMeanwhile(id)) { try await store.write(id, bytes: [], replacing: old) }
    }

    @Test("A new spec replaces nothing, wherever its id is taken")
    func creates() async throws {
        let id = try specID("a")
        let bytes = Array(SpecStoreTests.text.utf8)
        #expect(try await store.create(id, bytes: bytes).document.bytes == bytes)
        #expect(try folder.names(in: "specs") == ["a.md"])
        #expect(try await store.index()[id] != nil)
        await #expect(throws: SpecError.exists(id)) { try await store.create(id, bytes: bytes) }
        try folder.write("---\n", to: "archive/x/b.md")
        try folder.write("---\n", to: "specs/sub/c.md")
        for taken in ["b", "c"] {
            await #expect(throws: SpecError.exists(try specID(taken))) {
                try await store.create(specID(taken), bytes: bytes)
            }
        }
        await #expect(throws: SpecError.self) { try await store.create(specID("d"), bytes: Array("---\n".utf8)) }
        #expect(try folder.names(in: "specs") == ["a.md", "sub"])
    }

    @Test("A spec is found where it was moved to")
    func moved() async throws {
        try folder.write(SpecStoreTests.text, to: "specs/a.md")
        let id = try specID("a")
        _ = try await store.index()
        try FileManager.default.createDirectory(atPath: folder.path("archive"), withIntermediateDirectories: true)
        rename(folder.path("specs/a.md"), folder.path("archive/a.md"))
        let file = try await store.read(id)
        #expect(try file.path == folder.path("archive/a.md") && file.spec().archived)
    }

    @Test("R1: what cannot be noted is not written")
    func refusedIntent() async throws {
        struct Refusing: WriteIntents {
            func willWrite(path: String, before: Digest?, after: Digest) throws(WriteIntentRefused) {
                throw WriteIntentRefused(detail: "full")
            }
            func didWrite(path: String) {}
            func pendingWrites() -> [PendingWrite] { [] }
        }
        try folder.write(SpecStoreTests.text, to: "specs/a.md")
        let store = SpecStore(chantFolder: folder.chant, intents: Refusing())
        await #expect(throws: SpecError.intentRefused("full")) {
            try await store.edit(specID("a")) { document throws(SpecError) in try document.with(status: .failed) }
        }
        #expect(try folder.text("specs/a.md") == SpecStoreTests.text)
    }
}
