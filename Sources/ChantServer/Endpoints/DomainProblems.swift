import ChantDomain

/// What each refusal of the domain is on the wire: one exhaustive initialiser for each error type, so that a new case
/// does not compile until it has a name.
extension Problem {
    /// A refusal about specs.
    init(_ error: SpecError) {
        switch error {
        case .notFound(let text):
            self.init(.specNotFound, detail: "No spec has the id, or a part of it, “\(text)”.")
        case .ambiguous(let text, let candidates):
            self.init(
                .specAmbiguous,
                detail: "“\(text)” fits \(candidates.count) specs.",
                members: ["candidates": JSONValue(candidates.map(\.text))]
            )
        case .unreadable(let file):
            self.init(
                .specUnreadable,
                detail: "\(file.path) cannot be read as a spec: \(file.detail)",
                members: ["line": JSONValue(file.line)]
            )
        case .exists(let id): self.init(.specExists, detail: "A spec \(id) is there already.")
        case .changedMeanwhile(let id):
            self.init(.changedMeanwhile, detail: "Someone else kept changing \(id) at the same moment.")
        case .invalid(let complaints):
            self = .invalidSpec(complaints)
        case .illegalTransition(let transition): self.init(transition)
        case .illegalApproval(let word, let id, let status, let allowed):
            self.init(
                .illegalTransition,
                detail: "Nobody asks for the word `\(word)` on \(id) now.",
                members: ["spec_status": .string(status.rawValue), "allowed": JSONValue(allowed)]
            )
        case .header(let problem):
            let line = problem.line.map { " (line \($0))" } ?? ""
            self = .invalidSpec([Complaint("", problem.detail + line)])
        case .intentRefused(let detail):
            self = .internalFailure("The journal could not note the write, so nothing was written: \(detail)")
        case .runsUnknown(let detail):
            self = .internalFailure("The journal could not say what works on the spec: \(detail)")
        case .file(let error): self = .internalFailure("The spec's file: \(error)")
        }
    }

    /// A list that cannot go on, or be read.
    init(_ error: SpecListError) {
        switch error {
        case .walkGone: self = Cursor.bad("The cursor is of a list that was begun too long ago.")
        case .spec(let error): self.init(error)
        }
    }

    /// A status that does not allow what was asked for.
    init(_ transition: InvalidTransition) {
        let status = transition.isArchived ? "archived" : transition.from.rawValue
        self.init(
            .illegalTransition,
            detail: "A spec that is \(status) does not allow this: \(transition.event.rawValue).",
            members: [
                "spec_status": .string(transition.from.rawValue),
                "allowed": JSONValue(transition.allowed.map(\.rawValue)),
            ]
        )
    }

    /// A refusal about processes.
    init(_ error: ProcessStopError) {
        switch error {
        case .notFound(let pid):
            self.init(.processNotFound, detail: "No agent process that lives now has the pid \(pid).")
        case .changed(let run):
            self.init(
                .processChanged,
                detail: "The process works for run \(run).",
                members: ["run_id": .string(run.text)]
            )
        case .notOurs(let pid):
            self.init(.notOurs, detail: "Process \(pid) was started by the original chant program.")
        case .run(let error): self.init(error)
        }
    }

    /// A failure of the journal, where its caller found no better word.
    init(_ error: JournalError) {
        switch error {
        case .alreadyRunning(let run): self = .alreadyRunning(run, pid: nil)
        case .queueFull(let limit): self = .queueFull(limit)
        case .noSuchRun(let run): self = .runNotFound(run)
        case .stale(let run): self = .tooLate(run)
        case .newer, .illegalChange, .storage: self = .internalFailure(error.description)
        }
    }

    /// A text that is no spec; the domain complains in sentences.
    private static func invalidSpec(_ complaints: [Complaint]) -> Problem {
        let errors = complaints.map { ValueComplaint(pointer: $0.pointer, detail: $0.detail).json }
        return Problem(
            .invalidSpec,
            detail: complaints.map(\.detail).joined(separator: " "),
            members: ["errors": .array(errors)]
        )
    }

    /// A bug or a machine that failed us; the cause is told, since the service answers its own user.
    static func internalFailure(_ cause: String) -> Problem {
        Problem(.internalError, detail: cause)
    }
}

extension Problem {
    /// A refusal about logs.
    init(_ error: LogServiceError) {
        switch error {
        case .runNotFound(let run): self = .runNotFound(run)
        case .neverRun(let spec): self.init(.runNotFound, detail: "No run has worked \(spec) yet.")
        case .finished: self.init(.badEventID, detail: "There is nothing after the end of a log.")
        case .gone(let path): self.init(.logGone, detail: "The log \(path) was removed.")
        case .beyondEnd(let offset, let size):
            self = .invalidValue([
                ValueComplaint(pointer: "?offset", detail: "is \(offset), but the log has \(size) bytes")
            ])
        case .otherLog(let position):
            self = .invalidValue([
                ValueComplaint(pointer: "?after", detail: "is \(position), a place in another log or view")
            ])
        case .noEvents:
            self = .invalidValue([
                ValueComplaint(pointer: "?view", detail: "is events, but the agent's output is plain text")
            ])
        case .noTimes:
            self = .invalidValue([
                ValueComplaint(pointer: "?since", detail: "means nothing here: this log has no times")
            ])
        case .log(let error): self = .internalFailure(error.description)
        case .journal(let error): self.init(error)
        }
    }
}
