import ChantDomain

extension Problem {
    /// A refusal about runs: why one cannot start, or cannot be stopped.
    init(_ error: RunError) {
        switch error {
        case .spec(let error): self.init(error)
        case .refused(let refusal): self.init(refusal)
        case .nothingToDo(let skipped): self = .nothingToDo(skipped)
        case .orderNotFound(let order):
            self.init(.orderNotFound, detail: "The journal knows no order \(order).")
        case .orderTooLate(let order):
            self.init(.tooLate, detail: "Order \(order.id) has ended as \(order.ended ?? "finished").")
        case .queueFull(let limit): self = .queueFull(limit)
        case .diskFloor(let sentence):
            self.init(.diskFloor, detail: sentence, headers: ["Retry-After": "60"])
        case .stopping: self = .stopping
        case .notFound(let run): self = .runNotFound(run)
        case .tooLate(let run): self = .tooLate(run)
        case .journal(let error): self.init(error)
        case .git(let error): self = .internalFailure(error.sentence)
        }
    }

    /// Why a gate lets no run through.
    init(_ refusal: GateRefusal) {
        switch refusal {
        case .unreadable(let file): self.init(SpecError.unreadable(file))
        case .gone(let id): self.init(SpecError.notFound(id.text))
        case .alreadyRunning(let run, let pid): self = .alreadyRunning(run, pid: pid)
        case .driver(let id):
            self.init(.notStartable, detail: refusal.sentence, members: ["spec_id": .string(id.text)])
        case .unknownAgent(let name, let known):
            let names = known.joined(separator: ", ")
            self = .invalidValue([
                ValueComplaint(pointer: "/agent", detail: "names no configured agent (\(name)); there are: \(names)")
            ])
        case .lockedByOther(_, let pid):
            self.init(.lockedByOther, detail: refusal.sentence, members: ["pid": JSONValue(pid)])
        case .notStartable(_, let status, let allowed):
            self.init(
                .notStartable,
                detail: refusal.sentence,
                members: ["spec_status": .string(status.rawValue), "allowed": JSONValue(allowed)]
            )
        case .approvalRejected(_, let name):
            self.init(.approvalRejected, detail: refusal.sentence, members: ["by": JSONValue(name)])
        case .notReady(_, let blockers):
            self.init(
                .notReady,
                detail: refusal.sentence,
                members: ["blockers": .array(blockers.map(SpecPayload.blocker))]
            )
        case .providerUnsupported(_, let supported):
            self.init(.providerUnsupported, detail: refusal.sentence, members: ["supported": JSONValue(supported)])
        case .agentRefusesRoot: self.init(.agentRefusesRoot, detail: refusal.sentence)
        case .needsApproval: self.init(.needsApproval, detail: refusal.sentence)
        case .promptMissing: self.init(.promptMissing, detail: refusal.sentence)
        case .agentMissing: self.init(.agentMissing, detail: refusal.sentence)
        case .targetMissing: self.init(.targetMissing, detail: refusal.sentence)
        case .repositoryEmpty: self.init(.repositoryEmpty, detail: refusal.sentence)
        }
    }

    private static func nothingToDo(_ skipped: [SkippedSpec]) -> Problem {
        let detail =
            skipped.isEmpty
            ? "No spec is ready, or the driver has no members left to work."
            : "None of the \(skipped.count) specs can be started; the first: \(skipped[0].detail)"
        let members: [JSONValue] = skipped.map { spec in
            ["spec_id": .string(spec.specID), "reason": .string(spec.reason), "detail": .string(spec.detail)]
        }
        return Problem(.nothingToDo, detail: detail, members: ["skipped": .array(members)])
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
}

extension ProblemName {
    /// The name of a run's reason; the two enumerations have the same words, which a test holds.
    init(_ reason: RunReason) {
        self = ProblemName(rawValue: reason.rawValue) ?? .internalError
    }
}
