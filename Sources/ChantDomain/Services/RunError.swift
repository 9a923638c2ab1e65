/// Why a command about runs was refused.
public enum RunError: Error, Sendable {
    /// The id names no one spec.
    case spec(SpecError)
    /// A gate refused the start.
    case refused(GateRefusal)
    /// Not a single spec of the order could be started, and why.
    case nothingToDo([SkippedSpec])
    /// No order has this id.
    case orderNotFound(OrderID)
    /// The order is settled.
    case orderTooLate(Order)
    /// As many runs wait as may wait.
    case queueFull(limit: Int)
    /// The state folder's disk is nearly full (R72); a sentence with the figures.
    case diskFloor(String)
    /// The service is stopping and takes no new work.
    case stopping
    /// No run has this id.
    case notFound(RunID)
    /// The run has settled, or its finishing commit is on the target already (R58).
    case tooLate(Run)
    /// The journal could not answer.
    case journal(JournalError)
    /// Git could not answer.
    case git(GitError)
}

/// Why a process could not be stopped.
public enum ProcessStopError: Error, Sendable {
    /// No process of ours has this pid.
    case notFound(Int32)
    /// The pid belongs to another run than the caller thought.
    case changed(RunID)
    /// The process was started by the original's program.
    case notOurs(Int32)
    /// Its run could not be cancelled.
    case run(RunError)
}
