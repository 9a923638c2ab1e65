import Foundation
import Synchronization
import Testing

@testable import ChantDomain

/// A run's log that somebody writes to, with its broadcaster and what the journal would know.
final class GrowingLog: Sendable {
    let folder: ScratchFolder
    let runFolder: RunFolder
    let broadcaster = LogBroadcaster()
    private let hasEnded = Mutex(false)

    init() throws {
        folder = try ScratchFolder()
        runFolder = RunFolder(stateFolder: folder.path, run: RunID(at: Date()))
        try FileManager.default.createDirectory(atPath: runFolder.path, withIntermediateDirectories: true)
        broadcaster.begin(runFolder)
    }

    func append(_ bytes: [UInt8]) throws {
        try folder.append(bytes, to: "runs/\(runFolder.run)/out.log")
    }

    /// Settles the run: first in the journal, then for those who listen.
    func end() {
        hasEnded.withLock { $0 = true }
        broadcaster.end(runFolder.run)
    }

    /// A reader that comes (back) with an offset: subscribes, then asks the journal.
    func follower(
        _ view: LogView,
        from offset: Int,
        masking redactor: SecretRedactor = SecretRedactor()
    ) -> LogFollower {
        let signals = broadcaster.subscribe(runFolder.run)
        return LogFollower(
            LogReader(runFolder, agentStarted: false).masking(by: redactor),
            view: view,
            from: offset,
            signals: signals,
            hasEnded: hasEnded.withLock { $0 }
        )
    }
}
