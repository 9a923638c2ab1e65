import ChantDomain

extension Problem {
    /// A refusal about runs: why one cannot start, or cannot be stopped.
    init(_ error: RunError) {
        switch error {
        case .spec(let error): self.init(error)
        case .alreadyRunning(let run, let pid): self = .alreadyRunning(run, pid: pid)
        case .notReady(let id, let blockers): self = .notReady(id, blockers)
        case .needsApproval(let id):
            self.init(.needsApproval, detail: "\(id) waits for an approval.")
        case .approvalRejected(let id, let by):
            self.init(
                .approvalRejected,
                detail: "\(id) was rejected\(by.map { " by \($0)" } ?? "").",
                members: ["by": JSONValue(by)]
            )
        case .notStartable(let id, let status, let allowed): self = .notStartable(id, status, allowed)
        case .promptMissing(let name):
            self.init(.promptMissing, detail: "There is no prompt “\(name)”, neither the project's nor built in.")
        case .agentMissing(let agent, let program):
            self.init(.agentMissing, detail: "Agent \(agent): the program \(program) was not found.")
        case .unknownAgent(let name, let known):
            let names = known.joined(separator: ", ")
            self = .invalidValue([
                ValueComplaint(pointer: "/agent", detail: "names no configured agent (“\(name)”); known: \(names)")
            ])
        case .providerUnsupported(let provider, let supported):
            self.init(
                .providerUnsupported,
                detail: "The provider \(provider) is not supported; \(supported.joined(separator: ", ")) are.",
                members: ["supported": JSONValue(supported)]
            )
        case .targetMissing(let branch): self.init(.targetMissing, detail: "There is no branch \(branch).")
        case .repositoryEmpty: self.init(.repositoryEmpty, detail: "The repository has no commit to start from.")
        case .lockedByOther(let pid):
            self.init(
                .lockedByOther,
                detail: "Process \(pid), which is not the service's, holds the spec's lock.",
                members: ["pid": JSONValue(pid)]
            )
        case .modeUnsupported(let detail):
            self = .invalidValue([ValueComplaint(pointer: "/mode", detail: detail)])
        case .queueFull(let limit): self = .queueFull(limit)
        case .stopping: self = .stopping
        case .runNotFound(let run): self = .runNotFound(run)
        case .tooLate(let run): self = .tooLate(run)
        case .journal(let error): self.init(error)
        case .git(let error): self = .internalFailure(error.sentence)
        }
    }

    static func alreadyRunning(_ run: Run, pid: Int32?) -> Problem {
        Problem(
            .alreadyRunning,
            detail: "Run \(run.id) works on \(run.specID) already; it is \(run.state.rawValue).",
            members: ["run_id": .string(run.id.text), "pid": JSONValue(pid)]
        )
    }

    static func runNotFound(_ run: RunID) -> Problem {
        Problem(.runNotFound, detail: "The journal knows no run \(run).")
    }

    static func tooLate(_ run: Run) -> Problem {
        let ending = run.outcome.map { "has ended as \($0.rawValue)" } ?? "is already merged"
        return Problem(.tooLate, detail: "Run \(run.id) \(ending).")
    }

    static func queueFull(_ limit: Int) -> Problem {
        Problem(
            .queueFull,
            detail: "\(limit) runs wait already, as many as there may be.",
            headers: ["Retry-After": "10"]
        )
    }

    static var stopping: Problem {
        Problem(.stopping, detail: "The service is stopping.", headers: ["Retry-After": "5"])
    }

    private static func notReady(_ id: SpecID, _ blockers: [Blocker]) -> Problem {
        let names = blockers.map { "\($0.id) (\($0.why.rawValue))" }.joined(separator: ", ")
        return Problem(
            .notReady,
            detail: "\(id) waits for \(names).",
            members: ["blockers": .array(blockers.map(SpecPayload.blocker))]
        )
    }

    private static func notStartable(_ id: SpecID, _ status: SpecStatus, _ allowed: [String]) -> Problem {
        Problem(
            .notStartable,
            detail: "\(id) is \(status.rawValue), and work starts on no such spec.",
            members: ["spec_status": .string(status.rawValue), "allowed": JSONValue(allowed)]
        )
    }
}

extension ProblemName {
    /// The name of a run's reason; the two enumerations have the same words, which a test holds.
    init(_ reason: RunReason) {
        self = ProblemName(rawValue: reason.rawValue) ?? .internalError
    }
}
