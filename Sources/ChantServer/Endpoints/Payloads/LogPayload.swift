import ChantDomain

/// The wire form of what a log's stream says beside the lines.
enum LogPayload {
    /// The data of an event; `nil` for lines, which are no JSON.
    static func data(_ event: LogEvent) -> JSONValue? {
        switch event {
        case .line: nil
        case .run(let run, _): ["run_id": .string(run.text)]
        case .reset(let reason, _): ["reason": .string(reason.rawValue)]
        case .end(let run, let outcome, let reason, _):
            [
                "run_id": JSONValue(run?.text),
                "outcome": JSONValue(outcome?.rawValue),
                "reason": JSONValue(reason?.rawValue),
            ]
        }
    }
}
