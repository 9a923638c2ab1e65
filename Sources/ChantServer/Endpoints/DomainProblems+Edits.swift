import ChantDomain

extension Problem {
    /// Why an edit of a spec was not written.
    init(_ error: SpecEditError) {
        switch error {
        case .spec(let error): self.init(error)
        case .preconditionRequired(let id, let revision): self = .preconditionRequired(id, revision: revision)
        case .preconditionFailed(let id, let revision): self = .preconditionFailed(id.text, revision: revision)
        case .cycle(let ids):
            let circle = ids.map(\.text).joined(separator: " → ")
            self = .complaining(
                .invalidSpec,
                [ValueComplaint(pointer: "/depends_on", detail: "would close a circle: \(circle)")]
            )
        case .illegalStatus(let from, let to, let allowed):
            self.init(
                .illegalTransition,
                detail: "A spec that is \(from.rawValue) cannot be made \(to.rawValue) by an edit.",
                members: [
                    "spec_status": .string(from.rawValue), "allowed": JSONValue(allowed.map(\.rawValue)),
                ]
            )
        case .firstStatus(let status):
            let detail = "is \(status.rawValue), which only a run or a person's word about it can make a spec"
            self = .complaining(.invalidSpec, [ValueComplaint(pointer: "/status", detail: detail)])
        case .alreadyRunning(let run, let pid): self = .alreadyRunning(run, pid: pid)
        case .lockedByOther(let id, let pid):
            self.init(
                .lockedByOther,
                detail: "Process \(pid) works on \(id) and holds its lock.",
                members: ["pid": JSONValue(pid)]
            )
        case .notCommitted(let obstacle): self.init(obstacle)
        case .git(let error): self = .internalFailure("git failed, so nothing was written: \(error.sentence)")
        case .journal(let error): self.init(error)
        }
    }

    private init(_ obstacle: EditObstacle) {
        let rest = "The edit was not made, since it could not be committed (server.commit_specs)."
        switch obstacle {
        case .dirty(let files):
            self.init(
                .checkoutDirty,
                detail: "Somebody has staged or changed \(files.joined(separator: ", ")). \(rest)",
                members: ["files": JSONValue(files)]
            )
        case .busy(let sentence): self.init(.checkoutBusy, detail: "\(sentence) \(rest)")
        case .moving(let target): self.init(.targetMoving, detail: "The target \(target) kept moving. \(rest)")
        case .missing(let target): self.init(.targetMissing, detail: "There is no branch \(target). \(rest)")
        case .empty: self.init(.repositoryEmpty, detail: "The repository has no commit yet. \(rest)")
        }
    }

    private static func preconditionRequired(_ id: SpecID, revision: String) -> Problem {
        Problem(
            .preconditionRequired,
            detail: "\(id) is there already. Say by If-Match which version you replace (`*`: whichever it is).",
            members: ["revision": .string(revision)]
        )
    }

    static func preconditionFailed(_ id: String, revision: String?) -> Problem {
        Problem(
            .preconditionFailed,
            detail: revision.map { "\(id) is at revision \($0) now." } ?? "There is no spec \(id).",
            members: ["revision": JSONValue(revision)]
        )
    }
}
