import ChantDomain

extension Problem {
    /// Why nothing of a spec was merged.
    init(_ error: MergeError) {
        switch error {
        case .spec(let error): self.init(error)
        case .refused(let refusal): self.init(refusal)
        case .driver(let id):
            self = .nothingToDo("\(id) is a driver: merge its members, it completes when they are done.")
        case .nothingKept(let id):
            self = .nothingToDo("No run of \(id) has left commits that are not merged yet.")
        case .noConflict(let id):
            self = .nothingToDo("The work of \(id) can be merged without a conflict: merge it.")
        case .git(let error): self = .internalFailure(error.sentence)
        case .journal(let error): self.init(error)
        case .unexpected(let detail): self = .internalFailure(detail)
        case .edit(let error): self.init(error)
        }
    }

    /// Why a spec was not declared done.
    init(_ error: FinalizeError) {
        switch error {
        case .spec(let error): self.init(error)
        case .refused(let refusal): self.init(refusal)
        case .driver(let id):
            self = .nothingToDo("\(id) is a driver: it completes when its members are completed or cancelled.")
        case .unknownCommits(let places):
            self = .invalidValue(
                places.map {
                    ValueComplaint(pointer: "/commits/\($0)", detail: "is no hash of a commit of the repository")
                }
            )
        case .edit(let error): self.init(error)
        case .git(let error): self = .internalFailure(error.sentence)
        case .journal(let error): self.init(error)
        }
    }

    /// Why there is no difference to show.
    init(_ error: DiffError) {
        switch error {
        case .spec(let error): self.init(error)
        case .runNotFound(let run): self = .runNotFound(run)
        case .neverRun(let spec): self.init(.runNotFound, detail: "No run has worked \(spec) yet.")
        case .noBranch(let run):
            self.init(.runNotFound, detail: "Run \(run) has no branch: it has not begun, or never did.")
        case .gone(let run):
            self.init(.runNotFound, detail: "The commits of run \(run) are not in the repository any more.")
        case .git(let error): self = .internalFailure(error.sentence)
        case .journal(let error): self.init(error)
        }
    }

    private static func nothingToDo(_ detail: String) -> Problem {
        Problem(.nothingToDo, detail: detail)
    }
}
