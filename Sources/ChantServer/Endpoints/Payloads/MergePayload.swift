import ChantDomain

/// The wire form of merges by a person's word.
enum MergePayload {
    /// How one ended; the lists are empty where nothing stands in the way.
    static func json(_ report: MergeReport) -> JSONValue {
        let members = report.problem?.members ?? [:]
        return [
            "spec_id": .string(report.run.specID),
            "run_id": .string(report.run.id.text),
            "outcome": .string(report.outcome.rawValue),
            "reason": JSONValue(report.problem?.reason.rawValue),
            "files": texts(members["files"]),
            "target_commits": texts(members["target_commits"]),
            "run_commits": texts(members["run_commits"]),
            "merge_commit": JSONValue(report.mergeCommit),
            "problem": report.problem.map { RunPayload.problem($0, of: report.run) } ?? .null,
            "warnings": .array(report.warnings.map(RunPayload.warning)),
        ]
    }

    private static func texts(_ evidence: Evidence?) -> JSONValue {
        guard case .list(let items) = evidence else { return .array([]) }
        return .array(
            items.compactMap { item in
                if case .text(let text) = item { .string(text) } else { nil }
            }
        )
    }
}
