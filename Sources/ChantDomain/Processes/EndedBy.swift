/// Who decided that an agent ends.
///
/// Standard library only: supervisors use it.
public enum EndedBy: String, Codable, Sendable, CaseIterable {
    /// The agent itself, also by a signal that came from elsewhere.
    case exit
    /// Somebody who asked its supervisor.
    case asked
    /// It ran for too long.
    case wall
    /// It wrote nothing and did nothing for too long.
    case idle
    /// It wrote too much.
    case log
    /// It never ran: the program could not be executed.
    case startFailed = "start-failed"
}
