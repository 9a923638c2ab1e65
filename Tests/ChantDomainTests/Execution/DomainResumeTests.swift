import ChantTesting
import Foundation
import Testing

@testable import ChantDomain

@Suite("Domain: resume and takeover")
struct DomainResumeTests {
    private let id = DomainWorld.spec
    /// Commits a part, leaves something uncommitted, and hangs.
    private static let half = ScriptedAgent([
        .append("part one", to: "one.txt"), .commit("part one"), .append("draft", to: "draft.txt"),
        .shell("sed -i 's/What to do./What to do, the agent says./' \"$CHANT_SPEC_FILE\""), .say("hanging"), .hang,
    ])
    /// Needs what the first one left.
    private static let rest = ScriptedAgent([
        .shell("test -f one.txt && test -f draft.txt"), .append("part two", to: "two.txt"), .tick, .commit("part two"),
        .say("done"),
    ])

    @Test(
        "R45, R49, R51: resume and work both go on in the kept worktree; what was committed before counts",
        arguments: [true, false]
    )
    func goesOn(byWork: Bool) async throws {
        let world = try await DomainWorld(agent: Self.half)
        let paused = try await world.paused()
        try await world.project.git("commit", "-q", "--allow-empty", "-m", "the target moves on")
        try world.project.script(Self.rest)
        let run = byWork ? try await world.work() : try await world.resumed()
        #expect(run.outcome == .completed, "\(run.problem?.detail ?? "")")
        #expect(run.resumedFrom == paused.id && run.attempt == paused.attempt && run.retryOf == nil)
        #expect(run.worktree == paused.worktree && run.baseCommit == paused.baseCommit)
        #expect(run.commits.count == 2)
        #expect(try world.spec().commits.count == 2)
        #expect(try world.journal { try $0.run(paused.id)?.nextRun } == run.id)
        for file in ["one.txt", "two.txt", "draft.txt"] { #expect(try !world.project.text(file).isEmpty) }
        #expect(!world.project.exists(try #require(paused.worktree)))
        #expect(try world.project.specText(id).contains("What to do, the agent says."))
        #expect(try await world.status() == "")
    }

    @Test("R49: `from: target` starts over, and keeps what there was")
    func startsOver() async throws {
        let world = try await DomainWorld(agent: Self.half)
        let paused = try await world.paused()
        try world.project.script(.diligent)
        let run = try await world.work(id, RunOptions(from: .target))
        #expect(run.outcome == .completed)
        #expect(run.resumedFrom == nil && run.commits.count == 1 && run.worktree != paused.worktree)
        #expect(try await world.refs("refs/chant/kept").count == 1)
        #expect(try await world.refs("refs/chant/left") == ["refs/chant/left/\(paused.id)"])
    }

    @Test("R49: where the worktree is gone, a new one goes on from the branch")
    func worktreeGone() async throws {
        let world = try await DomainWorld(agent: Self.half)
        let paused = try await world.paused()
        try FileManager.default.removeItem(atPath: try #require(paused.worktree))
        try world.project.script(
            ScriptedAgent([.shell("test -f one.txt"), .append("two", to: "two.txt"), .tick, .commit("part two")])
        )
        let run = try await world.resumed()
        #expect(run.outcome == .completed, "\(run.problem?.detail ?? "")")
        #expect(run.commits.count == 2 && run.baseCommit == paused.baseCommit && run.worktree != paused.worktree)
    }

    @Test("R45: paused again and again, it is one piece of work")
    func pausedTwice() async throws {
        let world = try await DomainWorld(agent: Self.half)
        let first = try await world.paused()
        try world.project.script(
            ScriptedAgent([.append("more", to: "more.txt"), .commit("more"), .say("hanging"), .hang])
        )
        let second = try await world.paused()
        #expect(second.resumedFrom == first.id && second.worktree == first.worktree)
        try await world.serving { _ in }
        #expect(
            world.project.exists(try #require(second.worktree)),
            "R71: kept over a restart, named after the first run"
        )
        try world.project.script(Self.rest)
        let run = try await world.resumed()
        #expect(run.outcome == .completed && run.resumedFrom == second.id && run.commits.count == 3)
    }

    @Test("R57: what a person wrote while it was paused and what the agent changed in its copy come together")
    func editedMeanwhile() async throws {
        let world = try await DomainWorld(agent: Self.half)
        _ = try await world.paused()
        let text = try world.project.specText(id)
        try world.project.write(
            text.replacing("type: code", with: "type: code\nlabels: [x]") + "\n## Notes\n\nMind the gap.\n",
            to: ".chant/specs/\(id).md"
        )
        try world.project.script(
            ScriptedAgent([.shell("grep -q 'Mind the gap' \"$CHANT_SPEC_FILE\"")] + Self.rest.steps)
        )
        let run = try await world.resumed()
        #expect(run.outcome == .completed, "\(run.problem?.detail ?? "")")
        let done = try world.project.specText(id)
        for part in ["Mind the gap.", "labels: [x]", "the agent says", "- [x] It is done"] {
            #expect(done.contains(part), "\(part)")
        }
    }

    @Test("R57: where both changed the same line, both versions are kept and a person decides")
    func conflictingEdit() async throws {
        let world = try await DomainWorld(agent: Self.half)
        _ = try await world.paused()
        let text = try world.project.specText(id)
        try world.project.write(
            text.replacing("What to do.", with: "What to do, a person says."),
            to: ".chant/specs/\(id).md"
        )
        try world.project.script(Self.rest)
        let run = try await world.resumed()
        #expect(run.reason == .specEdited)
        #expect(try world.project.specText(id).contains("a person says"))
        #expect(
            try world.project.text(atPath: "\(world.project.state)/runs/\(run.id)/spec.after").contains(
                "the agent says"
            )
        )
    }

    @Test("R6: a spec that is not paused is not resumed, and the refusal says what is allowed")
    func notPaused() async throws {
        let world = try await DomainWorld()
        try await world.serving { domain in
            await #expect {
                try await domain.runs.resume(ResumeRun(spec: try specID(id)))
            } throws: { error in
                guard case RunError.spec(.illegalTransition(let refused)) = error else { return false }
                return refused.from == .pending && refused.allowed == [.inProgress, .cancelled]
            }
        }
    }

    @Test("a takeover says what there is, and its section survives resume and merge, where agent and file end alike")
    func takeover() async throws {
        let fences = "`" + "```` fenced"
        let world = try await DomainWorld(
            agent: ScriptedAgent([
                .say("error: it does not compile"), .shell("echo '\(fences)'"), .tick, .append("a", to: "one.txt"),
                .commit("part one"), .append("d", to: "draft.txt"), .say("hanging"), .hang,
            ])
        )
        try await world.serving { domain in
            let run = try await domain.start(id)
            try await domain.saying("hanging", run.id, world)
            let (spec, report) = try await domain.control.takeover(try specID(id))
            #expect(spec.isDone && spec.view.spec.status == .paused)
            let told = try #require(report)
            let settled = try domain.runs.run(run.id)
            #expect(settled.reason == .takeover)
            #expect(told.worktreePath == settled.worktree)
            #expect(told.logTail.first == "error: it does not compile" && told.logTail.last == "hanging")
            #expect(told.analysis.contains("errors") && !told.suggestion.isEmpty)
        }
        let section = try #require(try world.project.specText(id).components(separatedBy: "## Takeover Analysis").last)
        for part in ["### Recent Log Activity", "### Worktree Location", "### Recommendation", "``````text"] {
            #expect(section.contains(part), "\(part)")
        }
        try world.project.script(Self.rest)
        let run = try await world.resumed()
        #expect(run.outcome == .completed, "\(run.problem?.detail ?? "")")
        let done = try world.project.specText(id)
        #expect(done.components(separatedBy: "## Takeover Analysis").count == 2)
        #expect(done.contains("- [x] It is done"))
    }
}

@Suite("Domain: sessions")
struct DomainSessionTests {
    private let id = DomainWorld.spec
    private static let configuration = [
        "parallel:",
        "  agents: [{ name: main, provider: claude, command: [../agent.sh, --allowedTools, Bash] }]",
    ]
    private static let session = "11111111-2222-4333-8444-555555555555"
    private static let words = #"""
        {"type":"system","subtype":"init","session_id":"\#(session)","model":"m"}
        """#
    private static let result = #"""
        {"type":"result","subtype":"success","is_error":false,"result":"ok","session_id":"\#(session)"}
        """#

    /// Notes its words; says its session; hangs at first, and works once it is let go on.
    private static func agent(losing: Bool) -> ScriptedAgent {
        let lost = "echo 'No conversation found with session ID: \(session)' >&2; exit 1"
        return ScriptedAgent(
            [
                .shell("echo \"$*\" >> \"$folder/words\""),
                .shell(losing ? "case \"$*\" in *--resume*) \(lost);; esac" : ":"),
                .shell("echo '\(words)'"),
                .shell("if [ ! -e \"$folder/release.go\" ]; then echo hanging; sleep 3600; fi"),
            ] + ScriptedAgent([.append("worked", to: "work.txt"), .tick, .commit("work")]).steps
                + [.shell("echo '\(result)'")]
        )
    }

    @Test(
        "R67: a resume names the session of the paused run; one that is gone means a new one, in the same run",
        arguments: [false, true]
    )
    func sessions(losing: Bool) async throws {
        let world = try await DomainWorld(agent: Self.agent(losing: losing), configuration: Self.configuration)
        let paused = try await world.paused()
        #expect(paused.sessionID == Self.session)
        try world.project.release("go")
        let run = try await world.resumed()
        #expect(run.outcome == .completed, "\(run.problem?.detail ?? "")")
        #expect(run.warnings.map(\.code) == (losing ? [.sessionLost] : []))
        #expect(run.worktree == paused.worktree && run.exitCode == 0)
        let starts = try world.project.text(atPath: "\(world.project.folder)/words").split(separator: "\n").map(
            String.init
        )
        #expect(starts.count == (losing ? 3 : 2))
        #expect(starts[0].contains("--session-id") && !starts[0].contains("--resume"))
        #expect(starts[1].contains("--resume \(Self.session)") && !starts[1].contains("--session-id"))
        if losing { #expect(starts[2].contains("--session-id \(run.id.uuidText)")) }
    }

    @Test("R29, R67: killed between the end without a session and the new start, the next service starts it")
    func crash() async throws {
        let world = try await DomainWorld(agent: Self.agent(losing: true), configuration: Self.configuration)
        let paused = try await world.paused()
        try world.project.release("go")
        let plan = FaultPlan(.dyingAfterOne("journal the exit of run"))
        let run = try await Effect.$refusal.withValue(plan.refuses) {
            let domain = try await world.open()
            defer { domain.close() }
            try await domain.recover()
            async let running: Void = domain.run()
            plan.arm()
            let run = try await domain.runs.resume(ResumeRun(spec: try specID(id)))
            try await eventually("the process counts as dead") { plan.isDead }
            await domain.stop(.detach)
            await running
            return run
        }
        #expect(try world.spec().status == .inProgress)
        let settled = try await world.serving { domain in try await domain.settled(run.id) }
        #expect(settled.outcome == .completed, "\(settled.problem?.detail ?? "")")
        #expect(settled.warnings.map(\.code) == [.sessionLost])
        #expect(settled.worktree == paused.worktree && settled.resumedFrom == paused.id)
    }
}
