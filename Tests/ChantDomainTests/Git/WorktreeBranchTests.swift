import ChantTesting
import Foundation
import Testing

@testable import ChantDomain

@Suite("Branches and leftovers of worktrees")
struct WorktreeBranchTests {
    @Test("R49, R21: from the target, an old tip that the target lacks is kept first")
    func kept() async throws {
        let world = try await GitWorld()
        try await world.repository.git("checkout", "--quiet", "-b", "chant/2026-01-02-001-abc")
        let old = try await world.repository.commit(["work": "old"], "Old work")
        try await world.repository.git("checkout", "--quiet", "main")
        let request = try await world.request()
        let worktree = try await world.obtain(request)
        #expect(worktree.base == request.targetTip)
        #expect(world.repository.read("work", in: worktree.path) == nil)
        #expect(try await world.refs("refs/chant/") == ["refs/chant/kept/2026-01-02-001-abc/\(request.runID)": old])
        #expect(try await world.refs("refs/heads/chant/").values.first == request.targetTip.hex)
    }

    @Test("R49: an old tip that the target contains needs no keeping")
    func contained() async throws {
        let world = try await GitWorld()
        try await world.repository.git("branch", "chant/2026-01-02-001-abc")
        let new = try await world.repository.commit(["x": "x"], "Target moves on")
        let worktree = try await world.obtain(world.request())
        #expect(worktree.base.hex == new)
        #expect(try await world.refs("refs/chant/").isEmpty)
        #expect(try await world.repository.git("rev-parse", "HEAD", in: worktree.path) == new)
    }

    @Test("R49: from the branch, its commits count from where it left the target")
    func fromBranch() async throws {
        let world = try await GitWorld()
        let fork = try await world.head()
        try await world.repository.git("checkout", "--quiet", "-b", "chant/2026-01-02-001-abc")
        let old = try await world.repository.commit(["work": "old"], "Old work")
        try await world.repository.git("checkout", "--quiet", "main")
        try await world.repository.commit(["x": "x"], "Target moves on")
        let worktree = try await world.obtain(world.request(from: .branch))
        #expect(worktree.base == fork)
        #expect(try await world.repository.git("rev-parse", "HEAD", in: worktree.path) == old)
        #expect(world.repository.read("work", in: worktree.path) == "old")
    }

    @Test("R49: from a branch that is not there it starts at the target")
    func fromNoBranch() async throws {
        let world = try await GitWorld()
        let request = try await world.request(from: .branch)
        #expect(try await world.obtain(request).base == request.targetTip)
    }

    @Test("R53: a kept worktree of ours that holds the branch is given up first, with what it held")
    func keptWorktree() async throws {
        let world = try await GitWorld()
        let first = try await world.request()
        let old = try await world.obtain(first)
        #expect(try await world.queue.giveBack(old, run: first.runID, holding: .keep) == nil)
        try world.repository.write("unsaved", to: "README.md", in: old.path)
        let second = try await world.request()
        let new = try await world.obtain(second)
        #expect(GitFiles.kind(of: old.path) == nil)
        #expect(try await world.repository.git("show", "refs/chant/left/\(first.runID):README.md") == "unsaved")
        #expect(world.repository.read("README.md", in: new.path) == "hello\n")
        #expect(world.log.all.count == 1)
    }

    @Test("R53: also one that its agent left amid a rebase")
    func rebasing() async throws {
        let world = try await GitWorld()
        let first = try await world.request()
        let old = try await world.obtain(first)
        try await world.repository.commit(["README.md": "agent\n"], "Agent", in: old.path)
        try await world.repository.commit(["README.md": "person\n"], "Person")
        await #expect(throws: TemporaryRepository.Failure.self) {
            try await world.repository.git("rebase", "main", in: old.path)
        }
        let new = try await world.obtain(world.request())
        #expect(GitFiles.kind(of: old.path) == nil)
        #expect(world.repository.read("README.md", in: new.path) == "person\n")
        #expect(try await world.refs("refs/chant/kept/").count == 1)
    }

    @Test("a worktree that is not ours keeps its branch, and the sentence says where it is")
    func foreign() async throws {
        let world = try await GitWorld()
        let folder = "\(world.repository.folder)/mine"
        try await world.repository.git("worktree", "add", "--quiet", "-b", "chant/2026-01-02-001-abc", folder)
        let request = try await world.request()
        let expected = GitError.branchInUse(branch: "chant/2026-01-02-001-abc", worktree: folder)
        await #expect(throws: expected) { try await world.obtain(request) }
        #expect(expected.sentence.contains(folder))
        #expect(GitFiles.kind(of: folder) != nil)
    }

    @Test("R53: changed, new and staged files are stored without hooks; ignored and placed ones are not")
    func leftovers() async throws {
        let world = try await GitWorld(files: [
            "a": "1", "gone": "g", ".gitignore": "ignored\n", ".chant/specs/s.md": "old",
        ])
        let request = try await world.request()
        let worktree = try await world.obtain(request)
        let placed = PlacedFile(path: ".chant/specs/s.md", bytes: Array("placed".utf8))
        try world.repository.write("placed", to: placed.path, in: worktree.path)
        for (path, text) in ["a": "2", "new file": "n", "ignored": "i"] {
            try world.repository.write(text, to: path, in: worktree.path)
        }
        unlink("\(worktree.path)/gone")
        try world.repository.write("#!/bin/sh\nexit 1\n", to: ".git/hooks/pre-commit")
        chmod("\(world.repository.checkout)/.git/hooks/pre-commit", 0o755)

        let left = try #require(
            try await world.queue.giveBack(worktree, run: request.runID, holding: .remove, placed: [placed])
        )
        #expect(left.ref == "refs/chant/left/\(request.runID)")
        let files = try await world.repository.git("diff-tree", "-r", "--name-status", "main", left.commit.hex)
        #expect(files == "M\ta\nD\tgone\nA\tnew file")
        #expect(
            try await world.repository.git("log", "-1", "--format=%an <%ae>", left.ref) == Identity.service.description
        )
        #expect(world.traces() == [])
    }

    @Test("R53: only the unchanged placed spec is no leftover; a changed one is")
    func placedSpec() async throws {
        let world = try await GitWorld()
        let placed = PlacedFile(path: ".chant/specs/s.md", bytes: Array("placed".utf8))
        for (text, isLeft) in [("placed", false), ("ticked", true)] {
            let request = try await world.request()
            let worktree = try await world.obtain(request)
            try world.repository.write(text, to: placed.path, in: worktree.path)
            let left = try await world.queue.giveBack(worktree, run: request.runID, holding: .remove, placed: [placed])
            #expect((left != nil) == isLeft)
        }
    }

    @Test("R53: commits that only a detached HEAD holds are kept")
    func detached() async throws {
        let world = try await GitWorld()
        let request = try await world.request()
        let worktree = try await world.obtain(request)
        try await world.repository.git("checkout", "--quiet", "--detach", in: worktree.path)
        let commit = try await world.repository.commit(["x": "x"], "Lost?", in: worktree.path)
        let left = try await world.queue.giveBack(worktree, run: request.runID, holding: .remove)
        #expect(left?.commit.hex == commit)
    }

    @Test("R53: a repository inside the worktree cannot be stored, so the worktree stays")
    func nested() async throws {
        let world = try await GitWorld()
        let request = try await world.request()
        let worktree = try await world.obtain(request)
        try await world.repository.git("clone", "--quiet", world.repository.checkout, "\(worktree.path)/nested")
        await #expect(throws: GitError.notStorable(worktree: worktree.path, paths: ["nested"])) {
            try await world.queue.giveBack(worktree, run: request.runID, holding: .remove)
        }
        #expect(GitFiles.kind(of: "\(worktree.path)/nested") != nil)
    }

    @Test("an agent that broke its worktree's .git cannot lead git elsewhere")
    func brokenPointer() async throws {
        let world = try await GitWorld()
        let request = try await world.request()
        let worktree = try await world.obtain(request)
        unlink("\(worktree.path)/.git")
        try world.repository.write("n", to: "new", in: worktree.path)
        let left = try await world.queue.giveBack(worktree, run: request.runID, holding: .remove)
        #expect(try await world.repository.git("show", "\(try #require(left).ref):new") == "n")
        #expect(world.traces() == [])
    }

    @Test("a worktree whose folder is gone is given back all the same")
    func goneFolder() async throws {
        let world = try await GitWorld()
        let request = try await world.request()
        let worktree = try await world.obtain(request)
        try FileManager.default.removeItem(atPath: worktree.path)
        #expect(try await world.queue.giveBack(worktree, run: request.runID, holding: .remove) == nil)
        #expect(world.traces() == [])
    }

    @Test("R53: a worktree whose record is gone or damaged stays", arguments: [true, false])
    func goneRecord(isGone: Bool) async throws {
        let world = try await GitWorld()
        let request = try await world.request()
        let worktree = try await world.obtain(request)
        let record = world.client.repository.place(of: worktree).gitDir
        try FileManager.default.removeItem(atPath: isGone ? record : "\(record)/HEAD")
        await #expect(throws: GitError.notStorable(worktree: worktree.path, paths: [])) {
            try await world.queue.giveBack(worktree, run: request.runID, holding: .remove)
        }
        #expect(GitFiles.kind(of: worktree.path) != nil)
    }

    @Test("read-only folders in a worktree go, too")
    func readOnly() async throws {
        let world = try await GitWorld(files: [".gitignore": "cache\n"])
        let request = try await world.request()
        let worktree = try await world.obtain(request)
        try world.repository.write("x", to: "cache/deep/file", in: worktree.path)
        chmod("\(worktree.path)/cache/deep", 0o500)
        chmod("\(worktree.path)/cache", 0o500)
        #expect(try await world.queue.giveBack(worktree, run: request.runID, holding: .remove) == nil)
        #expect(world.traces() == [])
    }

    @Test("R21: a completed run's branch goes only if the target has all of it", arguments: [true, false])
    func branch(isMerged: Bool) async throws {
        let world = try await GitWorld()
        let request = try await world.request()
        let worktree = try await world.obtain(request)
        try await world.repository.commit(["x": "x"], "Work", in: worktree.path)
        if isMerged { try await world.repository.git("merge", "--quiet", worktree.branch.text) }
        let main = try #require(BranchName("main"))
        _ = try await world.queue.giveBack(worktree, run: request.runID, holding: .remove, droppingBranchIn: main)
        #expect(try await (world.client.tip(of: worktree.branch) == nil) == isMerged)
    }

    @Test("R21: a completed run's branch stays where the spec's next run works on it already")
    func nextRun() async throws {
        let world = try await GitWorld()
        let request = try await world.request()
        let worktree = try await world.obtain(request)
        try await world.repository.commit(["x": "x"], "Work", in: worktree.path)
        try await world.repository.git("merge", "--quiet", worktree.branch.text)
        let next = try await world.obtain(try await world.request())
        let main = try #require(BranchName("main"))
        _ = try await world.queue.giveBack(worktree, run: request.runID, holding: .remove, droppingBranchIn: main)
        #expect(next.branch == worktree.branch)
        #expect(try await world.client.tip(of: next.branch) == next.base)
    }
}
