import Foundation
import Testing

@testable import ChantDomain

@Suite("Journal: repair")
struct JournalRepairTests {
    /// A run that is on record in its folder and in no journal.
    private static func leave(
        _ folder: ScratchFolder,
        _ spec: String = "2026-01-01-001-abc",
        at seconds: TimeInterval = 1_700_000_000,
        change: (inout Run) -> Void = { _ in }
    ) throws -> Run {
        var run = JournalFixture.run(spec, at: seconds).run
        run.state = .preparing
        run.startedAt = run.queuedAt
        change(&run)
        try RunFolder(stateFolder: folder.path, run: run.id).create(for: run)
        return run
    }

    private static func settled(_ run: inout Run) {
        run.state = .settled
        run.outcome = .completed
        run.finishedAt = run.queuedAt.addingTimeInterval(60)
        run.warnings = [RunWarning(.criteriaTicked, "A box was ticked.")]
    }

    @Test("R73: a file that is no database is moved aside as it is, and the runs come from their folders")
    func noDatabase() throws {
        let folder = try ScratchFolder()
        let bytes = Array("this is not a database, and long enough to be looked at as one".utf8)
        try folder.write(bytes, to: "journal.sqlite")
        let done = try Self.leave(folder, change: Self.settled)
        let live = try Self.leave(folder, at: 1_700_000_100)
        let journal = try Journal.open(stateFolder: folder.path)
        let repair = try #require(journal.repair)
        let moved = try #require(repair.movedTo)
        #expect(Array(try Data(contentsOf: URL(fileURLWithPath: moved))) == bytes)
        #expect(repair.sentence.contains("is not a database") && repair.sentence.contains(moved), "\(repair.sentence)")
        #expect(try journal.run(done.id) == done)
        #expect(try journal.run(live.id) == live)
        #expect(try journal.order(done.orderID)?.ended == "finished")
        #expect(try journal.order(live.orderID)?.ended == nil)
        #expect(throws: JournalError.self, "R17 holds again") {
            let (run, order) = JournalFixture.run(at: 1_700_000_200)
            try journal.accept(run, order: order)
        }
    }

    @Test("R73: folders that cannot be listed are not taken for empty ones", arguments: ["runs", "orders"])
    func unreadableFolders(name: String) throws {
        let folder = try ScratchFolder()
        try folder.write(Array("no folder".utf8), to: name)
        #expect(throws: JournalError.self) { try Journal.open(stateFolder: folder.path) }
        #expect(!FileManager.default.fileExists(atPath: "\(folder.path)/journal.sqlite"), "the next start asks again")
        try FileManager.default.removeItem(atPath: "\(folder.path)/\(name)")
        #expect(try Journal.open(stateFolder: folder.path).repair == nil)
    }

    @Test("R73: a damaged page is found before anything relies on it")
    func damagedPage() throws {
        let folder = try ScratchFolder()
        let before = try Journal.open(stateFolder: folder.path)
        for number in 0..<400 {
            let (run, order) = JournalFixture.run("spec-\(number)", at: 1_700_000_000 + Double(number))
            try before.accept(run, order: order)
        }
        try before.close()
        let known = try Self.leave(folder, change: Self.settled)
        var bytes = try folder.read("journal.sqlite")
        let middle = bytes.count / 2 / 4096 * 4096
        for index in middle..<(middle + 4096) { bytes[index] = 0xA5 }
        try folder.write(bytes, to: "journal.sqlite")
        let journal = try Journal.open(stateFolder: folder.path)
        #expect(journal.repair?.movedTo != nil)
        #expect(try journal.runs(RunQuery()).items.map(\.id) == [known.id])
        try journal.close()
        let again = try Journal.open(stateFolder: folder.path)
        #expect(again.repair == nil, "it is whole now")
        #expect(try again.run(known.id) == known)
    }

    @Test("R32: a journal made again gives no number of an event twice", arguments: [nil, 0])
    func gone(size: Int?) throws {
        let folder = try ScratchFolder()
        let run = try Self.leave(folder, change: Self.settled)
        if size == 0 { try folder.write([], to: "journal.sqlite") }
        let journal = try Journal.open(stateFolder: folder.path)
        #expect(journal.repair == JournalRepair(runs: 1))
        #expect(journal.repair?.sentence.hasPrefix("The journal was gone.") == true)
        #expect(try journal.run(run.id) == run)
        try journal.record([.serviceStarted(ServiceFacts(version: "1"))], project: "")
        let newest = try #require(try journal.eventBounds()?.newest)
        #expect(newest > 1_700_000_000_000_000, "microseconds of now")
        try journal.close()
        #expect(try Journal.open(stateFolder: folder.path).bus.newest == newest)
    }

    @Test("a first start finds no journal and no runs, and has nothing to tell")
    func first() throws {
        let folder = try ScratchFolder()
        let journal = try Journal.open(stateFolder: folder.path)
        #expect(journal.repair == nil)
        #expect(journal.bus.newest == 0)
    }

    @Test("R73: a service that is killed while it makes the new journal is followed by one that makes it whole")
    func killedMeanwhile() throws {
        let folder = try ScratchFolder()
        let run = try Self.leave(folder)
        let half = try ScratchFolder()
        try Journal.open(stateFolder: half.path).close()
        try folder.write(try half.read("journal.sqlite"), to: "journal.sqlite.new")
        try folder.write([1, 2, 3], to: "journal.sqlite.new-wal")
        let journal = try Journal.open(stateFolder: folder.path)
        #expect(try journal.run(run.id) == run)
        #expect(!FileManager.default.fileExists(atPath: folder.file("journal.sqlite.new")))
    }

    @Test(
        "R17: of several runs of a spec that nobody settled only the newest lives; folders that tell nothing are counted"
    )
    func severalLive() throws {
        let folder = try ScratchFolder()
        let old = try Self.leave(folder, at: 1_700_000_000)
        let new = try Self.leave(folder, at: 1_700_000_100)
        let other = try Self.leave(folder, "2026-01-01-002-def", at: 1_700_000_050)
        let silent = RunID(at: Date())
        try FileManager.default.createDirectory(
            atPath: folder.file("runs/\(silent)"),
            withIntermediateDirectories: true
        )
        let journal = try Journal.open(stateFolder: folder.path)
        #expect(try journal.liveRuns().map(\.id) == [other.id, new.id])
        #expect(try journal.run(old.id)?.outcome == .interrupted)
        #expect(journal.repair == JournalRepair(runs: 3, unreadable: 1))
    }

    @Test("R32, R73: a journal older than the folders learns of their runs, gives no number twice, and says so once")
    func behind() throws {
        let folder = try ScratchFolder()
        let known = try Self.leave(folder, change: Self.settled)
        try Journal.open(stateFolder: folder.path).close()
        let done = try Self.leave(folder, at: 1_700_000_100, change: Self.settled)
        let over = try Self.leave(folder, "2026-01-01-002-def", at: 1_700_000_200)
        let live = try Self.leave(folder, "2026-01-01-002-def", at: 1_700_000_300)
        let journal = try Journal.open(stateFolder: folder.path)
        let repair = try #require(journal.repair)
        #expect(repair.sentence.hasPrefix("The journal did not know 3 runs"), "\(repair.sentence)")
        for run in [known, done, live] { #expect(try journal.run(run.id) == run) }
        #expect(try journal.run(over.id)?.outcome == .interrupted)
        try journal.record([.serviceStarted(ServiceFacts(version: "1"))], project: "")
        #expect(try #require(try journal.eventBounds()?.newest) > 1_700_000_000_000_000)
        try journal.close()
        #expect(try Journal.open(stateFolder: folder.path).repair == nil)
    }

    @Test("R17: of a spec with a live run that the journal knows, an older one that it does not know has ended")
    func behindLive() throws {
        let folder = try ScratchFolder()
        let (run, order) = JournalFixture.run(at: 1_700_000_100)
        let before = try Journal.open(stateFolder: folder.path)
        try before.accept(run, order: order)
        try before.close()
        let stranger = try Self.leave(folder)
        let journal = try Journal.open(stateFolder: folder.path)
        #expect(try journal.liveRuns() == [run])
        #expect(try journal.run(stranger.id)?.outcome == .interrupted)
    }

    @Test("R71, R73: what retention dropped while its folder stayed is not taken for a run that the journal lacks")
    func dropped() throws {
        let folder = try ScratchFolder()
        let (run, order) = JournalFixture.run(at: 1_700_000_100)
        let before = try Journal.open(stateFolder: folder.path)
        try before.accept(run, order: order)
        try before.close()
        let dropped = try Self.leave(folder, "2026-01-01-002-def", change: Self.settled)
        let between = try Journal.open(stateFolder: folder.path)
        #expect(between.repair == nil)
        #expect(try between.run(dropped.id) == nil)
        #expect(between.bus.newest < 1_700_000_000_000_000, "numbers go on as before")
        try between.close()
        let lacking = try Self.leave(folder, "2026-01-01-003-ghi", at: 1_700_000_200, change: Self.settled)
        let journal = try Journal.open(stateFolder: folder.path)
        #expect(journal.repair == JournalRepair(isBehind: true, runs: 1))
        #expect(try journal.run(lacking.id) == lacking)
        #expect(try journal.run(dropped.id) == nil)
    }
}
