import ChantTesting
import Foundation
import Glibc
import Testing

/// States that crashes, full disks and other programs leave: each is survived or told in a sentence.
@Suite("Odd states")
struct OddStateTests {
    /// Whether this machine lets a test mount something where only its service sees it.
    private static let canMount: Bool = {
        guard geteuid() == 0,
            let child = try? ChildProgram(
                "unshare",
                ["-m", "sh", "-c", "mount -t tmpfs none /mnt"],
                environment: ["PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"],
                folder: "/",
                output: "/dev/null",
                error: "/dev/null"
            )
        else { return false }
        var status: Int32 = 0
        while child.ended() == nil, waitpid(child.pid, &status, WNOHANG) == 0 { sched_yield() }
        return (child.ended() ?? .code(status)) == .code(0)
    }()

    /// A service that sees the file system after `commands`.
    private func withMount(
        _ commands: (DemoProject) -> String,
        before: (DemoProject) async throws -> Void = { _ in },
        _ body: (ServerUnderTest, DemoProject) async throws -> Void
    ) async throws {
        try await withTurn {
            // What a full disk does to a run is asked, not how starts wait for room (R72).
            let project = try await DemoProject(server: ["floors: { disk: 0, disk_percent: 0 }"])
            try await before(project)
            let wrapper = ["unshare", "-m", "sh", "-ec", commands(project) + "\nexec \"$0\" \"$@\""]
            let server = try await ServerUnderTest(project, wrapper: wrapper)
            do {
                try await body(server, project)
            } catch {
                Issue.record("\(error)\nthe service's log:\n\(server.log.suffix(6000))")
            }
            #expect(try await server.stop() == .code(0), "\(server.log.suffix(3000))")
        }
    }

    @Test(
        "a .git that cannot be written: said at start, and the run fails with the system's words",
        .enabled(if: canMount)
    )
    func readOnlyGit() async throws {
        let readOnly = { (project: DemoProject) in
            "mount --bind '\(project.checkout)/.git' '\(project.checkout)/.git'\n"
                + "mount -o remount,bind,ro '\(project.checkout)/.git'"
        }
        try await withMount(readOnly) { server, project in
            #expect(server.log.contains("cannot be written"), "\(server.log)")
            let run = try await server.finished()
            #expect(Ending(run) == Ending("failed", "worktree-failed"), "\(run)")
            #expect(run["problem"]["detail"].text?.contains("Read-only file system") == true, "\(run["problem"])")
            #expect(try project.header("status") == "failed")
            #expect(try await project.otherWorktrees() == [])
        }
    }

    @Test("a full disk below the worktrees: failed as disk-full, and nothing half made is left", .enabled(if: canMount))
    func fullDisk() async throws {
        let small = { (project: DemoProject) in
            "mkdir -p '\(project.worktrees)'\nmount -t tmpfs -o size=256k none '\(project.worktrees)'"
        }
        let large = { (project: DemoProject) in
            _ = try await project.run("sh", ["-c", "head -c 2000000 /dev/urandom >large.bin"])
            try await project.git("add", "-A")
            try await project.git("commit", "-q", "-m", "Large")
        }
        try await withMount(small, before: large) { server, project in
            let run = try await server.finished()
            #expect(Ending(run) == Ending("failed", "disk-full"), "\(run)")
            #expect(run["problem"]["detail"].text?.contains("Make room") == true, "\(run["problem"])")
            #expect(try project.header("status") == "failed")
            try await eventually("nothing half made") { try await project.otherWorktrees().isEmpty }
        }
    }

    @Test("a disk too full for the journal: the start ends with 74 and says so", .enabled(if: canMount))
    func fullState() async throws {
        try await withTurn {
            let project = try await DemoProject()
            let full = """
                mkdir -p '\(project.state)'
                mount -t tmpfs -o size=256k,mode=700 none '\(project.state)'
                head -c 300000 /dev/zero >'\(project.state)/full' 2>/dev/null || :
                exec "$0" "$@"
                """
            let wrapper = ["unshare", "-m", "sh", "-ec", full]
            let refused = try ServerUnderTest.launch(project, "full", wrapper: wrapper)
            #expect(try await refused.waitForEnd() == .code(74))
            let message = try project.text(atPath: "\(project.folder)/server-full.err")
            #expect(message.contains("disk is full") && message.contains("Make room"), "\(message)")
        }
    }

    private static func damageRecord(_ project: DemoProject) async throws {
        let folder = "\(project.checkout)/.git/worktrees/foreign"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try project.write("/somewhere/.git\n", to: ".git/worktrees/foreign/gitdir")
        try project.write("", to: ".git/worktrees/foreign/commondir")
    }

    @Test("R20: a damaged record of a foreign worktree is named at start and in the problem; without it all is well")
    func poison() async throws {
        try await withService(before: Self.damageRecord) { server, project in
            #expect(server.log.contains(".git/worktrees/foreign is damaged"), "\(server.log)")
            let run = try await server.finished()
            #expect(Ending(run) == Ending("failed", "worktree-failed"), "\(run)")
            #expect(run["problem"]["detail"].text?.contains(".git/worktrees/foreign is damaged") == true)
            #expect(run["problem"]["stderr"].text?.contains("commondir") == true)
            try FileManager.default.removeItem(atPath: "\(project.checkout)/.git/worktrees")
            let whole = try await server.finished()
            #expect(Ending(whole) == Ending("completed"), "\(whole)")
        }
    }

    private static func leaveLocks(_ project: DemoProject) async throws {
        for folder in [".chant/.locks", ".git/chant"] {
            let path = "\(project.checkout)/\(folder)"
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        }
        try project.write("2147483646\n", to: ".chant/.locks/\(first).lock")
        try project.write("2147483646 gone http://127.0.0.1:1\n", to: ".chant/.locks/server.lock")
        try project.write("2147483646\n", to: ".git/chant/worktrees.lock")
    }

    @Test("locks of programs that are gone hold nobody up")
    func staleLocks() async throws {
        try await withService(before: Self.leaveLocks) { server, project in
            let whole = try await server.finished()
            #expect(Ending(whole) == Ending("completed"), "\(whole)")
            #expect(!project.exists("\(project.checkout)/.chant/.locks/\(first).lock"))
        }
    }

    @Test(
        "half-made worktrees of a killed service are cleared away by the next; a folder that no run of it owns stays"
    )
    func halfMade() async throws {
        try await withTurn {
            let project = try await DemoProject(specs: [DemoSpec(first), DemoSpec(second)])
            let server = try await ServerUnderTest(project)
            _ = try await server.finished()
            try await server.crash()
            let key = try #require(
                FileManager.default.contentsOfDirectory(atPath: project.worktrees).first { !$0.hasPrefix(".") }
            )
            let folder = "\(project.worktrees)/\(key)"
            let (bare, half) = ("r00000000000000000000000001", "r00000000000000000000000002")
            for path in ["\(folder)/\(bare)", "\(folder)/\(half)", "\(project.checkout)/.git/worktrees/\(half)"] {
                try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
            }
            try project.write("\(folder)/\(half)/.git\n", to: ".git/worktrees/\(half)/gitdir")
            try project.write("", to: ".git/worktrees/\(half)/commondir")
            let again = try await ServerUnderTest(project)
            #expect(!project.exists("\(project.checkout)/.git/worktrees/\(half)"))
            #expect(!project.exists("\(folder)/\(half)"))
            #expect(project.exists("\(folder)/\(bare)"))
            let whole = try await again.finished(second)
            #expect(Ending(whole) == Ending("completed"), "\(whole)")
            #expect(try await again.stop() == .code(0))
        }
    }

    @Test("R73: a damaged journal is moved aside with a message; runs are there again, and an agent at work is adopted")
    func damagedJournal() async throws {
        try await withTurn {
            let agent = ScriptedAgent(
                [.onSpec("bbb", [.say("waiting"), .wait(for: "go")])] + ScriptedAgent.diligent.steps
            )
            let project = try await DemoProject(agent: agent, specs: [DemoSpec(first), DemoSpec(second)])
            let server = try await ServerUnderTest(project)
            let done = try await server.finished()
            let live = try await server.agentAtWork(try await server.work(second))
            try await server.crash()
            for end in ["-wal", "-shm"] {
                try? FileManager.default.removeItem(atPath: "\(project.state)/journal.sqlite\(end)")
            }
            let garbage = Data(repeating: 0x5A, count: 20_000)
            try garbage.write(to: URL(fileURLWithPath: "\(project.state)/journal.sqlite"))
            let again = try await ServerUnderTest(project)
            #expect(again.log.contains("it was moved to \(project.state)/journal.sqlite.damaged-"), "\(again.log)")
            let known = try await again.client.json("/runs/\(done["id"].text ?? "")")
            #expect(Ending(known) == Ending("completed"))
            #expect(known["merge_commit"] == done["merge_commit"])
            try project.release("go")
            let adopted = try await again.settled(live)
            #expect(Ending(adopted) == Ending("completed"), "\(adopted)")
            #expect(adopted["started_at"].text == live["started_at"].text)
            #expect(try await project.git("status", "--porcelain") == "")
            #expect(try await again.stop() == .code(0))
        }
    }
}
