import ChantDomain

/// The wire form of what is known of a run that a person has taken over.
enum TakeoverPayload {
    static func json(_ report: TakeoverReport, of spec: SpecID) -> JSONValue {
        [
            "spec_id": .string(spec.text),
            "analysis": .string(report.analysis),
            "log_tail": .string(report.logTail.joined(separator: "\n")),
            "suggestion": .string(report.suggestion),
            "worktree_path": JSONValue(report.worktreePath),
        ]
    }
}
