import Foundation
import Testing

@testable import ChantDomain

@Suite("R73: reading a journal through")
struct JournalCheckTests {
    @Test("a sound journal is counted, open or closed, and not changed; where there is none there is none")
    func sound() throws {
        let folder = try ScratchFolder()
        #expect(try Journal.check(stateFolder: folder.path) == nil)
        let (run, order) = JournalFixture.run()
        let journal = try Journal.open(stateFolder: folder.path)
        try journal.accept(run, order: order)
        let expected = Journal.Inventory(version: JournalSchema.current.version, runs: 1, orders: 1, events: 2)
        #expect(try Journal.check(stateFolder: folder.path) == expected)
        try journal.close()
        let before = try folder.read("journal.sqlite")
        #expect(try Journal.check(stateFolder: folder.path) == expected)
        #expect(try folder.read("journal.sqlite") == before)
    }

    @Test("damage, a row that cannot be read and a newer schema are told of")
    func unsound() throws {
        let fixture = try JournalFixture()
        let (run, order) = JournalFixture.run()
        try fixture.journal.accept(run, order: order)
        try fixture.journal.close()
        let sound = try fixture.folder.read("journal.sqlite")
        var damaged = sound
        for place in stride(from: 4096, to: damaged.count, by: 7) { damaged[place] ^= 0x5A }
        try fixture.folder.write(damaged, to: "journal.sqlite")
        #expect(throws: JournalError.self) { try Journal.check(stateFolder: fixture.folder.path) }
        try fixture.folder.write(sound, to: "journal.sqlite")
        try fixture.execute("UPDATE runs SET state = 'dancing'")
        do {
            _ = try Journal.check(stateFolder: fixture.folder.path)
            Issue.record("a newer journal was read")
        } catch JournalError.newer(_, let version, let known) {
            #expect(version == known + 1)
        }
    }
}
