import ChantTesting
import Foundation
import Testing

@testable import ChantDomain

/// What runs have left stays reachable until it is merged, and is tidied up then.
@Suite("Domain: kept work")
struct DomainKeptWorkTests {
    private let id = DomainWorld.spec
    /// Commits a part, leaves something uncommitted, and hangs.
    private static let half = ScriptedAgent([
        .append("part one", to: "one.txt"), .commit("part one"), .append("draft", to: "draft.txt"), .say("hanging"),
        .hang,
    ])
    /// Needs what the first one left.
    private static let rest = ScriptedAgent([
        .shell("test -f one.txt && test -f draft.txt"), .append("part two", to: "two.txt"), .tick, .commit("part two"),
    ])

    @Test("R49: a rebase keeps the run's commits beside those of the run before, whose ref stays")
    func rebaseOfSecondRun() async throws {
        let world = try await DomainWorld(server: ["merge: manual"])
        let first = try await world.work()
        _ = try await world.serving { domain in try await domain.control.reset(try specID(id)) }
        try world.project.script(ScriptedAgent([.append("again", to: "again.txt"), .tick, .commit("again")]))
        let second = try await world.work()
        #expect(second.reason == .awaitingMerge)
        try world.project.write("other\n", to: "other.txt")
        try await world.project.git("add", "other.txt")
        try await world.project.git("commit", "-q", "-m", "Other", "--", "other.txt")
        let report = try await world.serving { try await $0.merge(rebasing: true) }
        #expect(report.outcome == .completed, "\(report.problem?.detail ?? "")")
        let kept = try await world.project.git("for-each-ref", "--format=%(objectname)", "refs/chant/kept")
        for run in [first, second] {
            #expect(kept.contains(try #require(run.commits.last)), "the commit of run \(run.id) is held")
        }
    }

    @Test("R53: merging what a resumed run left takes its worktree away, which has the first run's name")
    func mergedAfterResume() async throws {
        let world = try await DomainWorld(agent: Self.half)
        let paused = try await world.paused()
        try world.project.script(ScriptedAgent(Self.rest.steps + [.exit(3)]))
        let run = try await world.resumed()
        #expect(run.reason == .agentExit && run.worktree == paused.worktree)
        #expect(world.project.exists(try #require(run.worktree)), "kept for a person")
        let report = try await world.serving { try await $0.merge() }
        #expect(report.outcome == .completed, "\(report.problem?.detail ?? "")")
        #expect(try await !world.project.git("worktree", "list").contains("worktrees/"))
        #expect(try await world.refs("refs/heads/chant") == [])
    }

    @Test("R59: of two who ask at once for a spec of one conflict, one gets it, and the other is told of it")
    func oneConflictSpec() async throws {
        let agent = ScriptedAgent([.write("agent's", to: "README.md"), .tick, .commit("agent's")])
        let world = try await DomainWorld(agent: agent, server: ["merge: manual"])
        _ = try await world.work()
        try world.project.write("mine\n", to: "README.md")
        try await world.project.git("commit", "-q", "-m", "Mine", "--", "README.md")
        let made = try await world.serving { domain in
            await withTaskGroup(of: Bool.self) { group in
                for _ in 0..<4 {
                    group.addTask { [id] in
                        guard let spec = SpecID(id) else { return false }
                        return (try? await domain.merges.makeConflictSpec(for: spec)) != nil
                    }
                }
                return await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
            }
        }
        #expect(made == 1)
    }

    @Test(
        "R45: a resume that is killed before its agent starts leaves the paused work, and the next run goes on with it",
        arguments: ["/.chant/specs/", "/spec.before"]
    )
    func killedResume(at effect: String) async throws {
        let world = try await DomainWorld(agent: Self.half)
        let paused = try await world.paused()
        try world.project.script(Self.rest)
        let plan = FaultPlan(.dyingAfterOne(effect))
        let refusal: @Sendable (String) -> Bool = { plan.refuses($0) }
        let run = try await Effect.$refusal.withValue(refusal) {
            let domain = try await world.open()
            defer { domain.close() }
            try await domain.recover()
            async let running: Void = domain.run()
            plan.arm()
            let run = try await domain.runs.resume(ResumeRun(spec: try specID(id)))
            try await eventually("the process counts as dead") { plan.isDead }
            await domain.stop(.detach)
            await running
            return run
        }
        let last = try await world.serving { domain in
            let next = try #require(try domain.runs.run(run.id).nextRun)
            return try await domain.settled(next)
        }
        #expect(last.outcome == .completed, "\(last.problem?.detail ?? "")")
        #expect(last.resumedFrom == paused.id && last.worktree == paused.worktree && last.commits.count == 2)
        #expect(try world.project.text("draft.txt") == "draft\n")
    }

    @Test("R45, R71: a resume that a stopping service interrupts before its agent starts leaves the spec paused")
    func interruptedResume() async throws {
        let world = try await DomainWorld(server: ["worktree: { setup: [../setup.sh] }"])
        let script =
            "#!/bin/sh\necho setting up\nuntil [ -e '\(world.project.folder)/release.go' ]; do sleep 0.02; done\n"
        try LocalFileSystem().replace(Array(script.utf8), at: "\(world.project.folder)/setup.sh", mode: 0o755)
        let paused = try await world.serving { domain in
            let run = try await domain.start(id)
            try await domain.saying("setting up", run.id, world)
            _ = try await domain.control.pause(try specID(id))
            return try await domain.settled(run.id)
        }
        let domain = try await world.open()
        try await domain.recover()
        async let running: Void = domain.run()
        let run = try await domain.runs.resume(ResumeRun(spec: try specID(id)))
        try await domain.saying("setting up", run.id, world)
        await domain.stop(.stop)
        await running
        let following = try #require(try domain.runs.run(run.id).nextRun)
        let next = try domain.runs.run(following)
        domain.close()
        #expect(try world.spec().status == .paused)
        #expect(world.project.exists(try #require(paused.worktree)))
        #expect(next.resumedFrom == paused.id && next.options.from != .target)
        try world.project.release("go")
        let last = try await world.serving { domain in try await domain.settled(next.id) }
        #expect(last.outcome == .completed, "\(last.problem?.detail ?? "")")
        #expect(last.worktree == paused.worktree)
    }
}
