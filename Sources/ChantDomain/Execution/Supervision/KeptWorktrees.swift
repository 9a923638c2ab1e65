import Foundation
import Logging

/// Looks after the worktrees that were kept for a person (R53): they go after `server.keep_failed`, what nobody holds
/// being stored first.
struct KeptWorktrees: Sendable {
    let rooms: ExecutionRooms

    private static let pause: Duration = .seconds(600)

    /// At start: what no run owns any more is cleared away, and what is due goes.
    func sweepAtStart() async {
        for line in await rooms.worktrees.recoverOwn(live: kept().union(await foreign())) {
            rooms.logger.info("\(line)")
        }
        await sweep()
    }

    /// Every ten minutes until the task is cancelled.
    func sweepRegularly() async {
        while !Task.isCancelled {
            do { try await Task.sleep(for: Self.pause) } catch { return }
            await sweep()
        }
    }

    private func sweep() async {
        for name in await rooms.worktrees.names() {
            guard let run = run(named: name), !run.state.isLive, isDue(run),
                let worktree = worktree(of: run, named: name)
            else { continue }
            do {
                _ = try await rooms.worktrees.giveBack(worktree, run: run.id, holding: .remove)
            } catch {
                rooms.logger.warning("worktree kept", metadata: ["run": "\(run.id)", "why": "\(error)"])
            }
        }
    }

    /// The worktrees of runs that may still need theirs.
    private func kept() -> Set<String> {
        let settled = (try? rooms.journal.runs(RunQuery(projectPath: rooms.project.path, limit: 500)).items) ?? []
        return Set(settled.compactMap { $0.worktree?.split(separator: "/").last.map(String.init) })
    }

    /// Worktrees of runs that this journal does not know: another service's of the same repository (R70).
    private func foreign() async -> [String] {
        await rooms.worktrees.names().filter { RunID($0) != nil && run(named: $0) == nil }
    }

    private func isDue(_ run: Run) -> Bool {
        let keeps = run.outcome == .failed || run.outcome == .needsAttention
        let limit = rooms.configuration.server.keepFailed / .seconds(1)
        return !keeps || run.finishedAt.map { rooms.now().timeIntervalSince($0) > limit } ?? true
    }

    private func run(named name: String) -> Run? {
        // A worktree made at the second attempt has a number behind the run's id.
        guard let id = RunID(String(name.prefix { $0 != "-" })) else { return nil }
        return try? rooms.journal.run(id)
    }

    private func worktree(of run: Run, named name: String) -> Worktree? {
        guard let path = run.worktree, path.hasSuffix("/" + name), let branch = BranchName(run.branch),
            let base = run.baseCommit.flatMap({ ObjectID($0) })
        else { return nil }
        return Worktree(path: path, name: name, branch: branch, base: base)
    }
}
