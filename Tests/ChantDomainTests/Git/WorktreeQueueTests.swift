import ChantTesting
import Foundation
import Testing

@testable import ChantDomain

@Suite("WorktreeQueue")
struct WorktreeQueueTests {
    @Test("a run gets a clean worktree on its branch at the target's tip, and no upstream tracking")
    func plain() async throws {
        let world = try await GitWorld(files: ["a": "1", "sub/b": "2"])
        let request = try await world.request()
        let worktree = try await world.obtain(request)
        #expect(worktree.path == "\(world.repository.worktreesFolder)/\(world.client.repository.key)/\(request.runID)")
        #expect(worktree.base == request.targetTip)
        #expect(world.repository.read("sub/b", in: worktree.path) == "2")
        #expect(try await world.repository.git("status", "--porcelain", in: worktree.path) == "")
        #expect(try await world.repository.git("symbolic-ref", "HEAD", in: worktree.path) == worktree.branch.ref)
        let configuration = world.repository.read(".git/config") ?? ""
        #expect(!configuration.contains("branch \""))
        #expect(try JSONDecoder().decode(Worktree.self, from: JSONEncoder().encode(worktree)) == worktree)

        let left = try await world.queue.giveBack(worktree, run: request.runID, holding: .remove)
        #expect(left == nil)
        #expect(world.traces() == [])
        #expect(try await world.refs("refs/heads/").count == 2)
        #expect(world.log.all == [])
    }

    @Test("R19: sixteen at once all get theirs")
    func sixteen() async throws {
        let world = try await GitWorld()
        try await withThrowingTaskGroup(of: Worktree.self) { group in
            for number in 0..<16 {
                let request = try await world.request("spec-\(number)")
                group.addTask { try await world.obtain(request) }
            }
            var names: Set<String> = []
            for try await worktree in group {
                names.insert(worktree.name)
                #expect(world.repository.read("README.md", in: worktree.path) == "hello\n")
            }
            #expect(names.count == 16)
        }
        #expect(try await world.client.worktrees().count == 17)
        #expect(await world.queue.names().count == 16)
        #expect(await world.queue.holder == nil)
        #expect(world.log.all == [])
    }

    @Test("R19: another process that holds the lock is waited for, and named when it holds on")
    func heldElsewhere() async throws {
        let world = try await GitWorld(patience: .milliseconds(100))
        let lock = "\(world.client.repository.ownFolder)/worktrees.lock"
        try world.repository.write("", to: ".git/chant/worktrees.lock")
        let script = "echo 99 other service >\(lock); sleep 600"
        let other = Task {
            try await SubprocessRunner().run(
                Command("flock", [lock, "sh", "-c", script], folder: "/", environment: world.repository.environment)
            )
        }
        defer { other.cancel() }
        try await eventually("it is held") { GitFiles.text(of: lock) == "99 other service" }
        let request = try await world.request()
        await #expect(throws: GitError.lockHeld(path: lock, holder: "99 other service")) {
            try await world.obtain(request)
        }
        #expect(try await world.refs("refs/heads/").count == 1)
        let patient = WorktreeQueue(client: world.client, worktreesFolder: world.repository.worktreesFolder)
        let waiting = Task { try await patient.obtain(request) { _ in } }
        try await eventually("the queue waits") { await patient.holder == "obtain \(request.runID)" }
        other.cancel()
        #expect(try await waiting.value.base == request.targetTip)
    }

    @Test("R20: a transient failure is tried again after its traces were undone, and its words are logged")
    func transient() async throws {
        let world = try await GitWorld()
        // The first add fails as the race of two adds does: the branch and half a record stay behind.
        let queue = try await world.wrapped(
            """
            case "$*" in *"worktree add"*)
              if [ ! -e failed ]; then
                touch failed; for p; do case $p in */r*) name=$(basename $p);; esac; done
                mkdir -p .git/worktrees/$name; touch .git/worktrees/$name/commondir
                echo "fatal: failed to read .git/worktrees/$name/commondir: Success" >&2; exit 128
              fi;;
            esac
            """,
            retry: RetryPolicy(maxAttempts: 3, base: .milliseconds(1), cap: .milliseconds(1))
        )
        let request = try await world.request()
        let worktree = try await queue.obtain(request) { world.log.note($0) }
        #expect(world.repository.read("README.md", in: worktree.path) == "hello\n")
        #expect(world.log.all.count == 1)
        #expect(world.log.all.first?.contains("commondir: Success") == true)
        #expect(worktree.name == request.runID.text)
        #expect(try await world.client.worktrees().count == 2)
    }

    @Test(
        "R20: what fails for good is failed with git's own words, and leaves nothing",
        arguments: [StartPoint.target, .branch]
    )
    func failing(start: StartPoint) async throws {
        let world = try await GitWorld()
        let queue = try await world.wrapped(
            #"case "$*" in *"worktree add"*) echo "fatal: no space for you" >&2; exit 128;; esac"#
        )
        try await world.repository.git("branch", "chant/2026-01-02-001-abc")
        try await world.repository.commit(["x": "x"], "Target moves on")
        let before = try await world.refs()
        let request = try await world.request(from: start)
        await #expect { try await queue.obtain(request) { world.log.note($0) } } throws: { error in
            (error as? GitError)?.stderr == "fatal: no space for you"
        }
        #expect(try await world.refs() == before)
        #expect(world.log.all.count == 1)
        #expect(await queue.recoverOwn(live: []) == [])
        #expect(world.traces() == [])
    }

    @Test("R20: a damaged record of somebody else's worktree: git's words, all attempts, nothing deleted")
    func poison() async throws {
        let world = try await GitWorld()
        try world.repository.write("/somewhere/.git\n", to: ".git/worktrees/foreign/gitdir")
        try world.repository.write("", to: ".git/worktrees/foreign/commondir")
        let request = try await world.request()
        await #expect { try await world.obtain(request) } throws: { error in
            (error as? GitError)?.stderr.contains("commondir") == true
        }
        #expect(world.log.all.count == 4)
        #expect(GitFiles.names(in: "\(world.client.repository.worktreeRecords)/foreign") == ["commondir", "gitdir"])
        #expect(try await world.refs("refs/heads/").count == 1)
    }

    @Test("a fill that fails takes everything back", arguments: [false, true])
    func failingFill(branchExisted: Bool) async throws {
        let world = try await GitWorld()
        if branchExisted { try await world.repository.git("branch", "chant/2026-01-02-001-abc") }
        try await world.repository.commit(["x": "x"], "Target moves on")
        let before = try await world.refs()
        let queue = try await world.wrapped(
            #"case "$*" in *"reset --hard"*) echo "fatal: filter died" >&2; exit 128;; esac"#
        )
        let request = try await world.request()
        await #expect { try await queue.obtain(request) { world.log.note($0) } } throws: { error in
            (error as? GitError)?.stderr == "fatal: filter died"
        }
        #expect(try await world.refs() == before)
        #expect(try await world.client.worktrees().count == 1)
    }

    @Test("a cancelled obtain leaves nothing")
    func cancelled() async throws {
        let world = try await GitWorld()
        let queue = try await world.wrapped(#"case "$*" in *"reset --hard"*) touch filling; sleep 600;; esac"#)
        let before = try await world.refs()
        let request = try await world.request()
        let task = Task { try await queue.obtain(request) { _ in } }
        try await eventually("the fill runs") {
            world.repository.read(
                "filling",
                in: "\(world.repository.worktreesFolder)/\(world.client.repository.key)/\(request.runID)"
            ) != nil
        }
        task.cancel()
        await #expect(throws: GitError.cancelled) { try await task.value }
        #expect(try await world.refs() == before)
        #expect(try await world.client.worktrees().count == 1)
    }

    @Test("R25: hooks of the repository do not run")
    func hooks() async throws {
        let world = try await GitWorld()
        try world.repository.write(
            "#!/bin/sh\ntouch \(world.repository.folder)/ran\nexit 1\n",
            to: ".git/hooks/post-checkout"
        )
        try world.repository.write(
            "#!/bin/sh\ntouch \(world.repository.folder)/ran\nexit 1\n",
            to: ".git/hooks/reference-transaction"
        )
        for name in ["post-checkout", "reference-transaction"] {
            chmod("\(world.repository.checkout)/.git/hooks/\(name)", 0o755)
        }
        let request = try await world.request()
        _ = try await world.obtain(request)
        #expect(world.repository.read("ran", in: world.repository.folder) == nil)
    }

    @Test("at start: half-made worktrees go, live ones and foreign ones stay, our branch's stale lock goes")
    func recovery() async throws {
        let world = try await GitWorld()
        let live = try await world.obtain(world.request("live"))
        let done = try await world.obtain(world.request("done"))
        try world.repository.write("work", to: "new", in: done.path)
        let half = RunID(at: Date())
        try world.repository.write("", to: ".git/worktrees/\(half)/commondir")
        let foreign = "\(world.repository.folder)/foreign"
        try await world.repository.git("worktree", "prune")
        try await world.repository.git("worktree", "add", "--quiet", "-b", "foreign", foreign, in: live.path).isEmpty
            ? () : ()
        try world.repository.write("", to: ".git/refs/heads/chant/stale.lock")

        let report = await world.queue.recoverOwn(
            live: [live.name],
            abandoned: [try #require(BranchName("chant/stale"))]
        )
        #expect(report == ["What the worktree of \(done.name) held is stored as refs/chant/left/\(done.name)."])
        #expect(await world.queue.names() == [live.name])
        #expect(GitFiles.names(in: world.client.repository.worktreeRecords) == ["foreign", live.name].sorted())
        #expect(GitFiles.kind(of: "\(world.client.repository.commonDir)/refs/heads/chant/stale.lock") == nil)
        #expect(world.repository.read("README.md", in: foreign) == "hello\n")
        #expect(try await world.repository.git("show", "refs/chant/left/\(done.name):new") == "work")
    }
}
