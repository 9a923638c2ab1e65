import ChantTesting
import Testing

@testable import ChantDomain

@Suite("Domain: conflicts at the end of a run")
struct DomainConflictTests {
    private let id = DomainWorld.spec

    @Test("R23, R24: target and every checkout are untouched, and the answer names files and both sides' commits")
    func untouched() async throws {
        let agent = ScriptedAgent([.write("agent's", to: "README.md"), .tick, .commit("agent's"), .wait(for: "go")])
        let world = try await DomainWorld(agent: agent)
        let project = world.project
        let other = "\(project.folder)/other"
        var before: [String] = []
        var theirs = ""
        let run = try await world.work { domain, run in
            try await domain.reached(run.id, "running") { $0.state == .running }
            try project.write("mine\n", to: "README.md")
            try await project.git("commit", "-q", "-m", "Mine", "--", "README.md")
            theirs = try await project.git("rev-parse", "main")
            try await project.git("worktree", "add", "-q", "-b", "side", other, "main")
            try project.write("unsaved\n", to: "README.md")
            try project.write("staged\n", to: "staged.txt")
            try await project.git("add", "staged.txt")
            before = try await state(project, other)
            try project.release("go")
        }
        #expect(run.reason == .mergeConflict)
        #expect(run.problem?.members["files"] == .texts(["README.md"]))
        #expect(run.problem?.members["target_commits"] == .texts([theirs]))
        #expect(run.problem?.members["run_commits"] == .texts(run.commits))
        #expect(try await project.git("rev-parse", run.branch) == run.commits.last, "the branch is kept")
        #expect(try await state(project, other) == before)
        #expect(try project.text("README.md") == "unsaved\n")
        #expect(try world.spec().status == .needsAttention)
    }

    /// The target, and both checkouts with what is staged in them; the spec's file is the service's.
    private func state(_ project: DemoProject, _ other: String) async throws -> [String] {
        let exclude = ":(exclude).chant"
        return [
            try await project.git("rev-parse", "main", "side"), try await project.git("symbolic-ref", "HEAD"),
            try await project.git("status", "--porcelain", "--", ".", exclude),
            try await project.git("diff", "--cached", "--name-only"), try await project.git("diff", "--", ".", exclude),
            try await project.git("-C", other, "status", "--porcelain"),
            try await project.git("-C", other, "symbolic-ref", "HEAD"),
        ]
    }
}
