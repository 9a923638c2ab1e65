/// How a run ended; every accepted run gets exactly one (R18).
public enum RunOutcome: String, Sendable, Codable, CaseIterable {
    case completed
    case failed
    case needsAttention = "needs_attention"
    case cancelled
    case paused
    case interrupted
    case refused
}

/// Why a run ended as it did: the words of the outcome table in the rules; none for `completed`.
public enum RunReason: String, Sendable, Codable, CaseIterable {
    // failed
    case noCommits = "no-commits"
    case worktreeFailed = "worktree-failed"
    case setupFailed = "setup-failed"
    case agentStartFailed = "agent-start-failed"
    case agentExit = "agent-exit"
    case agentError = "agent-error"
    case agentUnfinished = "agent-unfinished"
    case agentKilled = "agent-killed"
    case wallLimit = "wall-limit"
    case idleLimit = "idle-limit"
    case logLimit = "log-limit"
    case costLimit = "cost-limit"
    case rateLimited = "rate-limited"
    case diskFull = "disk-full"
    case interruptedTooOften = "interrupted-too-often"
    case internalError = "internal-error"
    // needs_attention
    case openCriteria = "open-criteria"
    case uncommittedChanges = "uncommitted-changes"
    case leftBranch = "left-branch"
    case touchesChant = "touches-chant"
    case mergeConflict = "merge-conflict"
    case checkoutDirty = "checkout-dirty"
    case checkoutBusy = "checkout-busy"
    case targetMoving = "target-moving"
    case targetMissing = "target-missing"
    case awaitingMerge = "awaiting-merge"
    case awaitingApproval = "awaiting-approval"
    case schemaMismatch = "schema-mismatch"
    case specEdited = "spec-edited"
    case specGone = "spec-gone"
    // cancelled, paused, interrupted
    case runCancelled = "run-cancelled"
    case specCancelled = "spec-cancelled"
    case pause
    case takeover
    case serviceStopped = "service-stopped"
    case supervisorLost = "supervisor-lost"
    case machineRestarted = "machine-restarted"
    // refused
    case specUnreadable = "spec-unreadable"
    case lintFailed = "lint-failed"
    case needsApproval = "needs-approval"
    case approvalRejected = "approval-rejected"
    case notReady = "not-ready"
    case promptMissing = "prompt-missing"
    case agentMissing = "agent-missing"
    case repositoryEmpty = "repository-empty"
    case providerUnsupported = "provider-unsupported"
    case agentRefusesRoot = "agent-refuses-root"
    case chantWatchRunning = "chant-watch-running"
    case lockedByOther = "locked-by-other"
    case notStartable = "not-startable"
}
