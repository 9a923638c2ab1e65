import Logging

/// A run whose work is on the target and whose spec is completed on disk.
struct FinalizedRun: Sendable {
    let run: Run
    /// The one commit of the finishing protocol; `nil` where there was nothing to commit.
    let mergeCommit: ObjectID?

    init(run: Run, mergeCommit: ObjectID?) {
        self.run = run
        self.mergeCommit = mergeCommit
    }
}

extension SpecExecutor {
    /// Stage 5: judges the merged spec, then the finishing protocol F1–F4; F5 is the one `settle`.
    func finalize(_ collected: CollectedRun, _ context: RunContext) async throws(StageFailure) -> FinalizedRun {
        let reported = collected.invoked.report.model
        let run = try enter(.finalize, .settling, context) { run in run.model = reported ?? run.model }
        let place = collected.invoked.place
        let finish = Finish(
            run: run,
            spec: context.spec,
            placed: place.placed,
            left: collected.left ?? place.placed,
            branchTip: collected.commits.commits.isEmpty ? nil : collected.commits.tip,
            commits: collected.commits.short,
            model: ModelChoice.recorded(reported: reported, asked: run.model, agent: run.agent),
            criteria: run.options.criteria ?? rooms.configuration.server.criteria,
            merge: run.options.merge ?? rooms.configuration.server.merge,
            asksApproval: try await rooms.asksApproval(of: collected.commits.commits, in: run),
            keeping: [await rooms.conflictOriginal(place.placed)].compactMap(\.self)
        )
        let commit = try await context.traces.timingGit { () async throws(StageFailure) in
            try await rooms.settlements.merging { () async throws(StageFailure) in
                try await rooms.finisher.finish(finish, context.control, warn: context.traces.warn)
            }
        }
        rooms.logger.info(
            "finalized",
            metadata: ["spec": "\(context.spec)", "run": "\(run.id)", "commits": "\(finish.commits.count)"]
        )
        return FinalizedRun(run: run, mergeCommit: commit)
    }
}
