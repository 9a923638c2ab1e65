import Testing

@testable import ChantDomain

@Suite("StageFailure")
struct StageFailureTests {
    /// The outcome table of the rules: a word, the outcome, the spec's status after it; `-` leaves the file alone.
    private static let table = """
        no-commits              failed           failed
        open-criteria           needs_attention  needs_attention
        uncommitted-changes     needs_attention  needs_attention
        left-branch             needs_attention  needs_attention
        touches-chant           needs_attention  needs_attention
        merge-conflict          needs_attention  needs_attention
        checkout-dirty          needs_attention  needs_attention
        checkout-busy           needs_attention  needs_attention
        target-moving           needs_attention  needs_attention
        target-missing          needs_attention  needs_attention
        awaiting-merge          needs_attention  needs_attention
        awaiting-approval       needs_attention  needs_attention
        schema-mismatch         needs_attention  needs_attention
        spec-edited             needs_attention  needs_attention
        spec-gone               needs_attention  -
        spec-unreadable         refused          -
        lint-failed             refused          -
        chant-watch-running     refused          -
        needs-approval          refused          -
        approval-rejected       refused          -
        not-ready               refused          -
        prompt-missing          refused          -
        agent-missing           refused          -
        repository-empty        refused          -
        provider-unsupported    refused          -
        agent-refuses-root      refused          -
        locked-by-other         refused          -
        not-startable           refused          -
        worktree-failed         failed           failed
        setup-failed            failed           failed
        agent-start-failed      failed           failed
        agent-exit              failed           failed
        agent-error             failed           failed
        agent-unfinished        failed           failed
        cost-limit              failed           failed
        rate-limited            failed           failed
        agent-killed            failed           failed
        wall-limit              failed           failed
        idle-limit              failed           failed
        log-limit               failed           failed
        internal-error          failed           failed
        interrupted-too-often   failed           failed
        disk-full               failed           failed
        supervisor-lost         interrupted      pending
        machine-restarted       interrupted      pending
        service-stopped         interrupted      pending
        pause                   paused           paused
        takeover                paused           paused
        run-cancelled           cancelled        pending
        spec-cancelled          cancelled        cancelled
        """

    @Test("R14: each reason has the outcome and the status of the table")
    func matchesTable() throws {
        var met: Set<RunReason> = []
        for line in Self.table.split(separator: "\n") {
            let words = line.split(separator: " ").map(String.init)
            let reason = try #require(RunReason(rawValue: words[0]))
            met.insert(reason)
            let failure = StageFailure(reason, "why", ["files": .texts(["a"])])
            #expect(failure.outcome.rawValue == words[1], "\(reason)")
            let status = try failure.specEvent.map { try SpecStatus.inProgress.applying($0).rawValue }
            #expect(status ?? "-" == words[2], "\(reason)")
            #expect(failure.problem == RunProblem(reason, "why", ["files": .texts(["a"])]))
        }
        #expect(met == Set(RunReason.allCases))
    }

    @Test("R42: whatever a gate refuses leaves the file alone")
    func refusals() throws {
        let id = try specID("a")
        for refusal in [GateRefusal.gone(id), .needsApproval(id), .targetMissing("main"), .repositoryEmpty] {
            let failure = StageFailure.refused(refusal)
            #expect(failure.outcome == .refused)
            #expect(failure.specEvent == nil)
            #expect(!failure.detail.isEmpty)
        }
    }

    @Test("R41: a stop gives the spec back as pending, unless it was about the spec itself")
    func stops() throws {
        for reason in StopReason.allCases {
            let event = try #require(StageFailure.stopped(reason).specEvent)
            let expected: SpecStatus =
                switch reason {
                case .cancelled, .serviceStopped: .pending
                case .specCancelled: .cancelled
                case .paused, .takenOver: .paused
                }
            #expect(try SpecStatus.inProgress.applying(event) == expected)
        }
        #expect(StageFailure.stopped(.cancelled).reason == .runCancelled)
        #expect(StageFailure.stopped(.serviceStopped).outcome == .interrupted)
    }

    @Test("a spec file that stands in the way has its own word")
    func specErrors() throws {
        let id = try specID("a")
        let unreadable = UnreadableSpec(id: "a", path: "a.md", revision: "", detail: "broken", line: 1)
        #expect(StageFailure(spec: .notFound("a"), id, while: "x").reason == .specGone)
        #expect(StageFailure(spec: .unreadable(unreadable), id, while: "x").reason == .specEdited)
        let transition = InvalidTransition(from: .completed, event: .start)
        let refused = StageFailure(spec: .illegalTransition(transition), id, while: "x")
        #expect(refused.outcome == .refused)
        #expect(refused.evidence["status"] == .text("completed"))
        #expect(StageFailure(spec: .changedMeanwhile(id), id, while: "x").reason == .internalError)
    }
}
