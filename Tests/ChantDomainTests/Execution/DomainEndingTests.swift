import ChantTesting
import Testing

@testable import ChantDomain

@Suite("Domain: runs that a stage ends")
struct DomainEndingTests {
    private let id = DomainWorld.spec

    /// One row of the outcome table.
    struct Row: Sendable, CustomTestStringConvertible {
        let agent: ScriptedAgent
        var server: [String] = []
        let outcome: RunOutcome
        let reason: RunReason?
        let status: SpecStatus
        var testDescription: String { reason?.rawValue ?? "completed" }
    }

    static let rows = [
        Row(agent: ScriptedAgent([.tick]), outcome: .failed, reason: .noCommits, status: .failed),
        Row(agent: .diligent(then: .exit(7)), outcome: .failed, reason: .agentExit, status: .failed),
        Row(agent: ScriptedAgent([.shell("kill -9 $$")]), outcome: .failed, reason: .agentKilled, status: .failed),
        Row(
            agent: ScriptedAgent([.hang]),
            server: ["limits: { wall: 200ms, stop_grace: 200ms }"],
            outcome: .failed,
            reason: .wallLimit,
            status: .failed
        ),
        Row(
            agent: ScriptedAgent([.pour(100_000), .hang]),
            server: ["limits: { log_bytes: 10KiB, stop_grace: 200ms }"],
            outcome: .failed,
            reason: .logLimit,
            status: .failed
        ),
        Row(
            agent: ScriptedAgent([.append("x", to: "x.txt"), .commit("chant: x")]),
            outcome: .needsAttention,
            reason: .openCriteria,
            status: .needsAttention
        ),
        Row(
            agent: .diligent(then: .append("more", to: "README.md")),
            outcome: .needsAttention,
            reason: .uncommittedChanges,
            status: .needsAttention
        ),
        Row(
            agent: .diligent(then: .shell("git checkout -q -b elsewhere"), .append("y", to: "y"), .commit("y")),
            outcome: .needsAttention,
            reason: .leftBranch,
            status: .needsAttention
        ),
        Row(
            agent: .diligent(then: .append("# note", to: ".chant/config.md"), .commit("config")),
            outcome: .needsAttention,
            reason: .touchesChant,
            status: .needsAttention
        ),
        Row(
            agent: .diligent,
            server: ["merge: manual"],
            outcome: .needsAttention,
            reason: .awaitingMerge,
            status: .needsAttention
        ),
    ]

    @Test("each ending has the outcome, reason and status of the table, and the target does not move", arguments: rows)
    func row(_ row: Row) async throws {
        let world = try await DomainWorld(agent: row.agent, server: row.server)
        let before = try await world.project.git("rev-parse", "main")
        let run = try await world.work()
        #expect(run.outcome == row.outcome, "\(run.problem?.detail ?? "")")
        #expect(run.reason == row.reason)
        #expect(run.problem?.reason == row.reason)
        #expect(try world.spec().status == row.status)
        #expect(try await world.project.git("rev-parse", "main") == before)
        #expect(try await world.refs("refs/chant/finish") == [])
        #expect(try await world.project.git("diff", "--cached", "--name-only") == "")
        // R53: kept for a person, except where the work only waits for its merge.
        #expect(world.project.exists(try #require(run.worktree)) == (run.reason != .awaitingMerge))
    }

    @Test("R13: open criteria are named, ticked or ignored by policy", arguments: CriteriaPolicy.allCases)
    func criteria(policy: CriteriaPolicy) async throws {
        let world = try await DomainWorld(agent: ScriptedAgent([.append("x", to: "x.txt"), .commit("x")]))
        let run = try await world.work(id, RunOptions(criteria: policy))
        switch policy {
        case .require:
            #expect(run.reason == .openCriteria)
            #expect(run.problem?.members["criteria"] == .texts(["It is done"]))
        case .tick:
            #expect(run.outcome == .completed)
            #expect(run.warnings.map(\.code) == [.criteriaTicked])
            #expect(try world.project.specText(id).contains("- [x] It is done"))
        case .ignore:
            #expect(run.outcome == .completed)
            #expect(run.warnings.isEmpty)
            #expect(try world.project.specText(id).contains("- [ ] It is done"))
        }
    }

    @Test("R52: what the agent left uncommitted is reported, or committed for it")
    func uncommitted() async throws {
        let agent = ScriptedAgent.diligent(then: .append("more", to: "README.md"), .append("n", to: "new.txt"))
        let reporting = try await DomainWorld(agent: agent, server: ["uncommitted: report"])
        let reported = try await reporting.work()
        #expect(reported.outcome == .completed)
        #expect(Set(reported.warnings.map(\.code)) == [.uncommittedChanges, .untrackedFiles])
        #expect(try reporting.project.text("README.md") == "first line\n")
        // R53: what was not merged is not lost.
        #expect(try await reporting.refs("refs/chant/left") == ["refs/chant/left/\(reported.id)"])

        let committing = try await DomainWorld(agent: agent, server: ["uncommitted: commit"])
        let committed = try await committing.work()
        #expect(committed.outcome == .completed, "\(committed.problem?.detail ?? "")")
        #expect(committed.commits.count == 2)
        #expect(try committing.project.text("README.md") == "first line\nmore\n")
        #expect(try await committing.project.git("log", "-1", "--format=%an", "main^2") == "Test User")
        #expect(committed.warnings.map(\.code).contains(.uncommittedChanges))
    }

    @Test("R52: a hook of the user's that refuses the commit for the agent ends the run with its words")
    func refusingHook() async throws {
        let world = try await DomainWorld(
            agent: .diligent(then: .append("more", to: "README.md")),
            server: ["uncommitted: commit"]
        )
        try world.project.write(
            "#!/bin/sh\ngit diff --cached --name-only | grep -q README || exit 0\necho no such thing >&2\nexit 1\n",
            to: ".git/hooks/pre-commit"
        )
        _ = try await world.project.run("chmod", ["+x", ".git/hooks/pre-commit"])
        let run = try await world.work()
        #expect(run.reason == .uncommittedChanges)
        #expect(run.problem?.members["stderr"] == .text("no such thing"))
    }

    @Test("R54: a change of the main checkout by somebody else is a warning with its paths")
    func checkoutChanged() async throws {
        let world = try await DomainWorld()
        try world.project.script(
            .diligent(then: .shell("echo oops >> '\(world.project.checkout)/README.md'"))
        )
        let run = try await world.work()
        #expect(run.outcome == .completed)
        #expect(run.warnings.map(\.code) == [.mainCheckoutChanged])
        #expect(run.warnings.first?.paths == ["README.md"])
    }

    @Test("R54: so is what somebody commits in the main checkout meanwhile")
    func checkoutCommitted() async throws {
        let world = try await DomainWorld()
        let checkout = world.project.checkout
        try world.project.script(
            .diligent(
                then: .shell("echo more >> '\(checkout)/README.md'"),
                .shell("git -C '\(checkout)' commit -q -a -m other")
            )
        )
        let run = try await world.work()
        #expect(run.outcome == .completed, "\(run.problem?.detail ?? "")")
        #expect(run.warnings.map(\.code) == [.mainCheckoutChanged])
        #expect(run.warnings.first?.paths == ["README.md"])
    }

    @Test("R61: the agent finds its own git directory, and R28: nothing it left running survives")
    func environment() async throws {
        let world = try await DomainWorld()
        try world.project.script(
            .diligent(
                after: .grandchild,
                .shell("test \"$(git rev-parse --absolute-git-dir)\" = \"$CHANT_GIT_DIR\"")
            )
        )
        let run = try await world.work()
        #expect(run.outcome == .completed, "\(run.problem?.detail ?? "")")
        let text = try world.project.text(atPath: "\(world.project.folder)/grandchild.\(id)")
        let pid = try #require(Int32(text.filter(\.isNumber)))
        #expect(ProcessIdentity.of(pid: pid)?.liveness != .alive)
    }
}
