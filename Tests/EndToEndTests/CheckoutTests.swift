import ChantTesting
import Testing

@Suite("The main checkout")
struct CheckoutTests {
    /// Changes README.md, after waiting.
    private static let editor = ScriptedAgent([
        .say("waiting"), .wait(for: "go"), .write("the agent's line", to: "README.md"), .tick, .commit("edit"),
    ])

    @Test("R24: a conflict with the target keeps the branch and names files and commits of both sides")
    func mergeConflict() async throws {
        try await withService(Self.editor) { server, project in
            let run = try await server.agentAtWork(try await server.work(first))
            try project.write("a person's line\n", to: "README.md")
            try await project.git("commit", "-q", "-m", "A person's commit", "README.md")
            let tip = try await project.git("rev-parse", "main")
            try project.release("go")
            let settled = try await server.settled(run)
            #expect(Ending(settled) == Ending("needs_attention", "merge-conflict"))
            #expect(settled["problem"]["files"].texts == ["README.md"])
            #expect(settled["problem"]["target_commits"].texts.contains { tip.hasPrefix($0) || $0.hasPrefix(tip) })
            #expect(settled["problem"]["run_commits"].list.count == 1)
            #expect(try await project.git("rev-parse", "main") == tip)
            #expect(try await project.git("show", "chant/\(first):README.md") == "the agent's line")
            #expect(try project.text("README.md") == "a person's line\n")
            #expect(try project.header("status") == "needs_attention")
            try await project.expectNoMergeUnderWay()
        }
    }

    @Test("R23: a changed file in the way is checkout-dirty, and not a byte of it is lost", arguments: [false, true])
    func dirtyOverlapping(staged: Bool) async throws {
        try await withService(Self.editor) { server, project in
            let run = try await server.agentAtWork(try await server.work(first))
            try project.write("unfinished thoughts\n", to: "README.md")
            if staged { try await project.git("add", "README.md") }
            let tip = try await project.git("rev-parse", "main")
            let before = try await project.git("status", "--porcelain", "README.md")
            try project.release("go")
            let settled = try await server.settled(run)
            #expect(Ending(settled) == Ending("needs_attention", "checkout-dirty"))
            #expect(settled["problem"]["files"].texts == ["README.md"])
            #expect(try project.text("README.md") == "unfinished thoughts\n")
            #expect(try await project.git("status", "--porcelain", "README.md") == before)
            #expect(try await project.git("rev-parse", "main") == tip)
            #expect(try await project.git("diff", "--name-only", "--cached") == (staged ? "README.md" : ""))
        }
    }

    @Test("R23: changes that are not in the way stay as they are, and the run completes")
    func dirtyElsewhere() async throws {
        try await withService(.held) { server, project in
            let run = try await server.agentAtWork(try await server.work(first))
            try project.write("unfinished thoughts\n", to: "README.md")
            try project.write("scratch\n", to: "scratch.txt")
            try project.write("staged\n", to: "staged.txt")
            try await project.git("add", "staged.txt")
            try project.release("go")
            let settled = try await server.settled(run)
            #expect(Ending(settled) == Ending("completed"), "\(settled)")
            #expect(try project.text("README.md") == "unfinished thoughts\n")
            #expect(try project.text("scratch.txt") == "scratch\n")
            #expect(try project.text("work-\(first).txt") == "worked\n")
            let status = try await project.git("status", "--porcelain").split(separator: "\n").map(String.init)
            #expect(status.sorted() == [" M README.md", "?? scratch.txt", "A  staged.txt"])
        }
    }

    @Test("an untracked file in the way of a new one is not overwritten")
    func untrackedInTheWay() async throws {
        try await withService(.held) { server, project in
            let run = try await server.agentAtWork(try await server.work(first))
            try project.write("mine\n", to: "work-\(first).txt")
            try project.release("go")
            let settled = try await server.settled(run)
            #expect(Ending(settled) == Ending("needs_attention", "checkout-dirty"), "\(settled)")
            #expect(settled["problem"]["files"].texts == ["work-\(first).txt"])
            #expect(try project.text("work-\(first).txt") == "mine\n")
        }
    }

    @Test("R23: a checkout in the middle of a merge is checkout-busy")
    func busy() async throws {
        try await withService(.held) { server, project in
            try await project.git("checkout", "-q", "-b", "side")
            try project.write("side\n", to: "side.txt")
            try await project.git("add", "side.txt")
            try await project.git("commit", "-q", "-m", "Side")
            try await project.git("checkout", "-q", "main")
            let run = try await server.agentAtWork(try await server.work(first))
            try await project.git("merge", "-q", "--no-ff", "--no-commit", "side")
            try project.release("go")
            let settled = try await server.settled(run)
            #expect(Ending(settled) == Ending("needs_attention", "checkout-busy"), "\(settled)")
            #expect(project.exists("\(project.checkout)/.git/MERGE_HEAD"))
        }
    }

    @Test("the checkout on another branch: the target moves, the checkout's branch and files do not")
    func otherBranchCheckedOut() async throws {
        try await withService { server, project in
            try await project.git("checkout", "-q", "-b", "feature")
            let tip = try await project.git("rev-parse", "feature")
            let settled = try await server.finished()
            #expect(Ending(settled) == Ending("completed"), "\(settled)")
            #expect(try await project.git("rev-parse", "feature") == tip)
            #expect(try await project.git("symbolic-ref", "--short", "HEAD") == "feature")
            #expect(try await project.git("show", "main:work-\(first).txt") == "worked")
            #expect(!project.exists("\(project.checkout)/work-\(first).txt"))
            #expect(try project.header("status") == "completed")
        }
    }

    @Test("R59: merge: manual keeps the branch and says awaiting-merge")
    func manualMerge() async throws {
        try await withService { server, project in
            let tip = try await project.git("rev-parse", "main")
            let settled = try await server.finished(first, #"{"merge": "manual"}"#)
            #expect(Ending(settled) == Ending("needs_attention", "awaiting-merge"))
            #expect(try await project.git("rev-parse", "main") == tip)
            #expect(try await project.git("show", "chant/\(first):work-\(first).txt") == "worked")
        }
    }

    @Test("a target that is deleted during the run: target-missing")
    func targetMissing() async throws {
        try await withService(.held) { server, project in
            let run = try await server.agentAtWork(try await server.work(first))
            try await project.git("checkout", "-q", "-b", "renamed")
            try await project.git("branch", "-q", "-D", "main")
            try project.release("go")
            #expect(try await Ending(server.settled(run)) == Ending("needs_attention", "target-missing"))
        }
    }

    @Test("a spec file that is removed meanwhile stays removed: spec-gone")
    func specGone() async throws {
        try await withService(.held) { server, project in
            let run = try await server.agentAtWork(try await server.work(first))
            try await project.git("rm", "-q", "--cached", ".chant/specs/\(first).md")
            let path = "\(project.checkout)/.chant/specs/\(first).md"
            _ = try await project.run("rm", [path])
            try project.release("go")
            #expect(try await Ending(server.settled(run)) == Ending("needs_attention", "spec-gone"))
            #expect(!project.exists(path))
            #expect(try await project.git("show", "chant/\(first):work-\(first).txt") == "worked")
        }
    }

    /// A required smudge filter that always fails makes `git worktree add` fail after it made the branch.
    private static func brokenFilter(_ project: DemoProject) async throws {
        try project.write("bad.txt filter=bad\n", to: ".gitattributes")
        try project.write("text\n", to: "bad.txt")
        try await project.git("add", "-A")
        try await project.git("commit", "-q", "-m", "Attributes")
        try await project.git("config", "filter.bad.smudge", "echo the filter is broken >&2; false")
        try await project.git("config", "filter.bad.clean", "cat")
        try await project.git("config", "filter.bad.required", "true")
    }

    @Test("R20: a worktree that cannot be made: git's words are in the problem, the log and nothing is half made")
    func worktreeFails() async throws {
        try await withService(before: Self.brokenFilter) { server, project in
            let settled = try await server.finished()
            #expect(Ending(settled) == Ending("failed", "worktree-failed"), "\(settled)")
            let stderr = try #require(settled["problem"]["stderr"].text)
            #expect(stderr.contains("bad.txt"))
            let log = try await server.client.get("/runs/\(settled["id"].text ?? "")/log")
            #expect(log.text.contains("bad.txt"), "\(log.text)")
            #expect(try project.header("status") == "failed")
            #expect(try await project.otherWorktrees().isEmpty)
            #expect(try await project.git("branch", "--list", "chant/*") == "")
            // And mended, it works.
            try await project.git("config", "filter.bad.smudge", "cat")
            #expect(try await Ending(server.finished()) == Ending("completed"))
        }
    }
}

extension DemoProject {
    fileprivate func expectNoMergeUnderWay() async throws {
        #expect(!exists("\(checkout)/.git/MERGE_HEAD"))
        #expect(try await git("symbolic-ref", "--short", "HEAD") == "main")
        #expect(try await git("diff", "--name-only", "--diff-filter=U") == "")
    }
}
