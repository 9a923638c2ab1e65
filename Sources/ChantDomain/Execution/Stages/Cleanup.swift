import Logging

extension SpecExecutor {
    /// Stage 6: always, without cancellation, and without a say in the outcome: the worktree by policy (R53).
    func cleanUp(_ ending: RunEnding, _ context: RunContext) async {
        if let worktree = context.traces.worktree {
            do {
                let keep = ending.isPaused || ending.keepsWorktree && rooms.configuration.server.keepFailed > .zero
                let left = try await rooms.worktrees.giveBack(
                    worktree,
                    run: context.run,
                    holding: keep ? .keep : .remove,
                    placed: placed(context),
                    droppingBranchIn: ending.isCompleted ? rooms.target : nil
                )
                if let left { note(left, context) }
            } catch {
                rooms.logger.warning(
                    "worktree kept",
                    metadata: ["run": "\(context.run)", "path": "\(worktree.path)", "why": "\(error)"]
                )
            }
        }
    }

    /// The spec as it was placed, or as the agent left it: both are kept in the run's folder, so neither is a leftover.
    private func placed(_ context: RunContext) -> [PlacedFile] {
        let folder = rooms.folder(of: context.run)
        let kept =
            (try? LocalFileSystem().read(folder.specAfterFile)) ?? (try? LocalFileSystem().read(folder.specBeforeFile))
        return kept.map { [PlacedFile(path: context.specPath, bytes: $0)] } ?? []
    }

    private func note(_ left: LeftOver, _ context: RunContext) {
        rooms.logger.info("leftovers stored", metadata: ["run": "\(context.run)", "ref": "\(left.ref)"])
    }
}

extension RunEnding {
    /// Whether the run's work is on the target.
    var isCompleted: Bool {
        if case .completed = self { true } else { false }
    }

    /// Whether somebody will go on in its worktree (R71).
    var isPaused: Bool {
        if case .failed(let failure) = self { failure.leavesPaused } else { false }
    }

    /// R53: a worktree is kept for a person where the run failed or needs one; work that only waits for a word needs none.
    var keepsWorktree: Bool {
        switch self {
        case .completed: false
        case .failed(let failure):
            (failure.outcome == .failed || failure.outcome == .needsAttention)
                && ![.awaitingMerge, .awaitingApproval].contains(failure.reason)
        }
    }
}
