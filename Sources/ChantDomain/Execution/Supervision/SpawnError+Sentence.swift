import Glibc

extension SpawnError {
    /// What happened, for a person.
    var sentence: String {
        switch self {
        case .supervisorNotStarted(let program, let code):
            "The supervisor \(program) could not be started: \(String(cString: strerror(code)))."
        case .supervisorEnded(let message, let code, let signal):
            "Its supervisor ended early (\(code.map { "code \($0)" } ?? signal.map { "signal \($0)" } ?? "unknown")): \(message)"
        case .agentNotStarted(let message): message
        case .notInTime(let limit): "It did not start within \(limit)."
        }
    }
}
