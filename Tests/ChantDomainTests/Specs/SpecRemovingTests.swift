import Foundation
import Testing

@testable import ChantDomain

@Suite("R1: removing a spec's file")
struct SpecRemovingTests {
    private let folder: SpecFolder
    private let intents = VolatileWriteIntents()
    private let store: SpecStore

    init() throws {
        folder = try SpecFolder()
        store = SpecStore(chantFolder: folder.chant, intents: intents)
    }

    @Test("the file goes, with it the index entry, and nothing stays behind")
    func removes() async throws {
        try folder.write("# A\n", to: "specs/deep/a.md")
        try await store.remove(store.read(specID("a")))
        #expect(try await store.index().all.isEmpty)
        #expect(try folder.names(in: "specs/deep").isEmpty)
        #expect(intents.pendingWrites().isEmpty)
    }

    @Test("a save that came since it was read stays, byte for byte")
    func savedMeanwhile() async throws {
        try folder.write("# A\n", to: "specs/a.md")
        let file = try await store.read(specID("a"))
        try folder.write("# A person's\n", to: "specs/a.md")
        await #expect(throws: SpecError.changedMeanwhile(try specID("a"))) { try await store.remove(file) }
        #expect(try folder.text("specs/a.md") == "# A person's\n")
        #expect(try folder.names(in: "specs") == ["a.md"])
    }

    @Test("against an editor that saves by renaming, its last save is there or was seen before the file went")
    func races() async throws {
        let id = try specID("a")
        let path = folder.path("specs/a.md")
        for round in 0..<300 {
            try folder.write("# old\n", to: "specs/a.md")
            let file = try await store.read(id)
            let editor = Task.detached { [folder] in
                try folder.write("# new \(round)\n", to: "specs/a.md.swp")
                return rename(path + ".swp", path)
            }
            let outcome: Result<Void, any Error>
            do { outcome = .success(try await store.remove(file)) } catch { outcome = .failure(error) }
            #expect(try await editor.value == 0)
            // Whether the removal won or was refused: the save is on disk, since nobody had read it.
            #expect(try folder.text("specs/a.md") == "# new \(round)\n", "\(outcome)")
            #expect(try folder.names(in: "specs") == ["a.md"])
        }
    }

    @Test("a removal cut off by a crash is finished where our bytes lie aside, and undone where an edit does")
    func crash() async throws {
        let ours = Digest(of: Array("# A\n".utf8))
        for (aside, action) in [("# A\n", SweptFile.Action.removed), ("# A person's\n", .restored)] {
            try folder.write(aside, to: "specs/a.md.tmp")
            intents.willWrite(path: folder.path("specs/a.md"), before: ours, after: ours)
            #expect(try await store.sweepTemporaryFiles().map(\.action) == [action])
        }
        #expect(try folder.text("specs/a.md") == "# A person's\n")
    }
}
