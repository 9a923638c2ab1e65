import ChantTesting
import Foundation
import Testing

@testable import ChantDomain

@Suite("Domain: merging by a person's word")
struct DomainMergeTests {
    private let id = DomainWorld.spec

    /// A world whose spec has been worked, and how.
    private func worked(
        _ agent: ScriptedAgent = .diligent,
        server: [String] = ["merge: manual"],
        options: RunOptions = RunOptions()
    ) async throws -> (DomainWorld, Run) {
        let world = try await DomainWorld(agent: agent, server: server)
        return (world, try await world.work(id, options))
    }

    private func expectCompleted(_ world: DomainWorld, _ run: Run, _ report: MergeReport) async throws {
        #expect(report.outcome == .completed, "\(report.problem?.detail ?? "")")
        let spec = try world.spec()
        #expect(spec.status == .completed)
        #expect(spec.completedAt != nil)
        #expect(!spec.commits.isEmpty)
        #expect(try await world.project.git("rev-parse", "main") == report.mergeCommit)
        #expect(try await world.status() == "")
        #expect(try await world.refs("refs/chant/finish") == [])
        #expect(try await world.refs("refs/heads/chant") == [], "the branch is not needed any more")
        #expect(try await !world.project.git("worktree", "list").contains("worktrees/"))
        let ended = try world.journal { try $0.run(run.id) }
        #expect(ended?.outcome == run.outcome, "a run has one outcome")
        #expect(ended?.mergeCommit == report.mergeCommit)
    }

    @Test("R59: what waits for its merge is finished, and its run keeps its outcome")
    func awaiting() async throws {
        let (world, run) = try await worked()
        #expect(run.reason == .awaitingMerge)
        let (report, events) = try await world.serving { domain in
            (try await domain.merge(by: "ann"), try await domain.events())
        }
        try await expectCompleted(world, run, report)
        #expect(try world.spec().commits.count == 1)
        let told = events.contains { event in
            guard case .specChanged(let change) = event else { return false }
            return change.to == "completed" && change.by == "ann"
        }
        #expect(told, "who said so is told")
    }

    @Test(
        "R59, R52, R56: what a run was held back for is let through",
        arguments: [
            ("append uncommitted", RunReason.uncommittedChanges), ("touch chant", .touchesChant), ("fail", .agentExit),
        ]
    )
    func heldBack(kind: String, reason: RunReason) async throws {
        let agent: ScriptedAgent =
            switch kind {
            case "append uncommitted": .diligent(then: .append("more", to: "README.md"))
            case "touch chant": .diligent(after: .append("mine", to: ".chant/notes.md"))
            default: .diligent(then: .exit(3))
            }
        let (world, run) = try await worked(agent, server: [])
        #expect(run.reason == reason)
        let report = try await world.serving { try await $0.merge() }
        try await expectCompleted(world, run, report)
        #expect(try world.project.text("work-\(id).txt") == "worked\n")
        #expect(try world.project.text("README.md") == "first line\n", "what was not committed is no part of it")
        if kind == "touch chant" { #expect(try world.project.text(".chant/notes.md") == "mine\n") }
        if kind == "append uncommitted" { #expect(try await world.refs("refs/chant/left").count == 1) }
    }

    @Test("R13: criteria are judged again; once a person has ticked them, the merge completes")
    func criteria() async throws {
        let (world, run) = try await worked([.append("x", to: "x.txt"), .commit("work")].agent, server: [])
        #expect(run.reason == .openCriteria)
        try await world.serving { domain in
            let first = try await domain.merge()
            #expect(first.problem?.reason == .openCriteria)
            #expect(try world.spec().status == .needsAttention)
            #expect(try await world.refs("refs/heads/chant").count == 1)
            let text = try world.project.specText(id)
            try world.project.write(text.replacing("- [ ]", with: "- [x]"), to: ".chant/specs/\(id).md")
        }
        let report = try await world.serving { try await $0.merge() }
        try await expectCompleted(world, run, report)
    }

    @Test("R24: a conflict is an answer; spec, branch, target and checkout are as they were, whatever the strategy")
    func conflict() async throws {
        let (world, run) = try await conflicting()
        let before = try await Snapshot(world)
        try await world.serving { domain in
            for rebasing in [false, true] {
                let report = try await domain.merge(rebasing: rebasing)
                #expect(report.outcome == .needsAttention)
                #expect(report.problem?.reason == .mergeConflict)
                #expect(report.problem?.members["files"] == .texts(["README.md"]))
                #expect(report.problem?.members["run_commits"] == .texts(run.commits))
                let tip = try await world.project.git("rev-parse", "main")
                #expect(report.problem?.members["target_commits"] == .texts([tip]))
            }
        }
        #expect(try await Snapshot(world) == before)
        #expect(try await world.refs("refs/chant/finish") == [])
    }

    @Test("R24, R49: a rebase puts the commits onto the target, and a ref keeps the old ones")
    func rebase() async throws {
        let (world, run) = try await worked()
        try world.project.write("other\n", to: "other.txt")
        try await world.project.git("add", "other.txt")
        try await world.project.git("commit", "-q", "-m", "Other", "--", "other.txt")
        let other = try await world.project.git("rev-parse", "main")
        let report = try await world.serving { try await $0.merge(rebasing: true) }
        try await expectCompleted(world, run, report)
        #expect(try await world.project.git("rev-parse", "main^2^") == other)
        let kept = try await world.project.git("rev-parse", "refs/chant/kept/\(id)/\(run.id)")
        #expect(kept == run.commits.last)
        let author = try await world.project.git("log", "-1", "--format=%an", "main^2")
        #expect(author == "Test User")
        let short = try await world.project.git("rev-parse", "--short", "main^2")
        #expect(try world.spec().commits == [short])
    }

    @Test("R59: an open approval, a rejection, a status that does not allow it, and nothing to merge are refused")
    func refused() async throws {
        let (world, _) = try await worked()
        let text = try world.project.specText(id)
        func write(_ text: String) throws { try world.project.write(text, to: ".chant/specs/\(id).md") }
        try await world.serving { domain in
            for (status, word) in [("pending", "needs-approval"), ("rejected", "approval-rejected")] {
                let approval = "status: needs_attention\napproval:\n  required: true\n  status: \(status)"
                try write(text.replacing("status: needs_attention", with: approval))
                #expect(await domain.refusal() == word)
            }
            try write(text.replacing("status: needs_attention", with: "status: pending"))
            #expect(await domain.refusal() == "illegal-transition")
        }
        let idle = try await DomainWorld(specs: [DemoSpec(id, status: "failed")])
        try await idle.serving { domain in #expect(await domain.refusal() == "nothing-kept") }
    }

    @Test("R59: of two merges at once one completes, and the other is told that the spec is")
    func twice() async throws {
        let (world, run) = try await worked()
        let reports = try await world.serving { domain in
            async let first = domain.attempt()
            async let second = domain.attempt()
            return await [first, second]
        }
        let completed = reports.compactMap { try? $0.get() }
        #expect(completed.count == 1)
        try await expectCompleted(world, run, try #require(completed.first))
        let log = try await world.project.git("log", "--format=%s", "--first-parent", "main")
        #expect(log.split(separator: "\n").count { $0.hasPrefix("chant: complete") } == 1)
    }

    @Test("R71: a run whose folder was dropped is merged from what git has")
    func withoutFolder() async throws {
        let (world, run) = try await worked()
        try FileManager.default.removeItem(atPath: "\(world.project.state)/runs/\(run.id)")
        let report = try await world.serving { try await $0.merge() }
        try await expectCompleted(world, run, report)
        #expect(try world.project.specText(id).contains("- [x] It is done"))
    }

    @Test("R59: an agent works the conflict spec, and then the original is merged without anything left to bring")
    func conflictSpec() async throws {
        let (world, run) = try await conflicting()
        let resolving = ScriptedAgent([
            .shell("git merge -q --no-commit chant/\(id) || true"),
            .shell("git checkout --theirs .chant || true"),
            .write("both", to: "README.md"), .tick, .commit("bring both together"),
        ])
        try world.project.script(resolving)
        let made = try await world.serving { domain in
            let view = try await domain.merges.makeConflictSpec(for: try #require(SpecID(id)))
            #expect(view.spec.kind == .conflict)
            #expect(view.spec.sourceBranch == run.branch)
            #expect(view.spec.targetBranch == "main")
            #expect(view.spec.conflictingFiles == ["README.md"])
            #expect(view.spec.originalSpec == id)
            #expect(view.criteria.total == 2)
            let options = { () in
                var options = RunOptions()
                options.merge = .auto
                return options
            }()
            let work = try await domain.settled(try await domain.start(view.spec.id.text, options).id)
            #expect(work.outcome == .completed, "\(work.problem?.detail ?? "")")
            #expect(work.commits.count == 1, "the merge commit is the work")
            return view.spec.id.text
        }
        #expect(try world.project.text("README.md") == "both\n")
        #expect(try world.spec(made).status == .completed)
        #expect(try world.spec().status == .needsAttention, "the original's own status is the service's")
        let report = try await world.serving { try await $0.merge() }
        try await expectCompleted(world, run, report)
        #expect(try world.project.text("README.md") == "both\n")
    }

    /// A world whose run cannot be merged, since a person changed the same line meanwhile.
    private func conflicting() async throws -> (DomainWorld, Run) {
        let agent = ScriptedAgent([.write("agent's", to: "README.md"), .tick, .commit("agent's")])
        let (world, run) = try await worked(agent)
        try world.project.write("mine\n", to: "README.md")
        try await world.project.git("commit", "-q", "-m", "Mine", "--", "README.md")
        return (world, run)
    }
}
