/// Why a stage did not hand its output on: everything that `settle` needs to end the run.
///
/// One row of the outcome table: outcome and reason, a sentence, and the evidence.
struct StageFailure: Error, Sendable {
    var outcome: RunOutcome
    var reason: RunReason
    var detail: String
    var evidence: [String: Evidence]
    /// Which status the spec gets; `nil` leaves the file alone.
    var specEvent: SpecEvent?
    /// Why trying again later may help; `nil` where it would not (R50).
    var transience: Transience.Cause?
    /// The attempt that follows, once that is decided.
    var retry: PlannedRetry?
    /// Whether the run's work may be on the target all the same: nothing of it is taken back then.
    var isUndecided = false

    /// A failure whose outcome and whose spec's status follow from the reason (the outcome table).
    init(_ reason: RunReason, _ detail: String, _ evidence: [String: Evidence] = [:]) {
        self.init(reason.usualOutcome, reason, detail, evidence)
    }

    private init(_ outcome: RunOutcome, _ reason: RunReason, _ detail: String, _ evidence: [String: Evidence]) {
        self.outcome = outcome
        self.reason = reason
        self.detail = detail
        self.evidence = evidence
        specEvent =
            switch outcome {
            case .failed: .fail
            case .needsAttention: reason == .specGone ? nil : .flag
            case .paused: reason == .takeover ? .takeover : .pause
            case .cancelled, .interrupted: .release
            case .completed, .refused: nil
            }
    }

    /// A gate refused the start: the file was never touched (R42).
    static func refused(_ refusal: GateRefusal) -> StageFailure {
        StageFailure(.refused, refusal.reason, refusal.sentence, refusal.evidence)
    }

    /// Somebody asked for a stop, and it came in time.
    static func stopped(_ reason: StopReason) -> StageFailure {
        switch reason {
        case .cancelled: StageFailure(.runCancelled, "The run was stopped on request; its spec can be started again.")
        case .specCancelled:
            StageFailure(
                .specCancelled,
                "The spec was cancelled in its file, so its run was stopped; nothing was merged and the branch is kept."
            )
        case .serviceStopped:
            StageFailure(
                .serviceStopped,
                "The service was stopped while the run was under way; it starts again by itself."
            )
        }
    }

    /// The supervisor went without a record, with its machine or alone.
    static func agentLost(wasRestarted: Bool, stopped: Int) -> StageFailure {
        if wasRestarted { return .machineRestarted() }
        return StageFailure(
            .supervisorLost,
            "The agent's supervisor ended without a record; what it left behind was stopped.",
            ["stopped": .number(stopped)]
        )
    }

    /// The machine went down under the agent.
    static func machineRestarted() -> StageFailure {
        StageFailure(
            .machineRestarted,
            "The machine was restarted while the agent worked; the run starts again by itself."
        )
    }

    /// Something failed that no row of the table foresees; the spec may be tried again.
    static func unexpected(_ error: any Error, while action: String) -> StageFailure {
        if let full = diskFull(error, while: action) { return full }
        return StageFailure(.internalError, "It failed while \(action): \(error).", ["error": .text("\(error)")])
    }

    /// The spec's file stood in the way: gone, no longer readable, or changed to something that has no run.
    init(spec error: SpecError, _ id: SpecID, while action: String) {
        switch error {
        case .notFound: self.init(.specGone, "Spec \(id) has no file any more; the run's branch is kept.")
        case .unreadable(let file):
            self.init(
                .specEdited,
                "The file of spec \(id) can no longer be read: \(file.detail) The run's branch is kept.",
                ["detail": .text(file.detail)]
            )
        case .illegalTransition(let refused):
            self.init(
                .refused,
                .notStartable,
                "Spec \(id) is \(refused.from.rawValue) by now.",
                ["status": .text(refused.from.rawValue), "allowed": .texts(refused.allowed.map(\.rawValue))]
            )
        default: self = .unexpected(error, while: action)
        }
    }

    /// The same as a failure that passes: the agent's model, or what stands before it, refused for a while (R50).
    func passing(with cause: Transience.Cause) -> StageFailure {
        guard reason != .rateLimited else { return self }
        var failure = self
        failure.reason = .rateLimited
        failure.evidence["cause"] = .text(cause.word)
        failure.evidence["ended_as"] = .text(reason.rawValue)
        failure.detail = "The agent met a limit that passes with time (\(cause.word)). " + detail
        return failure
    }

    /// The same with the tools that the agent was not allowed to use, where that may be why it did not do its work.
    func addingDenials(_ tools: [String]) -> StageFailure {
        guard !tools.isEmpty, [.noCommits, .openCriteria, .uncommittedChanges].contains(reason) else { return self }
        var failure = self
        failure.evidence["permission_denials"] = .texts(tools)
        failure.detail += " The agent was not allowed to use: \(Set(tools).sorted().joined(separator: ", "))."
        return failure
    }

    /// The run's problem document.
    var problem: RunProblem { RunProblem(reason, detail, evidence) }
}

extension RunReason {
    /// The outcome that the table gives to a run that ends for this reason after it was started.
    var usualOutcome: RunOutcome {
        switch self {
        case .noCommits, .worktreeFailed, .setupFailed, .agentStartFailed, .agentExit, .agentKilled, .wallLimit,
            .idleLimit,
            .logLimit, .agentError, .agentUnfinished, .costLimit, .rateLimited, .diskFull, .interruptedTooOften,
            .internalError:
            .failed
        case .openCriteria, .uncommittedChanges, .leftBranch, .touchesChant, .mergeConflict, .checkoutDirty,
            .checkoutBusy,
            .targetMoving, .targetMissing, .awaitingMerge, .awaitingApproval, .schemaMismatch, .specEdited, .specGone:
            .needsAttention
        case .runCancelled, .specCancelled: .cancelled
        case .pause, .takeover: .paused
        case .serviceStopped, .supervisorLost, .machineRestarted: .interrupted
        case .specUnreadable, .lintFailed, .chantWatchRunning, .needsApproval, .approvalRejected, .notReady,
            .promptMissing, .agentMissing,
            .repositoryEmpty,
            .providerUnsupported, .agentRefusesRoot, .lockedByOther, .notStartable:
            .refused
        }
    }
}
