import ChantTesting
import Foundation
import Glibc
import Testing

@testable import ChantDomain

@Suite("R36: what other programs do to the files is seen")
struct SpecWatchTests {
    private let folder: SpecFolder
    private let watched: WatchedFolder

    init() throws {
        folder = try SpecFolder()
        watched = WatchedFolder(folder)
    }

    @Test("an editor's save is one change, however it saves", arguments: Editor.allCases)
    func editors(editor: Editor) async throws {
        try folder.write(WatchedFolder.text(), to: "specs/a.md")
        // Those who take the file away for a moment may need longer for it on a busy machine.
        let isAway = editor == .removing || editor == .backupRenaming
        let watched = WatchedFolder(folder, patience: isAway ? .seconds(1) : .milliseconds(100))
        try await watched.following {
            try folder.save(WatchedFolder.text("paused"), to: "specs/a.md", with: editor)
            try await eventually("the index has it") {
                try await watched.index()[specID("a")]?.status == .paused
            }
            try await watched.expect(["a pending paused"])
            try folder.save(WatchedFolder.text("paused", "# Other\n"), to: "specs/a.md", with: editor)
            try await watched.expect(["a pending paused", "a edited"])
        }
    }

    /// By renames: a file that is written in place counts as closed only when no process has it open, and a child that
    /// another test starts at that moment has it until it runs its program.
    @Test("what is whole is in the very next index, without waiting for anything")
    func immediately() async throws {
        try folder.write(WatchedFolder.text(), to: "specs/a.md")
        _ = try await watched.index()
        for round in 0..<50 {
            let word = round % 2 == 0 ? "failed" : "paused"
            try folder.save(WatchedFolder.text(word), to: "specs/a.md", with: .renaming)
            #expect(try await watched.index()[specID("a")]?.status.rawValue == word)
        }
    }

    @Test("files that come, go, move and turn bad are told of once each")
    func comesAndGoes() async throws {
        for name in ["a", "b", "c"] { try folder.write(WatchedFolder.text(), to: "specs/\(name).md") }
        try FileManager.default.createDirectory(atPath: folder.path("specs/sub"), withIntermediateDirectories: true)
        try await watched.following {
            try folder.write(WatchedFolder.text(), to: "specs/new.md")
            unlink(folder.path("specs/a.md"))
            rename(folder.path("specs/b.md"), folder.path("specs/sub/b.md"))
            try folder.write("---\nstatus: odd\n---\n", to: "specs/c.md")
            symlink(folder.path("specs/new.md"), folder.path("specs/link.md"))
            try await watched.expect(["new created", "a removed", "b edited", "c edited", "link created"])
            let index = try await watched.index()
            #expect(index[try specID("b")]?.path == ".chant/specs/sub/b.md")
            #expect(index.unreadable.map(\.id) == ["c", "link"])
            try folder.write("# Mended\n", to: "specs/c.md")
            try await eventually("c can be read") { try await watched.index()[specID("c")] != nil }
        }
    }

    @Test("a file that is being written is not read half")
    func halfWritten() async throws {
        try folder.write(WatchedFolder.text(), to: "specs/a.md")
        // The rest may be long in coming on a busy machine, and what stands still for the patience is read.
        let watched = WatchedFolder(folder, patience: .seconds(2))
        try await watched.following {
            let file = open(folder.path("specs/a.md"), O_WRONLY | O_TRUNC)
            // A folder is made meanwhile, so that everything is looked at.
            mkdir(folder.path("specs/sub"), 0o755)
            try await eventually("the folder was seen") { try await watched.index().generation >= 1 }
            let text = Array(WatchedFolder.text("failed").utf8)
            Glibc.write(file, text, text.count)
            close(file)
            try await watched.expect(["a pending failed"])
        }
    }

    @Test("folders that are made, moved and removed are followed, archive included")
    func folders() async throws {
        try folder.write(WatchedFolder.text(), to: "specs/a.md")
        try await watched.following {
            try folder.write(WatchedFolder.text(), to: "specs/x/y/b.md")
            try await watched.expect(["b created"])
            try folder.write(WatchedFolder.text("failed"), to: "specs/x/y/b.md")
            try await watched.expect(["b created", "b pending failed"])
            rename(folder.path("specs/x"), folder.path("specs/z"))
            try await watched.expect(["b created", "b pending failed", "b edited"])
            try folder.write(WatchedFolder.text("paused"), to: "specs/z/y/b.md")
            try await watched.expect(["b created", "b pending failed", "b edited", "b failed paused"])
            mkdir(folder.path("archive"), 0o755)
            rename(folder.path("specs/z"), folder.path("archive/z"))
            try await eventually("b is archived") { try await watched.index()[specID("b")]?.archived == true }
            try FileManager.default.removeItem(atPath: folder.path("archive"))
            try await eventually("b is gone") { try await watched.index()[specID("b")] == nil }
        }
        #expect(watched.changes.suffix(2) == ["b edited", "b removed"])
    }

    @Test("a folder that takes the place of specs/ is followed as well")
    func rootReplaced() async throws {
        try folder.write(WatchedFolder.text(), to: "specs/a.md")
        try await watched.following {
            try folder.write(WatchedFolder.text("failed"), to: "other/a.md")
            rename(folder.path("specs"), folder.path("old"))
            rename(folder.path("other"), folder.path("specs"))
            try await watched.expect(["a pending failed"])
            try folder.write(WatchedFolder.text("paused"), to: "old/a.md")
            try folder.write(WatchedFolder.text("completed"), to: "specs/a.md")
            try await watched.expect(["a pending failed", "a failed completed"])
        }
    }

    @Test("R1: the store's own writes are in the index at once, and are no news")
    func ownWrites() async throws {
        try folder.write(WatchedFolder.text(), to: "specs/a.md")
        try await watched.following {
            for status in [SpecStatus.failed, .paused, .failed] {
                _ = try await watched.store.edit(specID("a")) { document throws(SpecError) in
                    try document.with(status: status)
                }
                #expect(try await watched.index()[specID("a")]?.status == status)
            }
            _ = try await watched.store.create(specID("b"), bytes: Array(WatchedFolder.text().utf8))
            #expect(try await watched.index()[specID("b")] != nil)
            try await watched.expect([])
        }
    }

    @Test("an edit of a person's and ours on top of it are two changes, and theirs is told")
    func editedBefore() async throws {
        try folder.write(WatchedFolder.text(), to: "specs/a.md")
        try await watched.following {
            try folder.write(WatchedFolder.text("pending", "# Person\n"), to: "specs/a.md")
            _ = try await watched.store.edit(specID("a")) { document throws(SpecError) in
                try document.with(status: .failed)
            }
            try await watched.expect(["a edited"])
            #expect(try folder.text("specs/a.md") == WatchedFolder.text("failed", "# Person\n"))
        }
    }

    @Test("what git writes for the service is told as the service's own")
    func expectedWrites() async throws {
        try folder.write(WatchedFolder.text(), to: "specs/a.md")
        _ = try await watched.index()
        let path = folder.path("specs/a.md")
        await watched.store.expectWrites(to: [path])
        // By renames: what is written in place is told of when no half-started program has the file open.
        try folder.save(WatchedFolder.text("failed"), to: "specs/a.md", with: .renaming)
        try folder.save(WatchedFolder.text(), to: "specs/b.md", with: .renaming)
        try await watched.store.tookPlace(at: [path])
        try folder.save(WatchedFolder.text("paused"), to: "specs/a.md", with: .renaming)
        let changes = try await watched.store.takeChanges()
        #expect(changes.map { "\($0.id) \($0.isOwn)" } == ["a true", "b false", "a false"])
    }

    @Test("one edit among many reads one file and looks at no other")
    func costsWhatChanged() async throws {
        for number in 0..<200 { try folder.write(WatchedFolder.text(), to: "specs/s\(number).md") }
        // What was written a moment ago is looked at once more later, since it may not be complete.
        let last = Double(try LocalFileSystem().stamp(folder.path("specs/s199.md")).modified) / 1e9
        try await eventually("no file is young any more") { Date.now.timeIntervalSince1970 - last > 0.05 }
        _ = try await watched.index()
        let (reads, stamps) = (watched.files.reads, watched.files.stamps)
        for _ in 0..<100 { _ = try await watched.index() }
        #expect(watched.files.reads == reads && watched.files.stamps == stamps)
        try folder.write(WatchedFolder.text("failed"), to: "specs/s7.md")
        #expect(try await watched.index()[specID("s7")]?.status == .failed)
        #expect(watched.files.reads == reads + 1)
        #expect(watched.files.stamps <= stamps + 3)
    }

    @Test("a queue that ran over loses nothing")
    func overflow() async throws {
        let limit = (try? String(contentsOfFile: "/proc/sys/fs/inotify/max_queued_events", encoding: .utf8)) ?? ""
        let events = Int(limit.prefix { $0.isNumber }) ?? 16_384
        try #require(events <= 200_000, "the queue of this machine is too long to be filled")
        try folder.write(WatchedFolder.text(), to: "specs/a.md")
        _ = try await watched.index()
        for number in 0..<(events / 2 + 10) {
            // Three events each: made, closed, and the names differ, so that none is merged.
            close(creat(folder.path("specs/x\(number % 2000).tmp\(number)"), 0o600))
        }
        try folder.write(WatchedFolder.text("failed"), to: "specs/a.md")
        try await eventually("seen by the scan that follows", within: .seconds(1)) {
            try await watched.index()[specID("a")]?.status == .failed
        }
        try folder.write(WatchedFolder.text("paused"), to: "specs/a.md")
        try await eventually("the index has it") { try await watched.index()[specID("a")]?.status == .paused }
    }

    @Test("where watches have run out all files are looked at, until there are enough again")
    func withoutWatches() async throws {
        try folder.write(WatchedFolder.text(), to: "specs/a.md")
        let watching = SpecWatching(polling: .milliseconds(50), inotify: Inotify(watchLimit: 1))
        let watched = WatchedFolder(folder, watching)
        try await watched.following {
            #expect(await !watched.store.isTold)
            // By renames: who only looks now and then may see a file that is being written in place.
            try folder.save(WatchedFolder.text("failed"), to: "specs/a.md", with: .renaming)
            #expect(try await watched.index()[specID("a")]?.status == .failed)
            try folder.save(WatchedFolder.text(), to: "specs/deep/b.md", with: .renaming)
            try await watched.expect(["a pending failed", "b created"])
        }
    }

    @Test("a link in the place of a folder is never followed")
    func linkedFolder() async throws {
        try folder.write(WatchedFolder.text(), to: "specs/sub/a.md")
        try folder.write(WatchedFolder.text("failed"), to: "elsewhere/a.md")
        _ = try await watched.index()
        rename(folder.path("specs/sub"), folder.path("gone"))
        symlink(folder.path("elsewhere"), folder.path("specs/sub"))
        await #expect(throws: SpecError.notFound("a")) { try await watched.store.read(specID("a")) }
        try await eventually("the index knows no a") { try await watched.index()[specID("a")] == nil }
    }
}
