/// What is to be finished: a run's result, and how it is to be judged.
struct Finish: Sendable {
    let run: Run
    let spec: SpecID
    /// The spec's bytes as placed in the worktree at prepare.
    let placed: [UInt8]
    /// The spec's bytes as the agent left them.
    let left: [UInt8]
    /// The branch's tip; `nil` where the branch has no commit of its own.
    let branchTip: ObjectID?
    /// Abbreviated hashes for the spec's `commits`, oldest first.
    let commits: [String]
    /// What the spec's `model` will say.
    let model: String
    let criteria: CriteriaPolicy
    let merge: MergePolicy
    /// Whether a person has to approve the work before it is merged, also where the spec says nothing of an approval.
    var asksApproval = false
    /// What a person's word has the service merge after the run had ended (R59); `nil` for the run's own finishing.
    var word: FinishingRecord.Merge?
    /// Files that the run's commits may change and that the target keeps as they are: a conflict spec's original.
    var keeping: [String] = []
}

/// The files that a finishing commit writes, computed from the files in the checkout as they are now.
struct FinishedSpecs: Sendable {
    /// A spec file: the bytes that it was computed from, and the finished ones.
    struct File: Sendable {
        let spec: SpecID
        let path: String
        let before: [UInt8]
        let finished: [UInt8]
    }

    /// The run's spec first, then the drivers that it completes, innermost first.
    var files: [File]
    var warnings: [RunWarning]
    /// Whether the work has to be approved first, and the spec's file does not say so yet.
    var lacksApproval = false
}
