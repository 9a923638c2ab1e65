import Foundation
import Logging

/// Carries one run through its six stages; the same for every mode.
///
/// The output of a stage is the only input of the next, and whatever ends the run — its success, a failure of any
/// stage, a stop — goes through the one `settle`.
struct SpecExecutor: Sendable {
    let rooms: ExecutionRooms
    let settlement: Settlement

    /// Executes a queued run to its outcome; returns once it is settled and cleaned up.
    ///
    /// - Parameters:
    ///   - queued: the run.
    ///   - agent: the agent that was chosen for it now, where that had been left open.
    ///   - control: how it is stopped.
    /// - Returns: `false` where the journal did not let it begin, so that it is still queued.
    func execute(_ queued: Run, _ agent: Agent?, _ control: RunControl) async -> Bool {
        guard let spec = SpecID(queued.specID) else { return false }
        let run: Run
        switch begin(queued, agent) {
        case .begun(let begun): run = begun
        case .settledMeanwhile: return true
        case .failed: return false
        }
        // Journaled while it was queued, and not obeyed yet.
        if let reason = run.stopReason { _ = await control.stop(reason, patience: .zero) }
        let context = RunContext(rooms: rooms, control: control, traces: RunTraces(), run: run.id, spec: spec)
        await carry(context) { () throws(StageFailure) in
            let validated = try await validate(run, context)
            let prepared = try await prepare(validated, context)
            return try await startAgent(prepared, context)
        }
        return true
    }

    /// Goes on with a run whose agent an earlier service had started: the same stages, the same end.
    func goOn(_ adopted: AdoptedRun) async {
        adopted.context.traces.isAdopted = true
        await carry(adopted.context) { () throws(StageFailure) in adopted.started }
    }

    /// From the agent's start to the end; where the service leaves its agents to the next one, nothing is settled.
    private func carry(
        _ context: RunContext,
        _ start: () async throws(StageFailure) -> StartedRun
    ) async {
        guard let ending = await ending(context, start) else { return }
        await withoutCancellation {
            // What is not settled is left as a crash leaves it.
            if let settled = await settlement.settle(ending, context) { await cleanUp(settled, context) }
        }
    }

    private enum Beginning {
        case begun(Run)
        case settledMeanwhile
        case failed
    }

    /// The stages in order.
    private func ending(
        _ context: RunContext,
        _ start: () async throws(StageFailure) -> StartedRun
    ) async -> RunEnding? {
        do throws(StageFailure) {
            guard let invoked = try await invoke(try await start(), context) else { return nil }
            let collected = try await collectCommits(invoked, context)
            return .completed(try await finalize(collected, context))
        } catch {
            return .failed(error.addingDenials(context.traces.deniedTools))
        }
    }

    /// Takes the run out of the queue.
    private func begin(_ queued: Run, _ agent: Agent?) -> Beginning {
        do {
            let run = try rooms.journal.update(queued.id, from: [.queued]) { run in
                if let agent { rooms.drafts.give(&run, to: agent) }
                run.state = .preparing
                run.stage = .validate
                run.startedAt = rooms.now()
                run.timings.queuedMs = milliseconds(from: queued.queuedAt, to: rooms.now())
            }
            return .begun(run)
        } catch {
            if case .stale = error { return .settledMeanwhile }
            rooms.logger.error("run not started", metadata: ["run": "\(queued.id)", "why": "\(error)"])
            return .failed
        }
    }

    /// Journals that the run has reached `stage`, and stops here when somebody asked for it.
    func enter(
        _ stage: Stage,
        _ state: RunState,
        _ context: RunContext,
        _ change: (inout Run) -> Void = { _ in }
    ) throws(StageFailure) -> Run {
        try context.control.checkpoint()
        do {
            return try rooms.journal.update(context.run, from: [.preparing, .running, .settling]) { run in
                run.state = state
                run.stage = stage
                change(&run)
            }
        } catch {
            throw .unexpected(error, while: "journaling the stage \(stage.rawValue)")
        }
    }
}

/// How the stages of a run ended.
enum RunEnding: Sendable {
    case completed(FinalizedRun)
    case failed(StageFailure)
}

/// The time between two moments in whole milliseconds.
func milliseconds(from start: Date, to end: Date) -> Int {
    max(0, Int((end.timeIntervalSince(start) * 1000).rounded()))
}
