import Logging

/// The worktrees of the runs that an earlier service left.
extension Recovery {
    /// The worktree goes, what nobody holds being stored first (R53), unless somebody will go on in it.
    func giveBackWorktree(of run: Run, _ spec: SpecID, isCompleted: Bool) async {
        guard let worktree = Worktree(of: run) else { return }
        let isPaused = rooms.pausedWork.isLeft(by: (try? rooms.journal.run(run.id)) ?? run)
        do {
            _ = try await rooms.worktrees.giveBack(
                worktree,
                run: run.id,
                holding: isPaused ? .keep : .remove,
                placed: await placed(run, spec),
                droppingBranchIn: isCompleted ? rooms.target : nil
            )
        } catch {
            rooms.logger.warning(
                "worktree kept",
                metadata: ["run": "\(run.id)", "path": "\(worktree.path)", "why": "\(error)"]
            )
        }
    }

    /// The spec as it was placed, which is no leftover (R53).
    private func placed(_ run: Run, _ spec: SpecID) async -> [PlacedFile] {
        let file = rooms.folder(of: run.id).specBeforeFile
        guard let bytes = try? LocalFileSystem().read(file) else { return [] }
        let found = try? await rooms.store.read(spec)
        return [PlacedFile(path: found.map(rooms.repositoryPath) ?? rooms.specPath(spec), bytes: bytes)]
    }
}
