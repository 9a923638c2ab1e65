/// The edits that go with a change of status: which of the service's keys come and go (R6, R8, R9).
///
/// Only the bytes: whether the change is allowed is `SpecStatus.applying`.
extension SpecDocument {
    /// The document with another status, and nothing else changed.
    public func with(status: SpecStatus) throws(SpecError) -> SpecDocument {
        try setting("status", to: status.rawValue)
    }

    /// The document with what it says about the next attempt; without one, without the key.
    func settingRetry(_ state: HeaderValue?) throws(SpecError) -> SpecDocument {
        guard let state else { return try removing("retry_state") }
        return try setting("retry_state", to: state)
    }

    /// The document of a completed spec: status, commits (no key where there are none), time and model (R8).
    ///
    /// Commits are short hashes, oldest first; the time is UTC, `YYYY-MM-DDTHH:MM:SSZ`; the model is the one that did
    /// the work, or the agent's name (R65).
    public func finished(
        commits: [String],
        completedAt: String,
        model: String
    ) throws(SpecError) -> SpecDocument {
        var document = try with(status: .completed).removing("retry_state")
        document = try commits.isEmpty ? document.removing("commits") : document.settingList("commits", to: commits)
        document = try document.setting("completed_at", to: completedAt)
        return try document.setting("model", to: model)
    }

    /// The document of a driver whose members are all done (R9).
    public func finishedAsDriver(completedAt: String) throws(SpecError) -> SpecDocument {
        try finished(commits: [], completedAt: completedAt, model: "auto-completed")
    }

    /// The document of a spec that goes back to `pending`: without what a completion wrote (R6).
    public func reopened() throws(SpecError) -> SpecDocument {
        var document = try with(status: .pending)
        for key in ["commits", "completed_at", "model"] { document = try document.removing(key) }
        return document
    }
}
