import ChantTesting
import Foundation
import Testing

@testable import ChantDomain

@Suite("Repository")
struct RepositoryTests {
    @Test("a project at the top level, in a folder, and in a linked worktree")
    func places() async throws {
        let repository = try await TemporaryRepository(files: ["sub/dir/x": "x"])
        let top = try await repository.client().repository
        #expect(top.checkout == repository.checkout)
        #expect(top.commonDir == "\(repository.checkout)/.git")
        #expect(top.gitDir == top.commonDir)
        #expect(top.prefix == "")
        #expect(top.chantPrefix == ".chant/")
        #expect(top.key.count == 12)

        let inner = try await repository.client(projectFolder: "\(repository.checkout)/sub/dir").repository
        #expect(inner.prefix == "sub/dir/")
        #expect(inner.chantPrefix == "sub/dir/.chant/")
        #expect(inner.key == top.key)

        let linked = "\(repository.folder)/linked"
        try await repository.git("worktree", "add", "--quiet", "-b", "other", linked)
        let other = try await repository.client(projectFolder: linked).repository
        #expect(other.checkout == linked)
        #expect(other.commonDir == top.commonDir)
        #expect(other.gitDir == "\(top.commonDir)/worktrees/linked")
        #expect(other.key == top.key)

        let link = "\(repository.folder)/link"
        symlink(repository.checkout, link)
        #expect(try await repository.client(projectFolder: link).repository == top)
    }

    @Test("an unborn branch is accepted")
    func unborn() async throws {
        let repository = try await TemporaryRepository(files: [:])
        let client = try await repository.client()
        #expect(try await client.isEmpty())
        #expect(try await client.headBranch()?.text == "main")
        #expect(try await client.defaultTarget(configured: nil)?.text == "main")
        #expect(try await client.tip(of: #require(BranchName("main"))) == nil)
        try await repository.commit(["a": "a"], "First")
        #expect(try await !client.isEmpty())
    }

    @Test("what is no checkout is refused, each with its own case")
    func refused() async throws {
        let repository = try await TemporaryRepository()
        let bare = "\(repository.folder)/bare"
        try await repository.git("init", "--quiet", "--bare", bare)
        await #expect(throws: GitError.bare(folder: bare)) { try await repository.client(projectFolder: bare) }

        let plain = "\(repository.folder)/home"
        await #expect { try await repository.client(projectFolder: plain) } throws: { error in
            guard case GitError.notARepository(plain, _) = error else { return false }
            return true
        }
        await #expect { try await repository.client(projectFolder: "\(repository.checkout)/.git/refs") } throws: {
            error in
            guard case GitError.notARepository = error else { return false }
            return true
        }
        await #expect { try await repository.client(projectFolder: "\(repository.folder)/nowhere") } throws: { error in
            guard case GitError.notARepository = error else { return false }
            return true
        }
        await #expect(throws: GitError.gitMissing) { try await repository.client(program: "no-such-git") }
    }

    @Test(
        "a format or an extension that git cannot read is refused",
        arguments: [["core.repositoryformatversion", "99"], ["extensions.noSuchThing", "1"]]
    )
    func format(setting: [String]) async throws {
        let repository = try await TemporaryRepository()
        try await repository.git("config", "core.repositoryformatversion", "1")
        try await repository.git("config", setting[0], setting[1])
        await #expect { try await repository.client() } throws: { error in
            guard case GitError.unreadableFormat(let detail) = error else { return false }
            return !detail.isEmpty
        }
    }

    @Test("a repository of another user is refused", .enabled(if: getuid() == 0, "only root can make one"))
    func foreign() async throws {
        let repository = try await TemporaryRepository()
        for path in [repository.checkout, "\(repository.checkout)/.git"] { chown(path, 12345, 12345) }
        await #expect { try await repository.client() } throws: { error in
            guard case GitError.foreignOwner = error, let error = error as? GitError else { return false }
            return error.sentence.contains("safe.directory")
        }
    }

    @Test("R60: an old git is refused with the sentence")
    func old() async throws {
        let repository = try await TemporaryRepository()
        let program = "\(repository.folder)/git"
        try repository.write("#!/bin/sh\necho git version 2.30.2\n", to: "git", in: repository.folder)
        chmod(program, 0o755)
        await #expect(throws: GitError.tooOld(found: "2.30.2")) { try await repository.client(program: program) }
        #expect(GitError.tooOld(found: "2.30.2").sentence.contains("2.38"))
    }

    @Test("the target is the configured branch, else main, master, or HEAD's")
    func target() async throws {
        let repository = try await TemporaryRepository()
        let client = try await repository.client()
        #expect(try await client.defaultTarget(configured: "not/there")?.text == "not/there")
        await #expect(throws: GitError.invalidBranch("-x")) { try await client.defaultTarget(configured: "-x") }
        try await repository.git("branch", "master")
        try await repository.git("checkout", "--quiet", "-b", "work")
        #expect(try await client.defaultTarget(configured: nil)?.text == "main")
        try await repository.git("branch", "-D", "main")
        #expect(try await client.defaultTarget(configured: nil)?.text == "master")
        try await repository.git("branch", "-D", "master")
        #expect(try await client.defaultTarget(configured: nil)?.text == "work")
        try await repository.git("checkout", "--quiet", "--detach")
        #expect(try await client.defaultTarget(configured: nil) == nil)
    }

    @Test("R62: whether git knows whom to commit as")
    func identity() async throws {
        let repository = try await TemporaryRepository()
        let client = try await repository.client()
        #expect(try await client.userIdentity(in: repository.checkout))
        try await repository.git("config", "--unset", "user.email")
        try await repository.git("config", "user.useConfigOnly", "true")
        #expect(try await !client.userIdentity(in: repository.checkout))
    }

    @Test("contents, short hashes and text merges")
    func contents() async throws {
        let repository = try await TemporaryRepository(files: ["a b/ü": "text", "weird[1]": "x"])
        let client = try await repository.client()
        let head = try await #require(client.resolve("HEAD"))
        #expect(try await client.contents(of: "a b/ü", in: head) == Array("text".utf8))
        #expect(try await client.contents(of: "a b", in: head) == nil)
        #expect(try await client.contents(of: "nothing", in: head) == nil)
        #expect(try await client.contents(of: "weird[1]", in: head) == Array("x".utf8))
        #expect(try await client.resolve("--help") == nil)
        try await repository.git("config", "core.abbrev", "4")
        #expect(try await client.shortHash(head) == String(head.hex.prefix(7)))
        let clean = try await client.mergeText(
            base: Array("a\nb\nc\nd\ne\n".utf8),
            ours: Array("A\nb\nc\nd\ne\n".utf8),
            theirs: Array("a\nb\nc\nd\nE\n".utf8)
        )
        #expect(String(decoding: clean.bytes, as: UTF8.self) == "A\nb\nc\nd\nE\n")
        #expect(!clean.conflicted)
        let both = try await client.mergeText(base: [], ours: Array("x\n".utf8), theirs: Array("y\n".utf8))
        #expect(both.conflicted)
        #expect(String(decoding: both.bytes, as: UTF8.self).contains("<<<<<<< current"))
    }

    @Test("R54: changes of the checkout apart from specs and logs are noticed, also a second change of one file")
    func checkoutState() async throws {
        let repository = try await TemporaryRepository(files: [
            "a": "a", ".chant/specs/x.md": "x", ".chant/config.md": "c",
        ])
        let client = try await repository.client()
        let before = try await client.checkoutState()
        try repository.write("changed", to: ".chant/specs/x.md")
        try repository.write("new", to: ".chant/logs/x.log")
        #expect(try await client.checkoutState().changedPaths(since: before).isEmpty)
        try repository.write("b", to: "a")
        try repository.write("b", to: "new/file")
        let middle = try await client.checkoutState()
        #expect(middle.changedPaths(since: before) == ["a", "new/"])
        try repository.write("bb", to: "a")
        // What decides about the next start is told, as any other file.
        try repository.write("changed", to: ".chant/config.md")
        try repository.write("new", to: ".chant/prompts/standard.md")
        let changed = try await client.checkoutState().changedPaths(since: middle)
        #expect(changed == [".chant/config.md", ".chant/prompts/", "a"])
    }
}
