@testable import ChantDomain

extension Samples {
    static var createErrors: [SpecEditError] {
        let file: [SpecError] = [
            .exists(spec), .invalid([Complaint("/type", "is unknown")]), .header(HeaderProblem("breaks", line: 2)),
            .intentRefused("full"), .runsUnknown("locked"), .file(FileError(operation: "write", path: "p", code: 28)),
            .changedMeanwhile(spec),
        ]
        return file.map(SpecEditError.spec) + obstacles + [.firstStatus(.completed), .cycle([spec, otherSpec, spec])]
    }

    static var replaceErrors: [SpecEditError] {
        createErrors + owners + [
            .preconditionRequired(spec, revision: "0123456789abcdef"), .preconditionFailed(spec, revision: nil),
            .preconditionFailed(spec, revision: "0123456789abcdef"),
            .illegalStatus(from: .completed, to: .cancelled, allowed: [.pending]), .spec(unreadable),
        ]
    }

    static var patchErrors: [SpecEditError] {
        obstacles + owners + [
            .preconditionFailed(spec, revision: nil), .spec(.invalid([Complaint("/title", "is none")])),
            .illegalStatus(from: .pending, to: .failed, allowed: [.cancelled]), .spec(unreadable),
            .cycle([spec, spec]), .spec(.changedMeanwhile(spec)), .spec(.notFound("x")),
        ]
    }

    static var deleteErrors: [SpecEditError] {
        obstacles + owners + [
            .preconditionFailed(spec, revision: nil), .spec(unreadable), .spec(.changedMeanwhile(spec)),
            .spec(.notFound("x")),
        ]
    }

    static var approvalErrors: [SpecEditError] {
        obstacles + owners + [
            .spec(unreadable), .spec(.changedMeanwhile(spec)), .spec(.notFound("x")),
            .spec(.illegalApproval("approve", spec, .pending, allowed: ["reject"])),
            .spec(.invalid([Complaint("/reason", "cannot stand there")])),
        ]
    }

    private static var unreadable: SpecError {
        .unreadable(UnreadableSpec(id: spec.text, path: "p", revision: "", detail: "It is a link.", line: nil))
    }

    private static var owners: [SpecEditError] {
        [
            .alreadyRunning(queuedRun, pid: 7), .alreadyRunning(queuedRun, pid: nil), .lockedByOther(spec, pid: 7),
            .git(.gitMissing), .journal(.storage(operation: "read", code: 1, detail: "broken")),
        ]
    }

    private static var obstacles: [SpecEditError] {
        [.dirty(["a"]), .busy("A merge is under way."), .moving(target: "main"), .missing(target: "main"), .empty]
            .map(SpecEditError.notCommitted)
    }
}
