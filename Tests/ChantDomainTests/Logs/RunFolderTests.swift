import Foundation
import Testing

@testable import ChantDomain

@Suite struct RunFolderTests {
    @Test("§1.10: the folder is the owner's alone, and run.json says what the run is")
    func create() throws {
        let state = try ScratchFolder()
        var run = JournalFixture.run().run
        let folder = RunFolder(stateFolder: state.path, run: run.id)
        #expect(folder.readRecord() == nil)
        try folder.create(for: run)
        for path in [folder.path, state.file("runs")] {
            let attributes = try FileManager.default.attributesOfItem(atPath: path)
            #expect(attributes[.posixPermissions] as? Int == 0o700, "\(path)")
        }
        let attributes = try FileManager.default.attributesOfItem(atPath: folder.runFile)
        #expect(attributes[.posixPermissions] as? Int == 0o600)
        #expect(folder.readRecord() == RunRecord(run))

        run.worktree = "/worktrees/key/name"
        run.baseCommit = "abc"
        try folder.write(run)
        #expect(folder.readRecord()?.worktree == "/worktrees/key/name")
        let json = try JSONSerialization.jsonObject(with: Data(contentsOf: URL(fileURLWithPath: folder.runFile)))
        let object = try #require(json as? [String: Any])
        #expect(
            Set(object.keys) == [
                "version", "run", "order", "attempt", "project", "project_path", "spec", "branch", "base", "target",
                "worktree", "slot", "spec_path", "prompt", "details",
            ]
        )
        #expect(object["version"] as? Int == 1)
        #expect(object["slot"] is NSNull)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["run.json"])
    }

    @Test("§1.10: making it again keeps what is there; another version's record is not read")
    func again() throws {
        let state = try ScratchFolder()
        let run = JournalFixture.run().run
        let folder = RunFolder(stateFolder: state.path, run: run.id)
        try folder.create(for: run)
        folder.note("kept")
        try folder.create(for: run)
        #expect(try String(contentsOfFile: folder.outFile, encoding: .utf8) == "kept\n")
        let text = try String(contentsOfFile: folder.runFile, encoding: .utf8)
        let newer = text.replacingOccurrences(of: "\"version\" : 1", with: "\"version\" : 2")
        #expect(newer != text)
        try newer.write(toFile: folder.runFile, atomically: true, encoding: .utf8)
        #expect(folder.readRecord() == nil)
    }

    @Test("R20: a note that cannot be written disturbs nobody")
    func noteWithoutFolder() throws {
        let state = try ScratchFolder()
        RunFolder(stateFolder: state.path, run: RunID(at: Date())).note("lost")
        #expect(try FileManager.default.contentsOfDirectory(atPath: state.path).isEmpty)
    }
}
