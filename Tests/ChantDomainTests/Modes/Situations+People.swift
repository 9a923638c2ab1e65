import ChantTesting
import Glibc

@testable import ChantDomain

extension Situation {
    private static let waiting: [ScriptedAgent.Step] = [.say("waiting"), .wait(for: "go")]
    private static let touching = ScriptedAgent(
        waiting + [.append("agent $CHANT_SPEC_ID", to: "README.md"), .tick, .commit("agent's")]
    )

    /// What happens to the target, the checkout and the specs' files while agents work.
    static let ofTargets = [
        atWork("merge conflict", touching, .needsPerson(.mergeConflict)) { scene in
            try scene.world.project.write("other\n", to: "README.md")
            try await scene.world.project.git("commit", "-q", "-m", "Other", "--", "README.md")
        },
        atWork("checkout dirty", touching, .needsPerson(.checkoutDirty)) { scene in
            try scene.world.project.write("mine\n", to: "README.md")
        },
        atWork("checkout busy", .held, .needsPerson(.checkoutBusy)) { scene in
            let head = try await scene.world.project.git("rev-parse", "HEAD")
            try scene.world.project.write("\(head)\n", to: ".git/MERGE_HEAD")
        },
        atWork("target renamed", .held, .needsPerson(.targetMissing)) { scene in
            try await scene.world.project.git("branch", "-q", "-m", "main", "trunk")
        },
        atWork("target checked out nowhere", .held, .completed) { scene in
            try await scene.world.project.git("checkout", "-q", "-b", "other")
        },
        atWork("spec edited, mergeable", .held, .completed) { scene in
            try scene.edit("# Do the work", "# Another title")
        },
        atWork(
            "spec edited, not mergeable",
            ScriptedAgent(
                waiting + [.shell("sed -i 's/^What to do.$/Done by the agent./' \"$CHANT_SPEC_FILE\"")]
                    + ScriptedAgent.diligent.steps
            ),
            .needsPerson(.specEdited)
        ) { scene in try scene.edit("What to do.", "What a person wants.") },
        atWork(
            "spec gone",
            .held,
            Aftermath(.needsAttention, .specGone, nil).keeping(branch: true, worktree: true)
        ) { scene in
            _ = try await scene.world.project.run("rm", scene.specs.map(scene.path))
        },
        atWork("cancelled in the file", .held, stopped(.specCancelled, .cancelled)) { scene in
            try scene.edit("status: in_progress", "status: cancelled")
            for run in scene.runs { _ = try await scene.domain.settled(run.id) }
        },
        atWork("another status in the file", .held, .completed.warning(.statusChangedOutside)) { scene in
            try scene.edit("status: in_progress", "status: paused")
        },
    ]

    private static let limited = ScriptedAgent.diligent(
        after: .shell("[ -e \"$folder/release.later\" ] || { echo 'HTTP 429: rate limit'; exit 1; }")
    )
    private static let supervisorsKilled: @Sendable (Scene) async throws -> Void = { scene in
        for run in scene.runs {
            let folder = RunFolder(stateFolder: scene.world.project.state, run: run.id)
            guard let agent = SupervisedAgent.read(runFolder: folder.path) else {
                throw IndexFixture.Fault.noID("no supervisor of \(run.id)")
            }
            kill(agent.supervisor.pid, SIGKILL)
        }
        for run in scene.runs { _ = try await scene.domain.settled(run.id) }
    }

    /// Retries, interruptions, and what a person asks for.
    static let ofStops = [
        Situation(
            name: "rate limit, retries left",
            agent: limited,
            configuration: ["watch:", "  failure:", "    retry_delay_ms: 600000"],
            ends: Aftermath(.failed, .rateLimited, .pending).keeping(branch: true, worktree: true).followed(by: nil)
        ),
        Situation(
            name: "rate limit, retries used up",
            agent: limited,
            configuration: ["watch:", "  failure:", "    retry_delay_ms: 50", "    max_retries: 1"],
            ends: .failed(.rateLimited).followed(by: .failed)
        ),
        atWork("supervisor killed", .held, interrupted(.supervisorLost), supervisorsKilled),
        // It is failed, and a failed run's worktree is kept (R53).
        atWork(
            "interrupted a fourth time",
            .held,
            .failed(.interruptedTooOften).keeping(branch: true, worktree: true)
        ) { scene in
            for run in scene.runs {
                try scene.domain.runs.journal.update(run.id, from: [.running]) { $0.interruptions = 3 }
            }
            try await supervisorsKilled(scene)
        },
        Situation(
            name: "service stopped with its agents",
            agent: .held,
            moment: .atWork,
            leaving: .stop,
            ends: interrupted(.serviceStopped)
        ),
        Situation(name: "service left its agents", agent: .held, moment: .atWork, leaving: .detach, ends: .completed),
        atWork("run cancelled", .held, stopped(.runCancelled, .pending)) { scene in
            for run in scene.runs { _ = try await scene.domain.runs.cancel(run.id) }
        },
        atWork("order cancelled", .held, stopped(.runCancelled, .pending)) { scene in
            for run in scene.runs {
                _ = try await scene.domain.runs.cancel(run.orderID, finishRunning: false)
            }
        },
        atWork("spec cancelled", .held, stopped(.specCancelled, .cancelled)) { scene in
            for run in scene.runs { _ = try await scene.domain.control.cancel(specID(run.specID)) }
        },
        atWork("pause", .held, Aftermath(.paused, .pause, .paused).keeping(branch: true, worktree: true)) { scene in
            for run in scene.runs { _ = try await scene.domain.control.pause(specID(run.specID)) }
        },
        atWork("takeover", .held, Aftermath(.paused, .takeover, .paused).keeping(branch: true, worktree: true)) {
            for run in $0.runs { _ = try await $0.domain.control.takeover(specID(run.specID)) }
        },
        // What never started has no branch.
        queued("cancelled while queued", Aftermath(.cancelled, .runCancelled, .pending)) { scene in
            for run in scene.runs { _ = try await scene.domain.runs.cancel(run.id) }
        },
        queued("cancelled in the file while queued", Aftermath(.cancelled, .specCancelled, .cancelled)) { scene in
            try scene.edit("status: pending", "status: cancelled")
            for run in scene.runs { _ = try await scene.domain.settled(run.id) }
        },
    ]

    /// R41: the branch stays, since it may hold work.
    private static func stopped(_ reason: RunReason, _ status: SpecStatus) -> Aftermath {
        Aftermath(.cancelled, reason, status).keeping(branch: true, worktree: false)
    }

    private static func interrupted(_ reason: RunReason) -> Aftermath {
        Aftermath(.interrupted, reason, .completed).followed(by: .completed)
    }

    static func atWork(
        _ name: String,
        _ agent: ScriptedAgent,
        _ ends: Aftermath,
        _ meanwhile: @escaping @Sendable (Scene) async throws -> Void
    ) -> Situation {
        Situation(name: name, agent: agent, moment: .atWork, meanwhile: meanwhile, ends: ends)
    }

    /// What happens while the runs wait for the one worker.
    static func queued(
        _ name: String,
        server: [String] = [],
        _ ends: Aftermath,
        _ meanwhile: @escaping @Sendable (Scene) async throws -> Void
    ) -> Situation {
        Situation(
            name: name,
            agent: .diligent(after: .say("waiting"), .onSpec("blk", [.wait(for: "go")])),
            server: server,
            moment: .queued,
            meanwhile: meanwhile,
            ends: ends
        )
    }
}
