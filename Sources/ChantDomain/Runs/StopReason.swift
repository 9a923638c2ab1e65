/// Why somebody wants a run to stop; journaled before it is obeyed, so that a crash in between ends it as was answered.
public enum StopReason: String, Sendable, Codable, CaseIterable {
    /// The service is stopping.
    case serviceStopped = "service-stop"
    /// `POST /specs/{id}/pause`.
    case paused = "pause"
    /// `POST /specs/{id}/takeover`.
    case takenOver = "takeover"
    /// `POST /runs/{run}/cancel`, the stop of its process or order, a forced reset.
    case cancelled = "cancel"
    /// `POST /specs/{id}/cancel`, or a person set the spec to `cancelled` in its file (R35).
    case specCancelled = "cancel-spec"

    /// What counts when two of them come, in whatever order: the one that leaves less to go on with.
    func joined(with other: StopReason) -> StopReason {
        let words = StopReason.allCases
        guard let own = words.firstIndex(of: self), let its = words.firstIndex(of: other) else { return self }
        return own >= its ? self : other
    }
}
