/// What becomes of running agents when the service stops (R30).
public enum StopMode: String, Sendable, Codable, CaseIterable {
    /// They go on, and the next service adopts them.
    case detach
    /// The service waits for them to end, and takes no new work meanwhile.
    case drain
    /// They are stopped, and their runs interrupted and queued again.
    case stop
}
