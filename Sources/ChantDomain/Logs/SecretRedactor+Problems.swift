extension SecretRedactor {
    /// A run's problem, whose evidence is often what a program printed.
    func masked(_ problem: RunProblem) -> RunProblem {
        guard !isEmpty else { return problem }
        return RunProblem(problem.reason, masked(problem.detail), problem.members.mapValues(masked))
    }

    /// A warning with its paths.
    func masked(_ warning: RunWarning) -> RunWarning {
        guard !isEmpty else { return warning }
        return RunWarning(warning.code, masked(warning.detail), paths: warning.paths.map(masked))
    }

    private func masked(_ evidence: Evidence) -> Evidence {
        switch evidence {
        case .text(let text): .text(masked(text))
        case .number, .amount, .flag: evidence
        case .list(let list): .list(list.map(masked))
        case .record(let record): .record(record.mapValues(masked))
        }
    }
}
