/// Why the journal did not do what it was asked for.
public enum JournalError: Error, Sendable {
    /// The file was written by a newer version of the service (R73).
    case newer(file: String, version: Int, known: Int)
    /// The spec has a live run (R17).
    case alreadyRunning(Run)
    /// As many runs are queued as there may be (R47).
    case queueFull(limit: Int)
    /// The run is not in a state from which the caller may change it.
    case stale(Run)
    /// The change is none that a run may go through.
    case illegalChange(Run, detail: String)
    /// There is no such run.
    case noSuchRun(RunID)
    /// SQLite or the file system refused.
    case storage(operation: String, code: Int32, detail: String)
}

extension JournalError: CustomStringConvertible {
    /// The error in a sentence.
    public var description: String {
        switch self {
        case .newer(let file, let version, let known):
            "The journal \(file) has schema version \(version), written by a newer chant-server; this one knows "
                + "versions up to \(known). Start the newer program, or give another --state-dir."
        case .alreadyRunning(let run):
            "Spec \(run.specID) has a live run, \(run.id), which is \(run.state.rawValue)."
        case .queueFull(let limit):
            "\(limit) runs are queued, as many as there may be."
        case .stale(let run):
            "Run \(run.id) is \(run.state.rawValue) already."
        case .illegalChange(let run, let detail):
            "Run \(run.id), which is \(run.state.rawValue), cannot be changed like this: \(detail)."
        case .noSuchRun(let id):
            "There is no run \(id)."
        case .storage(let operation, let code, let detail):
            "The journal could not \(operation): \(detail) (code \(code))."
        }
    }
}
