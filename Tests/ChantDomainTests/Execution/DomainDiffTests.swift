import ChantTesting
import Foundation
import Testing

@testable import ChantDomain

@Suite("Domain: what runs have changed")
struct DomainDiffTests {
    private let id = DomainWorld.spec

    @Test("R49: while the run is under way, after its end, and after a later run has started afresh")
    func stages() async throws {
        let agent = ScriptedAgent([
            .write("$CHANT_RUN_ID", to: "a b.txt"), .commit("first"), .wait(for: "go"), .tick, .commit("b"),
        ])
        let world = try await DomainWorld(agent: agent, server: ["merge: manual"])
        let first = try await world.work { domain, run in
            try await eventually("the first commit is seen") {
                let files = try? await domain.diffs.diff(of: run.id).diff.files
                return files?.contains { $0.path == "a b.txt" } ?? false
            }
            try world.project.release("go")
        }
        try await world.serving { domain in
            let old = try await domain.diffs.diff(of: first.id)
            #expect(old.head == first.headCommit)
            #expect(old.diff.files.map(\.path) == [".chant/specs/\(id).md", "a b.txt"])
            let second = try await domain.settled(try await domain.start(id).id)
            #expect(try await domain.diffs.diff(of: first.id).diff == old.diff, "by its stored commits")
            let latest = try await domain.diffs.diff(ofSpec: try #require(SpecID(id)))
            #expect(latest.run.id == second.id)
            #expect(latest.diff.files[1].hunks.map(\.lines) == [["+\(second.id)"]])
            let text = String(decoding: latest.diff.patch, as: UTF8.self)
            #expect(text.contains("diff --git a/a b.txt b/a b.txt\nnew file mode 100644\n"))
        }
    }

    @Test("no run, and a run without a branch")
    func nothing() async throws {
        let world = try await DomainWorld()
        try await world.serving { domain in
            await #expect(throws: DiffError.self) { try await domain.diffs.diff(ofSpec: try #require(SpecID(id))) }
            let unknown = RunID(at: Date())
            await #expect(throws: DiffError.self) { try await domain.diffs.diff(of: unknown) }
        }
    }

    @Test("R63: renames, binaries, other kinds of files, odd names, and a limit with what does not fit left out")
    func forms() async throws {
        let world = try await DomainWorld()
        let project = world.project
        let lines = (1...50).map { "line \($0)\n" }.joined()
        try project.write(lines, to: "old.txt")
        try project.write("x", to: "kind")
        try await project.git("add", "-A")
        try await project.git("commit", "-q", "-m", "Before")
        _ = try await project.run("mv", ["old.txt", "new\tname.txt"])
        _ = try await project.run("sh", ["-c", "printf 'a\\0b' > binary; rm kind; ln -s README.md kind; rm README.md"])
        try project.write(String(repeating: "+-@ x\n", count: 2000), to: "zz.txt")
        try await project.git("add", "-A")
        try await project.git("commit", "-q", "-m", "After")
        let domain = try await world.open()
        defer { domain.close() }
        let git = domain.diffs.rooms.git
        let old = try #require(try await git.resolve("HEAD^"))
        let new = try #require(try await git.resolve("HEAD"))
        let diff = try await git.diff(from: old, to: new, limit: 1 << 20)
        let found = diff.files.map { "\($0.path) \($0.status.rawValue) \($0.additions ?? -1) \($0.hunks.count)" }
        #expect(
            found == [
                "README.md deleted 0 1", "binary added -1 0", "kind type_changed 1 2", "new\tname.txt renamed 0 0",
                "zz.txt added 2000 1",
            ]
        )
        #expect(diff.files[3].oldPath == "old.txt")
        #expect(diff.files[4].hunks[0].lines.count == 2000)
        #expect(!diff.isTruncated)
        let short = try await git.diff(from: old, to: new, limit: 2000)
        #expect(short.files.map(\.isTruncated) == [false, false, false, false, true])
        #expect(short.files[4].additions == 2000)
        #expect(short.patch.count < 2000)
    }

    @Test("R34: secrets are masked")
    func secrets() async throws {
        let agent = ScriptedAgent([.write("key topsecretvalue1", to: "a.txt"), .tick, .commit("a")])
        let world = try await DomainWorld(agent: agent)
        try await world.serving(environment: ["DEMO_API_KEY": "topsecretvalue1"]) { domain in
            let run = try await domain.settled(try await domain.start(id).id)
            let text = String(decoding: try await domain.diffs.diff(of: run.id).diff.patch, as: UTF8.self)
            #expect(text.contains("+key ***************"))
            #expect(!text.contains("topsecretvalue1"))
        }
    }
}
