/// Every problem that the service can answer or write into a run: the last part of a problem's `type`.
///
/// What each means stands in its row in `ProblemName+Entries.swift`; `GET /problems/{name}` shows the row as a page.
enum ProblemName: String, Sendable, CaseIterable {
    // 400
    case malformedRequest = "malformed-request"
    case badEventID = "bad-event-id"
    case badCursor = "bad-cursor"
    // 403
    case foreignOrigin = "foreign-origin"
    // 404, 405, 406, 408, 410, 411
    case specNotFound = "spec-not-found"
    case runNotFound = "run-not-found"
    case orderNotFound = "order-not-found"
    case processNotFound = "process-not-found"
    case routeNotFound = "route-not-found"
    case methodNotAllowed = "method-not-allowed"
    case notAcceptable = "not-acceptable"
    case requestTimeout = "request-timeout"
    case lengthRequired = "length-required"
    case logGone = "log-gone"
    // 409, work cannot start
    case alreadyRunning = "already-running"
    case notReady = "not-ready"
    case needsApproval = "needs-approval"
    case approvalRejected = "approval-rejected"
    case specUnreadable = "spec-unreadable"
    case notStartable = "not-startable"
    case promptMissing = "prompt-missing"
    case agentMissing = "agent-missing"
    case providerUnsupported = "provider-unsupported"
    case targetMissing = "target-missing"
    case repositoryEmpty = "repository-empty"
    case agentRefusesRoot = "agent-refuses-root"
    case lockedByOther = "locked-by-other"
    case lintFailed = "lint-failed"
    case chantWatchRunning = "chant-watch-running"
    case nothingToDo = "nothing-to-do"
    // 409, other
    case specAmbiguous = "spec-ambiguous"
    case specExists = "spec-exists"
    case changedMeanwhile = "changed-meanwhile"
    case illegalTransition = "illegal-transition"
    case tooLate = "too-late"
    case unexpectedOutcome = "unexpected-outcome"
    case notOurs = "not-ours"
    case processChanged = "process-changed"
    // 412 to 417, 421, 422, 428, 429, 431
    case preconditionFailed = "precondition-failed"
    case preconditionRequired = "precondition-required"
    case payloadTooLarge = "payload-too-large"
    case uriTooLong = "uri-too-long"
    case unsupportedMediaType = "unsupported-media-type"
    case rangeNotSatisfiable = "range-not-satisfiable"
    case expectationFailed = "expectation-failed"
    case unknownHost = "unknown-host"
    case invalidSpec = "invalid-spec"
    case invalidID = "invalid-id"
    case unknownKey = "unknown-key"
    case invalidValue = "invalid-value"
    case rateLimited = "rate-limited"
    case headersTooLarge = "headers-too-large"
    // 500, 501, 503
    case internalError = "internal-error"
    case notImplemented = "not-implemented"
    case queueFull = "queue-full"
    case diskFloor = "disk-floor"
    case stopping
    // Reasons of runs
    case noCommits = "no-commits"
    case openCriteria = "open-criteria"
    case uncommittedChanges = "uncommitted-changes"
    case leftBranch = "left-branch"
    case touchesChant = "touches-chant"
    case mergeConflict = "merge-conflict"
    case checkoutDirty = "checkout-dirty"
    case checkoutBusy = "checkout-busy"
    case targetMoving = "target-moving"
    case awaitingMerge = "awaiting-merge"
    case awaitingApproval = "awaiting-approval"
    case schemaMismatch = "schema-mismatch"
    case pause
    case takeover
    case specEdited = "spec-edited"
    case specGone = "spec-gone"
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
    case runCancelled = "run-cancelled"
    case specCancelled = "spec-cancelled"
    case serviceStopped = "service-stopped"
    case supervisorLost = "supervisor-lost"
    case machineRestarted = "machine-restarted"
    case diskFull = "disk-full"
    case interruptedTooOften = "interrupted-too-often"

    /// What the service says about a problem, whoever met it.
    struct Entry: Sendable {
        /// The HTTP status; `nil` for what only ends a run.
        var status: Int?
        /// A few words, the same for every occurrence.
        var title: String
        /// A few sentences: what happened, and what to do.
        var explanation: String

        init(_ status: Int?, _ title: String, _ explanation: String) {
            self.status = status
            self.title = title
            self.explanation = explanation
        }
    }

    var status: Int? { entry.status }
    var title: String { entry.title }
    var explanation: String { entry.explanation }
}
