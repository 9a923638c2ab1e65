import Foundation
import Testing

@testable import ChantDomain

@Suite struct JournalFileTests {
    private static let older = JournalSchema.current
    private static let newer = JournalSchema(
        steps: JournalSchema.current.steps + ["CREATE TABLE later (id INTEGER NOT NULL PRIMARY KEY)"]
    )

    @Test("R73: an older file is copied before it is migrated, and keeps everything")
    func migration() throws {
        let folder = try ScratchFolder()
        let (run, order) = JournalFixture.run()
        let before = try Journal.open(stateFolder: folder.path, schema: Self.older)
        try before.accept(run, order: order)
        try before.close()
        #expect(!FileManager.default.fileExists(atPath: folder.file("journal.sqlite.before-v1")))

        let after = try Journal.open(stateFolder: folder.path, schema: Self.newer)
        #expect(try after.run(run.id) == run)
        let version = JournalSchema.current.version + 1
        let copies = try ScratchFolder()
        try copies.write(folder.read("journal.sqlite.before-v\(version)"), to: "journal.sqlite")
        let copy = try Journal.open(stateFolder: copies.path, schema: Self.older)
        #expect(try copy.run(run.id) == run)
        #expect(try copy.events(after: 0, limit: 10).count == 2)
    }

    @Test("R73: a file that was made just now has no copy beside it")
    func fresh() throws {
        let folder = try ScratchFolder()
        try Journal.open(stateFolder: folder.path).close()
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
        #expect(!names.contains { $0.contains("before") }, "\(names)")
    }

    @Test("R32: after a clean end the one file is the whole journal")
    func wholeFile() throws {
        let folder = try ScratchFolder()
        let (run, order) = JournalFixture.run()
        let journal = try Journal.open(stateFolder: folder.path)
        try journal.accept(run, order: order)
        try journal.close()
        let copies = try ScratchFolder()
        try copies.write(folder.read("journal.sqlite"), to: "journal.sqlite")
        #expect(try Journal.open(stateFolder: copies.path).run(run.id) == run)
    }

    @Test("R73: a step that fails leaves the file at its old version")
    func failedMigration() throws {
        let folder = try ScratchFolder()
        try Journal.open(stateFolder: folder.path, schema: Self.older).close()
        let broken = JournalSchema(steps: Self.older.steps + ["CREATE TABLE half (id INTEGER); CREATE NONSENSE"])
        #expect(throws: JournalError.self) { try Journal.open(stateFolder: folder.path, schema: broken) }
        let again = try Journal.open(stateFolder: folder.path, schema: Self.newer)
        #expect(try again.eventBounds() == nil)
    }

    @Test("R73: a newer file is refused with a sentence and not touched")
    func newerRefused() throws {
        let folder = try ScratchFolder()
        try Journal.open(stateFolder: folder.path, schema: Self.newer).close()
        let bytes = try folder.read("journal.sqlite")
        let known = Self.older.version
        #expect {
            try Journal.open(stateFolder: folder.path)
        } throws: { error in
            guard case JournalError.newer(_, let version, known) = error else { return false }
            return version == known + 1 && "\(error)".contains("newer chant-server")
        }
        #expect(try folder.read("journal.sqlite") == bytes)
    }

    @Test("the files are readable by their owner only")
    func modes() throws {
        let fixture = try JournalFixture()
        try fixture.accept()
        for name in ["journal.sqlite", "journal.sqlite-wal", "journal.sqlite-shm"] {
            let attributes = try FileManager.default.attributesOfItem(atPath: fixture.folder.file(name))
            #expect(attributes[.posixPermissions] as? Int == 0o600, "\(name)")
        }
    }

    @Test("I6: what was committed is there after a crash, and numbers go on")
    func crash() throws {
        let fixture = try JournalFixture()
        let run = try fixture.accept()
        try fixture.journal.recordFinishing(run: run.id, FinishingRecord(target: "main", old: "a", tip: "b"))
        // The state of the disk after kill -9: nothing was closed, the log is not folded in.
        let crashed = try ScratchFolder()
        for name in ["journal.sqlite", "journal.sqlite-wal"] {
            try crashed.write(fixture.folder.read(name), to: name)
        }
        let journal = try Journal.open(stateFolder: crashed.path)
        #expect(try journal.run(run.id) == run)
        #expect(try journal.finishing(run: run.id)?.tip == "b")
        #expect(journal.bus.newest == 2)
        try journal.settle(run.id) { $0.outcome = .completed }
        #expect(try journal.events(after: 2, limit: 10).map(\.sequence) == [3, 4])
    }

    @Test("R32: a number is never given twice, even when the newest events are gone")
    func numbersGoOn() throws {
        let fixture = try JournalFixture()
        try fixture.journal.record([.serviceStarted(ServiceFacts(version: "1"))], project: "")
        try fixture.journal.close()
        let second = try Journal.open(
            stateFolder: fixture.folder.path,
            schema: JournalSchema(steps: JournalSchema.current.steps + ["DELETE FROM events"])
        )
        #expect(second.bus.newest == 1)
        try second.record([.serviceStarted(ServiceFacts(version: "1"))], project: "")
        #expect(try second.eventBounds().map { [$0.oldest, $0.newest] } == [2, 2])
    }

    @Test("R1: writes are noted, replaced and forgotten")
    func writes() throws {
        let fixture = try JournalFixture()
        try fixture.journal.recordWrite(path: "/a", before: nil, after: "1")
        try fixture.journal.recordWrite(path: "/b", before: "1", after: "2")
        try fixture.journal.recordWrite(path: "/a", before: "1", after: "3")
        #expect(
            try fixture.journal.writes() == [
                WriteRecord(path: "/a", before: "1", after: "3"), WriteRecord(path: "/b", before: "1", after: "2"),
            ]
        )
        try fixture.journal.forgetWrite(path: "/a")
        #expect(try fixture.journal.writes().map(\.path) == ["/b"])
    }

    @Test("R58: what finishing wrote comes back, and the last word counts")
    func finishing() throws {
        let fixture = try JournalFixture()
        let run = try fixture.accept()
        #expect(try fixture.journal.finishing(run: run.id) == nil)
        var record = FinishingRecord(target: "main", old: "a", tip: "b")
        try fixture.journal.recordFinishing(run: run.id, record)
        record.commit = "c"
        record.indexEntries = [
            .init(path: ".chant/specs/ü.md", mode: "100644", blob: "d"), .init(path: "x", mode: nil, blob: nil),
        ]
        try fixture.journal.recordFinishing(run: run.id, record)
        #expect(try fixture.journal.finishing(run: run.id) == record)
        try fixture.journal.settle(run.id) { $0.outcome = .completed }
        #expect(throws: JournalError.self) { try fixture.journal.recordFinishing(run: run.id, record) }
    }
}
