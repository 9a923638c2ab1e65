import Logging

extension SpecExecutor {
    /// Stage 6: always, without cancellation, and without a say in the outcome: worktree by policy, then the lock (R53, R35).
    func cleanUp(_ ending: RunEnding, _ context: RunContext) async {
        if let worktree = context.traces.worktree {
            do {
                let keep = ending.keepsWorktree && rooms.configuration.server.keepFailed > .zero
                try await rooms.worktrees.giveBack(
                    worktree, run: context.run, holding: keep ? .keep : .remove, specPath: rooms.specPath(context.spec))
            } catch {
                rooms.logger.warning(
                    "worktree kept", metadata: ["run": "\(context.run)", "path": "\(worktree.path)", "why": "\(error)"])
            }
        }
        context.traces.lock?.release()
    }
}

extension RunEnding {
    /// R53: a worktree is kept for a person where the run failed or needs one; work that only waits for its merge needs none.
    var keepsWorktree: Bool {
        switch self {
        case .completed: false
        case .failed(let failure):
            (failure.outcome == .failed || failure.outcome == .needsAttention) && failure.reason != .awaitingMerge
        }
    }
}
