import ChantTesting
import Foundation
import Testing

@testable import ChantDomain

@Suite("CommitLog")
struct CommitLogTests {
    let world: GitWorld
    let worktree: Worktree
    let start = Date()
    let spec = ".chant/specs/2026-01-02-001-abc.md"

    init() async throws {
        world = try await GitWorld(files: ["a": "1", "b": "1\n2\n3\n4\n", ".gitignore": "ignored\n"])
        worktree = try await world.obtain(world.request())
    }

    private func collect() async throws -> RunCommits {
        try await CommitLog(client: world.client).collect(
            worktree,
            target: #require(BranchName("main")),
            from: start,
            to: Date(),
            specPath: spec
        )
    }

    @Test("R51: the run's commits, oldest first, whoever moved the target meanwhile")
    func commits() async throws {
        let first = try await world.repository.commit(["a": "2"], "One", in: worktree.path)
        try await world.repository.commit(["other": "x"], "Somebody else")
        let second = try await world.repository.commit(["c": "2"], "Two", in: worktree.path)
        let found = try await collect()
        #expect(found.commits.map(\.hex) == [first, second])
        #expect(found.short == [String(first.prefix(7)), String(second.prefix(7))])
        #expect(found.tip?.hex == second)
        #expect(!found.agentMovedTarget)
        #expect(found.headLeftBranch == nil)
        #expect(found.chantChanges == [])
    }

    @Test("R51: what the agent merged from the target is not the run's, nor is the merge")
    func mergedTarget() async throws {
        let first = try await world.repository.commit(["a": "2"], "One", in: worktree.path)
        try await world.repository.commit([".chant/specs/other.md": "x"], "Somebody else")
        try await world.repository.git("merge", "--quiet", "--no-edit", "main", in: worktree.path)
        let found = try await collect()
        #expect(found.commits.map(\.hex) == [first])
        #expect(found.chantChanges.map(\.path) == [])
    }

    @Test("R51: commits that the agent brought to the target itself count, with a mark")
    func movedTarget() async throws {
        let commit = try await world.repository.commit([".chant/x": "2"], "One", in: worktree.path)
        try await world.repository.git("merge", "--quiet", worktree.branch.text)
        let found = try await collect()
        #expect(found.commits.map(\.hex) == [commit])
        #expect(found.agentMovedTarget)
        #expect(found.chantChanges.map(\.path) == [".chant/x"])
    }

    @Test("R51: older commits that are on the target do not count")
    func olderCommits() async throws {
        let old = ["GIT_COMMITTER_DATE": "2020-01-01T00:00:00Z"]
        try await world.repository.git(
            "commit",
            "--quiet",
            "--allow-empty",
            "-m",
            "Old",
            in: worktree.path,
            environment: old
        )
        try await world.repository.git("merge", "--quiet", worktree.branch.text)
        let found = try await collect()
        #expect(found.commits == [])
        #expect(!found.agentMovedTarget)
    }

    @Test("no commits are no commits")
    func none() async throws {
        let found = try await collect()
        #expect(found == RunCommits(tip: worktree.base))
    }

    @Test("R51: a HEAD that left the branch with commits is told", arguments: [true, false])
    func leftBranch(isDetached: Bool) async throws {
        if isDetached {
            try await world.repository.git("checkout", "--quiet", "--detach", in: worktree.path)
        } else {
            try await world.repository.git("checkout", "--quiet", "-b", "elsewhere", in: worktree.path)
        }
        #expect(try await collect().headLeftBranch == nil)
        let head = try await world.repository.commit(["x": "x"], "Elsewhere", in: worktree.path)
        #expect(try await collect().headLeftBranch?.hex == head)
        #expect(try await collect().commits == [])
    }

    @Test("R52: what was left uncommitted, the own spec file apart; ignored files are nothing")
    func uncommitted() async throws {
        for path in ["a", "new dir/x", "ignored", spec] {
            try world.repository.write("changed", to: path, in: worktree.path)
        }
        try await world.repository.git("mv", "b", "renamed", in: worktree.path)
        let found = try await collect()
        #expect(found.uncommitted == ["a", "b", "renamed"])
        #expect(found.untracked == ["new dir/x"])
    }

    @Test("R56: changes below .chant come with both sides' contents")
    func chantChanges() async throws {
        try await world.repository.commit([spec: "two", ".chant/config.md": "c"], "Touch", in: worktree.path)
        try await world.repository.commit(["notchant": "x"], "Code", in: worktree.path)
        let changes = try await collect().chantChanges
        #expect(changes.map(\.path) == [".chant/config.md", spec])
        #expect(changes.allSatisfy { $0.before == nil && $0.after?.isRegularFile == true })
        let after = try #require(changes.last?.after)
        #expect(try await world.client.blob(after.blob) == Array("two".utf8))
    }

    @Test("R52: with the policy `commit`, tracked changes are committed with the user's hooks, the spec apart")
    func commitForAgent() async throws {
        try await world.repository.commit([spec: "s"], "Spec", in: worktree.path)
        for path in ["a", "untracked", spec] { try world.repository.write("changed", to: path, in: worktree.path) }
        try world.repository.write("#!/bin/sh\necho hook >> \"$1\"\n", to: ".git/hooks/commit-msg")
        chmod("\(world.repository.checkout)/.git/hooks/commit-msg", 0o755)
        let environment = world.repository.environment.merging(TemporaryRepository.isolation) { $1 }
        try await world.client.commitForAgent(worktree, message: "Rest", environment: environment, specPath: spec)
        let shown = try await world.repository.git("show", "--format=%B", "--name-only", "HEAD", in: worktree.path)
        #expect(shown == "Rest\nhook\n\n\na")
        #expect(try await collect().uncommitted == [])
    }

    @Test("a branch or a worktree that is gone is no error")
    func gone() async throws {
        try await world.repository.git("checkout", "--quiet", "--detach", in: worktree.path)
        try await world.repository.git("branch", "-D", worktree.branch.text)
        #expect(try await collect().tip == nil)
        try FileManager.default.removeItem(atPath: worktree.path)
        #expect(try await collect() == RunCommits())
    }
}
