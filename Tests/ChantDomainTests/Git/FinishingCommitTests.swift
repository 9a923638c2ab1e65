import ChantTesting
import Foundation
import Testing

@testable import ChantDomain

@Suite("FinishingCommit")
struct FinishingCommitTests {
    @Test("F2: M has both parents, the merged tree, the finished spec, and is held by a ref; nothing else changes")
    func clean() async throws {
        let world = try await FinishingWorld()
        let tip = try await world.work(["new": "new\n", "a": "1\n2\n3\n4\nFIVE\n"])
        let old = try await world.repository.commit(["a": "ONE\n2\n3\n4\n5\n"], "Somebody else")
        let files = world.snapshot()
        guard case .made(let plan) = try await world.make(tip) else { throw GitError.malformed("no M") }
        let git = world.repository
        #expect(try await git.git("rev-parse", "\(plan.commit)^1", "\(plan.commit)^2") == "\(old)\n\(tip)")
        #expect(try await git.git("show", "\(plan.commit):a") == "ONE\n2\n3\n4\nFIVE")
        #expect(try await git.git("show", "\(plan.commit):\(world.spec)") + "\n" == world.finished)
        #expect(try await git.git("rev-parse", "\(plan.commit):\(world.spec)") == plan.blobs[world.spec]?.hex)
        #expect(
            try await git.git("log", "-1", "--format=%an <%ae>%n%cn <%ce>%n%B", plan.commit.hex)
                == "Chant Server <server@chant.invalid>\nChant Server <server@chant.invalid>\n"
                + "chant: complete s\n\nChant-Spec: s\nChant-Run: \(world.run)\n"
        )
        #expect(try await world.client.finishingCommit(of: world.run) == plan.commit)
        #expect(try await git.git("rev-parse", "main") == old)
        #expect(world.snapshot() == files)
        #expect(try await world.status() == [])
        try await world.client.dropFinishRef(world.run)
        try await world.client.dropFinishRef(world.run)
        #expect(try await world.client.finishingCommit(of: world.run) == nil)
    }

    @Test(
        "F2: without commits of its own, or with those that the target has, M has one parent",
        arguments: [true, false]
    )
    func oneParent(isNone: Bool) async throws {
        let world = try await FinishingWorld()
        let old = try await world.client.tip(of: world.main)
        guard case .made(let plan) = try await world.make(isNone ? nil : old) else { throw GitError.malformed("no M") }
        #expect(try await world.repository.git("log", "-1", "--format=%P", plan.commit.hex) == old?.hex)
    }

    @Test("R24: a conflict is an answer with the files and both sides' commits, newest first")
    func conflict() async throws {
        let world = try await FinishingWorld()
        let tip = try await world.work(["a": "run\n", "new": "x"])
        let other = try await world.repository.commit(["a": "person\n"], "Somebody else")
        try await world.repository.commit(["unrelated": "x"], "Unrelated")
        let result = try await world.make(tip)
        #expect(
            result
                == .conflict(files: ["a"], targetCommits: [try #require(ObjectID(other))], runCommits: [tip])
        )
        #expect(try await world.client.finishingCommit(of: world.run) == nil)
    }

    @Test("F2: a conflict in the run's own spec file alone is none", arguments: ["edit", "delete"])
    func ownSpec(how: String) async throws {
        let world = try await FinishingWorld()
        let tip = try await world.work([world.spec: "agent's\n", "new": "x"])
        if how == "edit" {
            try await world.repository.commit([world.spec: "person's\n"], "Somebody else")
        } else {
            try await world.repository.git("rm", "--quiet", world.spec)
            try await world.repository.git("commit", "--quiet", "-m", "Gone")
        }
        guard case .made(let plan) = try await world.make(tip) else { throw GitError.malformed("no M") }
        #expect(try await world.repository.git("show", "\(plan.commit):\(world.spec)") + "\n" == world.finished)
        #expect(try await world.repository.git("show", "\(plan.commit):new") == "x")
    }

    @Test("F2: an untracked spec goes in; an ignored one does not; an ignored one that is tracked does")
    func ignored() async throws {
        for kind in FinishingWorld.SpecFile.allCases {
            let world = try await FinishingWorld(kind)
            let tip = try await world.work(["new": "x"])
            guard case .made(let plan) = try await world.make(tip) else { throw GitError.malformed("no M") }
            #expect((plan.blobs[world.spec] != nil) == (kind != .ignored), "\(kind)")
        }
        let world = try await FinishingWorld(.tracked, files: [".gitignore": ".chant/\n"])
        guard case .made(let plan) = try await world.make(nil) else { throw GitError.malformed("no M") }
        #expect(plan.blobs.count == 1)
    }

    @Test("R58: no commits and an ignored spec are nothing to commit")
    func nothing() async throws {
        let world = try await FinishingWorld(.ignored)
        #expect(try await world.make(nil) == .nothing)
        #expect(try await world.client.finishingCommit(of: world.run) == nil)
    }

    @Test("F2: a driver's file goes in with the member's; modes stay")
    func two() async throws {
        let world = try await FinishingWorld()
        chmod("\(world.repository.checkout)/\(world.spec)", 0o755)
        try await world.repository.git("commit", "--quiet", "-am", "Mode")
        let files = [world.spec, ".chant/specs/driver.md"].map {
            FinishedFile(path: $0, bytes: Array("done \($0)".utf8))
        }
        guard case .made(let plan) = try await world.make(nil, files: files) else { throw GitError.malformed("no M") }
        let tree = try await world.repository.git(
            "ls-tree",
            "-r",
            "--format=%(objectmode) %(path)",
            plan.commit.hex,
            ".chant/"
        )
        #expect(tree == "100644 .chant/specs/driver.md\n100755 .chant/specs/s.md")
    }

    @Test("R25: the user's signing, encoding and drivers do not steer M")
    func configuration() async throws {
        let world = try await FinishingWorld()
        for (key, value) in ["commit.gpgSign": "true", "i18n.commitEncoding": "latin1", "gpg.program": "/bin/false"] {
            try await world.repository.git("config", key, value)
        }
        guard case .made(let plan) = try await world.make(nil) else { throw GitError.malformed("no M") }
        let raw = try await world.repository.git("cat-file", "commit", plan.commit.hex)
        #expect(!raw.contains("gpgsig") && !raw.contains("encoding"))
        await #expect(throws: GitError.self) { try await world.make(nil, key: "KEY") }
    }

    @Test("unrelated histories merge, too")
    func unrelated() async throws {
        let world = try await FinishingWorld()
        let tree = try await world.repository.git("rev-parse", "main^{tree}")
        let alone = try await world.repository.git("commit-tree", tree, "-m", "Alone")
        guard case .made = try await world.make(ObjectID(alone)) else { throw GitError.malformed("no M") }
    }
}
