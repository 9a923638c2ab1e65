/// Why an action on a spec was refused.
public enum SpecControlError: Error, Sendable {
    /// The spec, its status, who works on it.
    case edit(SpecEditError)
    /// Its run.
    case run(RunError)
    /// It says `in_progress`, but nothing runs that could be stopped; with what can be done instead.
    case notRunning(SpecID, allowed: [SpecStatus])

    /// A refusal about the spec itself.
    static func spec(_ error: SpecError) -> SpecControlError { .edit(.spec(error)) }
}
