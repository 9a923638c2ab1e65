/// Runs short commands: the seam between the rooms and the operating system.
///
/// An agent never runs this way: it has a supervisor and writes to files.
public protocol ProcessRunner: Sendable {
    /// Runs `command` to its end.
    ///
    /// A failing program is a result, not an error. A cancelled call *returns*: its program was stopped, and `exit` is the
    /// signal that did it; the caller asks `Task.isCancelled` before it calls that a failure.
    ///
    /// - Throws: `CommandError` where there is no result.
    func run(_ command: Command) async throws(CommandError) -> CommandResult
}
