import Foundation
import Logging

/// What an earlier service could not write or undo, for example because its disk was full.
extension Recovery {
    /// How long a status that could not be written stays so, at most, where it can be written again.
    private static let pause: Duration = .seconds(300)

    /// At start: writes what is due, and drops finishing refs that nobody needs.
    func mend() async {
        await mendStatuses()
        do {
            try await dropFinishRefs()
        } catch {
            rooms.logger.error("finishing refs kept", metadata: ["error": "\(error)"])
        }
    }

    /// Every five minutes until the task is cancelled.
    func mendRegularly() async {
        while !Task.isCancelled {
            do { try await Surroundings.sleep(for: Self.pause) } catch { return }
            await mendStatuses()
        }
    }

    /// Writes statuses that the ends of runs had asked for in vain (R43).
    func mendStatuses() async {
        let rows: [SpecRow]
        do { rows = try await rooms.store.index().rows } catch {
            return rooms.logger.error("statuses not looked at", metadata: ["error": "\(error)"])
        }
        for spec in rows.compactMap(\.spec) where spec.status == .inProgress {
            do {
                guard try unwritten(spec.id) != nil else { continue }
                try await rooms.claims.withClaim(of: spec.id, as: "mend \(spec.id)", orThrow: CancellationError()) {
                    // A run that has begun since wrote the status itself.
                    if let run = try unwritten(spec.id) { try await write(run, spec.id) }
                }
            } catch {
                // The others may be written all the same.
                rooms.logger.error("status not mended", metadata: ["spec": "\(spec.id)", "error": "\(error)"])
            }
        }
    }

    /// The settled run whose status is missing in the spec's file; another program that works there writes its own.
    private func unwritten(_ spec: SpecID) throws(JournalError) -> Run? {
        guard let run = try lastToWrite(spec), !run.state.isLive,
            run.warnings.contains(where: { $0.code == .statusNotWritten }),
            SpecOwner.foreignLock(of: spec, chantFolder: rooms.project.path) == nil
        else { return nil }
        return run
    }

    /// The latest run of a spec, or the one before it where that has not touched the file: it waits, or was refused since
    /// the status was not written.
    private func lastToWrite(_ spec: SpecID) throws(JournalError) -> Run? {
        var run = try rooms.journal.latestRun(of: spec, project: rooms.project.path)
        while let later = run, later.state == .queued || later.outcome == .refused, let earlier = later.retryOf {
            run = try rooms.journal.run(earlier)
        }
        return run
    }

    private func write(_ run: Run, _ spec: SpecID) async throws(SpecError) {
        if let reason = run.reason {
            guard let event = event(of: run, reason) else { return }
            try await rooms.lifecycle.leaveIfInProgress(spec, event)
            if event == .cancel { await rooms.completeDrivers(after: spec) }
        } else {
            let commit = run.mergeCommit.flatMap { ObjectID($0) }
            _ = await rooms.finisher.completeFiles(await finish(of: run, spec), commit: commit)
        }
        rooms.logger.notice("status written after all", metadata: ["spec": "\(spec)", "run": "\(run.id)"])
    }

    /// What the run's end had asked for: a run that follows it must be able to start.
    private func event(of run: Run, _ reason: RunReason) -> SpecEvent? {
        let usual = StageFailure(reason, "").specEvent
        guard run.nextRun != nil, run.outcome == .failed || run.outcome == .interrupted else { return usual }
        return rooms.pausedWork.isUntouched(by: run) ? .pause : .release
    }

    /// Those of settled runs, except where a run's end could not be decided: then the ref is the evidence (R58).
    private func dropFinishRefs() async throws {
        let refs = try await rooms.git.run(["for-each-ref", "--format=%(refname:lstrip=3)", "refs/chant/finish/"])
        for id in refs.lines.compactMap({ RunID($0) }) {
            guard let run = try rooms.journal.run(id), run.projectPath == rooms.project.path, !run.state.isLive,
                run.problem?.members["commit"] == nil,
                try run.mergeCommit != nil || rooms.journal.finishing(run: id)?.merge == nil
            else { continue }
            await rooms.finisher.dropFinishRef(of: id)
        }
    }
}

extension RunWarning {
    /// The spec's file still says `in_progress`, because it could not be written; `nil` where there is nothing to write to.
    static func statusNotWritten(_ error: any Error, saying detail: String? = nil) -> RunWarning? {
        switch error {
        case SpecError.notFound, SpecError.unreadable, SpecError.illegalTransition, SpecError.header: nil
        default:
            RunWarning(
                .statusNotWritten,
                "The spec's file could not be written when the run ended (\(detail ?? "\(error)")); the service writes it as soon as it can, at the latest when it starts again."
            )
        }
    }
}
