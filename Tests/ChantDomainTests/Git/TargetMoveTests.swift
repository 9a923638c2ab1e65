import ChantTesting
import Foundation
import Testing

@testable import ChantDomain

@Suite("TargetMove")
struct TargetMoveTests {
    @Test(
        "F3: checked out and clean: the files follow, the spec file is left alone",
        arguments: FinishingWorld.SpecFile.allCases
    )
    func checkedOut(kind: FinishingWorld.SpecFile) async throws {
        let world = try await FinishingWorld(kind)
        let before = try #require(world.repository.read(world.spec))
        let (plan, old) = try await world.plan()
        let journal = GitWorld.Lines()
        #expect(try await world.move(plan, from: old, journal: journal) == .moved)
        #expect(try await world.client.tip(of: world.main) == plan.commit)
        #expect(world.repository.read("new") == "new\n")
        #expect(world.repository.read(world.spec) == before)
        #expect(journal.all == (kind == .ignored ? [] : ["\(world.spec) \(kind == .untracked ? "-" : "100644")"]))
        // F4 writes the finished bytes; then nothing differs.
        try world.repository.write(world.finished, to: world.spec)
        #expect(try await world.status() == [])
        #expect(try await world.move(plan, from: old) == .moved)
        #expect(try await world.client.isReachable(plan.commit, from: world.main))
    }

    @Test("F3: checked out nowhere: compare-and-swap, and the checkout of another branch is not touched")
    func elsewhere() async throws {
        let world = try await FinishingWorld()
        try await world.repository.git("checkout", "--quiet", "-b", "mine")
        try world.repository.write("edited\n", to: "b")
        let (plan, old) = try await world.plan()
        let files = world.snapshot()
        #expect(try await world.move(plan, from: old) == .moved)
        #expect(try await world.client.tip(of: world.main) == plan.commit)
        #expect(world.snapshot() == files)
        #expect(try await world.repository.git("symbolic-ref", "HEAD") == "refs/heads/mine")
        #expect(try await world.status() == [" M b"])
    }

    @Test("F3: checked out in another worktree: forwarded there")
    func otherWorktree() async throws {
        let world = try await FinishingWorld()
        let other = "\(world.repository.folder)/other"
        try await world.repository.git("checkout", "--quiet", "-b", "mine")
        try await world.repository.git("worktree", "add", "--quiet", other, "main")
        let (plan, old) = try await world.plan()
        #expect(try await world.move(plan, from: old) == .moved)
        #expect(world.repository.read("new", in: other) == "new\n")
        #expect(world.repository.read(world.spec, in: other) == world.finished)
        #expect(world.repository.read("new") == nil)
        #expect(try await world.repository.git("status", "--porcelain", in: other) == "")
    }

    @Test("R23: a worktree of the target whose folder is gone is no checkout")
    func vanishedWorktree() async throws {
        let world = try await FinishingWorld()
        let other = "\(world.repository.folder)/other"
        try await world.repository.git("checkout", "--quiet", "-b", "mine")
        try await world.repository.git("worktree", "add", "--quiet", other, "main")
        let (plan, old) = try await world.plan()
        try FileManager.default.removeItem(atPath: other)
        #expect(try await world.move(plan, from: old) == .moved)
    }

    @Test("R23: unrelated changes of a person stay as they are", arguments: [false, true])
    func unrelated(isStaged: Bool) async throws {
        let world = try await FinishingWorld(.edited)
        try world.repository.write("mine\n", to: "b")
        try world.repository.write("mine\n", to: "untracked")
        if isStaged { try await world.repository.git("add", "b") }
        let (plan, old) = try await world.plan()
        #expect(try await world.move(plan, from: old) == .moved)
        #expect(world.repository.read("b") == "mine\n")
        #expect(world.repository.read("untracked") == "mine\n")
        #expect(try await world.status().contains(isStaged ? "M  b" : " M b"))
    }

    /// What a person did that is in the way, the branch's files, and what is named.
    enum InTheWay: String, CaseIterable {
        case edited, staged, deleted, untracked, ignored, fileForFolder, stagedSpec, stagedRemoval

        var work: [String: String] {
            switch self {
            case .edited, .staged, .deleted: ["b": "run\n", "new": "x"]
            case .untracked: ["u": "run\n"]
            case .ignored: ["ignored": "run\n"]
            case .fileForFolder: ["u/v/w": "run\n"]
            case .stagedSpec, .stagedRemoval: ["new": "x"]
            }
        }

        func act(_ world: FinishingWorld) async throws -> [String] {
            switch self {
            case .edited: try world.repository.write("mine\n", to: "b")
            case .staged:
                try world.repository.write("mine\n", to: "b")
                try await world.repository.git("add", "b")
            case .deleted: try await world.repository.git("rm", "--quiet", "b")
            case .untracked, .fileForFolder: try world.repository.write("mine\n", to: "u")
            case .ignored: try world.repository.write("mine\n", to: "ignored")
            case .stagedSpec:
                try world.repository.write("mine\n", to: world.spec)
                try await world.repository.git("add", world.spec)
            case .stagedRemoval: try await world.repository.git("rm", "--quiet", "--cached", world.spec)
            }
            return switch self {
            case .edited, .staged, .deleted: ["b"]
            case .untracked, .fileForFolder: ["u"]
            case .ignored: ["ignored"]
            case .stagedSpec, .stagedRemoval: [world.spec]
            }
        }
    }

    @Test("R23: what is in the way is named, and no byte and no index entry changes", arguments: InTheWay.allCases)
    func inTheWay(what: InTheWay) async throws {
        let world = try await FinishingWorld(.edited, files: [".gitignore": "ignored\n"])
        let (plan, old) = try await world.plan(what.work)
        let named = try await what.act(world)
        let files = world.snapshot()
        let index = try await world.repository.git("ls-files", "--stage")
        let status = try await world.status()
        #expect(try await world.move(plan, from: old) == .dirty(named))
        #expect(world.snapshot() == files)
        #expect(try await world.repository.git("ls-files", "--stage") == index)
        #expect(try await world.status() == status)
        #expect(try await world.client.tip(of: world.main) == old)
    }

    @Test("R23: an untracked spec is put back as untracked when git refuses")
    func untrackedPutBack() async throws {
        let world = try await FinishingWorld(.untracked)
        let (plan, old) = try await world.plan(["b": "run\n"])
        try world.repository.write("mine\n", to: "b")
        let status = try await world.status()
        #expect(try await world.move(plan, from: old) == .dirty(["b"]))
        #expect(try await world.status() == status)
        #expect(status == [" M b", "?? \(world.spec)"])
    }

    @Test("F3: a target that moved between F2 and F3 is lost, one that is gone is missing", arguments: [true, false])
    func lost(isCheckedOut: Bool) async throws {
        let world = try await FinishingWorld()
        let (plan, old) = try await world.plan()
        let new = try await world.repository.commit(["x": "x"], "Somebody else")
        if !isCheckedOut { try await world.repository.git("checkout", "--quiet", "-b", "mine") }
        #expect(try await world.move(plan, from: old) == .lost(try #require(ObjectID(new))))
        #expect(try await world.client.tip(of: world.main)?.hex == new)
        try await world.repository.git("checkout", "--quiet", "--detach")
        try await world.repository.git("branch", "-D", "main")
        #expect(try await world.move(plan, from: old) == .missing)
    }

    @Test("R25: the branch's merge options, hooks and ff settings do not steer the move")
    func configuration() async throws {
        let world = try await FinishingWorld()
        let (plan, old) = try await world.plan()
        for (key, value) in [
            "branch.main.mergeOptions": "--no-ff --no-commit", "merge.ff": "false", "merge.verifySignatures": "true",
            "merge.autoStash": "true", "core.hooksPath": "hooks",
        ] { try await world.repository.git("config", key, value) }
        try world.repository.write("#!/bin/sh\ntouch ran\n", to: ".git/hooks/post-merge")
        chmod("\(world.repository.checkout)/.git/hooks/post-merge", 0o755)
        #expect(try await world.move(plan, from: old) == .moved)
        #expect(world.repository.read("ran") == nil)
    }

    @Test("F3: index entries that a crash left at M's contents do not stand in the way, and can be put back")
    func afterCrash() async throws {
        let world = try await FinishingWorld(.edited)
        let (plan, old) = try await world.plan()
        let index = try await world.repository.git("ls-files", "--stage")
        let blob = try #require(plan.blobs[world.spec])
        try await world.client.setIndexEntries([IndexEntry(path: world.spec, mode: "100644", blob: blob)])
        let earlier = try #require(try await world.client.treeEntries([world.spec], in: old)[world.spec])
        let entries = [IndexEntry(path: world.spec, mode: earlier.mode, blob: earlier.blob)]
        let move = TargetMove(client: world.client)
        try await move.putBack(entries, blobs: plan.blobs)
        #expect(try await world.repository.git("ls-files", "--stage") == index)
        // Staged by a person since: left alone.
        try await world.repository.git("add", world.spec)
        let staged = try await world.repository.git("ls-files", "--stage")
        try await move.putBack(entries, blobs: plan.blobs)
        #expect(try await world.repository.git("ls-files", "--stage") == staged)
        try await world.client.setIndexEntries([IndexEntry(path: world.spec, mode: "100644", blob: blob)])
        #expect(try await world.move(plan, from: old) == .moved)
    }

    @Test("what cannot be journaled changes nothing")
    func notJournaled() async throws {
        let world = try await FinishingWorld()
        let (plan, old) = try await world.plan()
        let index = try await world.repository.git("ls-files", "--stage")
        await #expect(throws: GitError.self) {
            try await TargetMove(client: world.client).move(
                world.main,
                from: old,
                to: plan.commit,
                specFiles: plan.blobs
            ) { _ in
                throw CancellationError()
            }
        }
        #expect(try await world.repository.git("ls-files", "--stage") == index)
        #expect(try await world.client.tip(of: world.main) == old)
    }

    @Test("R19: what finishes into one branch is one after the other, other branches are not held up")
    func locks() async throws {
        let world = try await FinishingWorld()
        let locks = TargetLocks(repository: world.client.repository)
        let again = TargetLocks(repository: world.client.repository, patience: .zero)
        let asItIs: @Sendable (GitError) -> GitError = { $0 }
        try await locks.withLock(world.main, holder: "one", orThrow: asItIs) { () async throws(GitError) in
            guard locks.holder(of: world.main) == "one" else { throw .malformed("no holder") }
            try await locks.withLock(world.branch, holder: "two", orThrow: asItIs) { () async throws(GitError) in }
            do throws(GitError) {
                try await again.withLock(world.main, holder: "three", orThrow: asItIs) { () async throws(GitError) in }
                throw .malformed("two holders")
            } catch {
                guard case .lockHeld(_, let holder) = error, holder.hasSuffix(" one") else { throw error }
            }
        }
        #expect(locks.holder(of: world.main) == nil)
    }
}
