import Foundation
import Logging

/// Ends that somebody asked for.
extension Settlement {
    /// What a takeover leaves in the spec, put into the two copies of it that a later merge compares with the file (R57).
    ///
    /// - Parameters:
    ///   - run: the run.
    ///   - failure: how it ends; anything but a takeover leaves nothing.
    ///   - path: where the spec was placed inside its worktree, where it was.
    /// - Returns: what goes into the spec's file.
    func note(of run: Run, _ failure: StageFailure, at path: String?) async -> TakeoverNote? {
        guard failure.reason == .takeover, let spec = SpecID(run.specID) else { return nil }
        let folder = RunFolder(stateFolder: stateFolder, run: run.id)
        let report = TakeoverReport(of: run, in: folder, masking: redactor)
        let note = TakeoverNote(report, knownIn: try? await lifecycle.store.read(spec).document)
        do {
            let placed = SpecDocument(bytes: try LocalFileSystem().read(folder.specBeforeFile))
            try LocalFileSystem().replace(note.added(to: placed).bytes, at: folder.specBeforeFile, mode: 0o600)
            guard let path, let worktree = Worktree(of: run) else { return note }
            let copy = SpecCopy(worktree: worktree, path: path)
            if let bytes = try copy.read() { try copy.write(note.added(to: SpecDocument(bytes: bytes)).bytes) }
        } catch {
            // Nothing was placed yet, or it is gone: then there is nothing to merge with.
            logger.debug("takeover noted in the spec only", metadata: ["run": "\(run.id)", "why": "\(error)"])
        }
        return note
    }

    /// The same after a restart: only a status that the interrupted run had written is changed, since the crash may have
    /// come before it wrote one, or after it wrote its last.
    func leaveAfterRestart(_ spec: SpecID, _ event: SpecEvent?, _ note: TakeoverNote? = nil) async -> [RunWarning] {
        guard let event else { return [] }
        do {
            try await lifecycle.leaveIfInProgress(spec, event) { note?.added(to: $0) ?? $0 }
            if event == .cancel { await lifecycle.completeDrivers(after: spec, at: now(), logger) }
            return []
        } catch {
            logger.error("spec status not written", metadata: ["spec": "\(spec)", "error": "\(error)"])
            return [.statusNotWritten(error)].compactMap(\.self)
        }
    }

    /// Settles a queued run that was taken out of the line.
    ///
    /// - Returns: whether it is settled now; `false` also where the spec's file could not be written: the run waits on.
    func settleWaiting(_ run: Run, _ reason: StopReason) async -> Bool {
        if let spec = SpecID(run.specID) {
            // The file first, as with every run: were the service to end here, the run's start would find it so.
            if reason == .specCancelled, await leave(spec, .cancel).contains(where: { $0.code == .statusNotWritten }) {
                return false
            }
            if run.notBefore != nil { await forgetRetry(of: spec) }
        }
        return await settle(run, as: .stopped(reason), mergeCommit: nil, warnings: [])
    }

    /// Takes out of a spec's file what it says about an attempt that does not come any more.
    func forgetRetry(of spec: SpecID) async {
        do {
            try await lifecycle.forgetRetry(spec)
        } catch {
            logger.warning("retry_state not removed", metadata: ["spec": "\(spec)", "error": "\(error)"])
        }
    }

    /// Settles a run that nobody can stop any more, because somebody with the right to says so (R44).
    ///
    /// - Parameters:
    ///   - run: the run, whose control was given up before.
    ///   - stopped: how many processes of it were stopped here.
    /// - Returns: whether it is settled now.
    func giveUp(_ run: Run, stopped: Int) async -> Bool {
        var evidence: [String: Evidence] = ["given_up": .flag(true), "stopped": .number(stopped)]
        if let process = try? journal.process(of: run.id), process.exitedAt == nil {
            evidence["pid"] = .number(Int(process.agent.pid))
        }
        let failure = StageFailure(
            .runCancelled,
            "The spec was reset by force while this run could not be stopped; whatever it still does is not looked at.",
            evidence
        )
        return await settle(run, as: failure, mergeCommit: nil, warnings: [])
    }
}

extension RunEnding {
    /// The same for a run that somebody was told would stop; what is on the target, or may be, stays there.
    func stopped(_ reason: StopReason) -> RunEnding {
        guard case .failed(let failure) = self, !failure.isUndecided else { return self }
        return .failed(.stopped(reason))
    }
}

extension Worktree {
    /// The worktree that a run works in; one that goes on with paused work has that of the first run.
    init?(of run: Run) {
        guard let path = run.worktree, let name = path.split(separator: "/").last, let branch = BranchName(run.branch),
            let base = run.baseCommit.flatMap({ ObjectID($0) })
        else { return nil }
        self.init(path: path, name: String(name), branch: branch, base: base)
    }
}
