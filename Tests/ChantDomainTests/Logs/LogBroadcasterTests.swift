import ChantTesting
import Foundation
import Synchronization
import Testing

@testable import ChantDomain

@Suite struct LogBroadcasterTests {
    @Test("R33: readers are woken by growth, and once by the end")
    func signals() async throws {
        let log = try GrowingLog()
        let subscription = log.broadcaster.subscribe(log.runFolder.run)
        var iterator = subscription.makeAsyncIterator()
        try log.append(Array("a".utf8))
        #expect(await iterator.next() == .changed)
        try log.append(Array("b".utf8))
        #expect(await iterator.next() == .changed)
        try log.append(Array("c".utf8))
        log.end()
        #expect(await iterator.next() == .ended)
        #expect(await iterator.next() == nil)
    }

    @Test("who subscribes before the run has a folder is woken when it has one")
    func early() async throws {
        let folder = try ScratchFolder()
        let broadcaster = LogBroadcaster()
        let runFolder = RunFolder(stateFolder: folder.path, run: RunID(at: Date()))
        var iterator = broadcaster.subscribe(runFolder.run).makeAsyncIterator()
        broadcaster.begin(runFolder)
        #expect(await iterator.next() == .changed)
        // The folder is not there yet, so that the kernel could not be asked: sizes are looked at.
        try FileManager.default.createDirectory(atPath: runFolder.path, withIntermediateDirectories: true)
        try Data("x".utf8).write(to: URL(fileURLWithPath: runFolder.outFile))
        #expect(await iterator.next() == .changed)
    }

    @Test("R33: a reader that does not read costs one signal, and hears of the end all the same")
    func slow() async throws {
        let log = try GrowingLog()
        let subscription = log.broadcaster.subscribe(log.runFolder.run)
        for _ in 0..<200 { try log.append([0x61]) }
        log.end()
        var seen: [LogSignal] = []
        for await signal in subscription { seen.append(signal) }
        #expect(seen == [.ended])
    }

    @Test("many readers of many runs hear of their own run only")
    func many() async throws {
        let logs = try (0..<5).map { _ in try GrowingLog() }
        let broadcaster = LogBroadcaster()
        for log in logs { broadcaster.begin(log.runFolder) }
        let readers = logs.map { log in (0..<20).map { _ in broadcaster.subscribe(log.runFolder.run) } }
        try logs[2].append([0x61])
        for reader in readers[2] {
            var iterator = reader.makeAsyncIterator()
            #expect(await iterator.next() == .changed)
        }
        for log in logs { broadcaster.end(log.runFolder.run) }
        for (index, group) in readers.enumerated() where index != 2 {
            for reader in group {
                var iterator = reader.makeAsyncIterator()
                #expect(await iterator.next() == .ended)
            }
        }
    }

    @Test("a reader that is gone is forgotten")
    func dropped() throws {
        let log = try GrowingLog()
        do {
            let subscription = log.broadcaster.subscribe(log.runFolder.run)
            #expect(log.broadcaster.readerCount(of: log.runFolder.run) == 1)
            withExtendedLifetime(subscription) {}
        }
        #expect(log.broadcaster.readerCount(of: log.runFolder.run) == 0)
    }

    @Test("R33: where the kernel tells nothing, a second reader does not keep growth from the first")
    func unwatched() async throws {
        let log = try GrowingLog()
        let run = log.runFolder.run
        let broadcaster = LogBroadcaster(watch: FolderWatch(inotify: Inotify(watchLimit: 0)))
        broadcaster.begin(log.runFolder)
        let first = broadcaster.subscribe(run)
        try log.append([0x61])
        let second = broadcaster.subscribe(run)
        let isTold = Mutex(false)
        let listener = Task {
            for await signal in first where signal == .changed { isTold.withLock { $0 = true } }
        }
        defer { listener.cancel() }
        try await eventually("the first reader hears of it", within: .seconds(10)) { isTold.withLock { $0 } }
        withExtendedLifetime(second) {}
    }
}
