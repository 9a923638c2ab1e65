public import Foundation
import Logging
import Synchronization

/// Drops what has grown beyond its limits, the oldest first, and nothing that somebody needs (R71).
///
/// A sweep works in small parts, so that it never holds up the journal or git.
actor Retention {
    let rooms: ExecutionRooms
    let limits: ServerKeys.Retention
    private var folders: RunFolders
    private let found = Mutex<KeptSizes?>(nil)

    /// What the last sweep found, without waiting for one; `nil` before the first.
    nonisolated var sizes: KeptSizes? { found.withLock { $0 } }

    /// How many runs are looked at at once.
    private static let part = 64
    /// A folder that the journal does not know may be of a run that it will know in a moment.
    private static let strangersAge: TimeInterval = 24 * 3600
    /// A log of all runs that was written later than this after a run's end was written by somebody else.
    private static let afterwards: TimeInterval = 60

    init(rooms: ExecutionRooms) {
        self.rooms = rooms
        limits = rooms.configuration.server.retention
        folders = RunFolders(stateFolder: rooms.stateFolder)
    }

    /// Now and then regularly, until the task is cancelled.
    func sweepRegularly() async {
        while !Task.isCancelled {
            await sweep()
            do { try await Surroundings.sleep(for: limits.every) } catch { return }
        }
    }

    /// Looks at everything once.
    func sweep() async {
        do {
            let live = Set(try rooms.journal.liveRuns().map(\.id))
            await measure(growing: live)
            let branches = try await rooms.git.branches(withPrefix: rooms.configuration.defaults.branchPrefix)
            let worktrees = Set(await rooms.worktrees.names())
            try await dropRuns(branches, worktrees)
            try rooms.journal.dropEmptyOrders(
                settledBefore: rooms.now().addingTimeInterval(-(limits.runsAge / .seconds(1)))
            )
            try dropStrangers()
            try await dropEvents()
            let refs = try await dropRefs(branches, live)
            let sizes = KeptSizes(
                runBytes: folders.bytes,
                refs: refs,
                worktrees: worktrees.count,
                at: rooms.now()
            )
            found.withLock { $0 = sizes }
        } catch {
            guard !Task.isCancelled else { return }
            rooms.logger.warning("retention: not everything could be looked at", metadata: ["error": "\(error)"])
        }
    }

    private func measure(growing: Set<RunID>) async {
        var folders = folders
        await folders.measure(growing: growing)
        self.folders = folders
    }

    // MARK: - Runs and their logs

    private func dropRuns(_ branches: Set<String>, _ worktrees: Set<String>) async throws(JournalError) {
        let cutoff = rooms.now().addingTimeInterval(-(limits.runsAge / .seconds(1)))
        var excess = (
            bytes: folders.bytes - limits.runsBytes, runs: try rooms.journal.figures().runs - limits.runsCount
        )
        var after: RunID?
        while !Task.isCancelled {
            let page = try rooms.journal.expendableRuns(project: rooms.project.path, after: after, limit: Self.part)
            guard let last = page.last?.id else { return }
            after = last
            var due: [ExpendableRun] = []
            var isYoung = true
            for run in page {
                if run.finishedAt < cutoff { isYoung = false }
                guard run.finishedAt < cutoff || excess.bytes > 0 || excess.runs > 0,
                    !isHeld(run, branches, worktrees)
                else { continue }
                due.append(run)
                excess.bytes -= folders.bytes(of: run.id)
                excess.runs -= 1
            }
            try await drop(due)
            if isYoung, excess.bytes <= 0, excess.runs <= 0 { return }
            await Surroundings.yield()
        }
    }

    /// Whether a person may still go on with it: from its worktree, or with the branch that nothing has finished.
    private func isHeld(_ run: ExpendableRun, _ branches: Set<String>, _ worktrees: Set<String>) -> Bool {
        worktrees.contains(run.id.text)
            || (run.isLatest && run.outcome != .completed && branches.contains(run.branch))
    }

    private func drop(_ due: [ExpendableRun]) async throws(JournalError) {
        let dropped = Set(try rooms.journal.drop(due.map(\.id)))
        for run in due where dropped.contains(run.id) {
            if run.isLatest { dropLogOfAllRuns(run) }
            remove(run.id)
            // Folders with many or large files take a while, and others need the thread.
            await Surroundings.yield()
        }
        guard !dropped.isEmpty else { return }
        rooms.logger.info("retention: runs dropped", metadata: ["runs": "\(dropped.count)"])
    }

    /// The spec's log of all runs goes with its last run, if that was the last to write it; what only the original has
    /// written is not the service's to remove.
    private func dropLogOfAllRuns(_ run: ExpendableRun) {
        let transcript = rooms.folder(of: run.id).transcriptFile
        let path = "\(rooms.project.path)/logs/\(run.specID).log"
        guard let status = try? LocalFileSystem().stamp(transcript), status.size > 0,
            let changed = LogFile(path: path).changedAt,
            changed < run.finishedAt.addingTimeInterval(Self.afterwards)
        else { return }
        try? FileManager.default.removeItem(atPath: path)
    }

    private func remove(_ run: RunID) {
        do throws(FileError) {
            try folders.remove(run)
        } catch {
            rooms.logger.warning("retention: a run's folder stays", metadata: ["run": "\(run)", "error": "\(error)"])
        }
    }

    /// Folders of runs that the journal does not know: cut off between row and folder, or of a journal that was lost.
    private func dropStrangers() throws(JournalError) {
        let now = rooms.now()
        let oldest = now.addingTimeInterval(
            folders.bytes > limits.runsBytes
                ? -Self.strangersAge : -max(limits.runsAge / .seconds(1), Self.strangersAge)
        )
        for run in folders.runs.prefix(while: { $0.time < oldest }).prefix(Self.part) {
            guard let changed = folders.changed(run), changed < oldest, try rooms.journal.run(run) == nil,
                // A supervisor of any version touches its heartbeat while its agent lives.
                (folders.changed(run, file: "heartbeat") ?? .distantPast) < oldest
            else { continue }
            remove(run)
        }
    }

    // MARK: - Events

    private func dropEvents() async throws(JournalError) {
        let cutoff = rooms.now().addingTimeInterval(-(limits.eventsAge / .seconds(1)))
        while !Task.isCancelled {
            let dropped = try rooms.journal.dropEvents(before: cutoff, keeping: limits.eventsCount)
            guard dropped > 0 else { return }
            await Surroundings.yield()
        }
    }
}

/// What retention found when it last looked.
public struct KeptSizes: Sendable, Equatable {
    /// Bytes of all runs' folders.
    public let runBytes: Int
    /// Refs that keep branch tips and what agents left.
    public let refs: Int
    /// Worktrees of this repository.
    public let worktrees: Int
    /// When it looked.
    public let at: Date
}
