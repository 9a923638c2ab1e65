extension FinishedSpec {
    /// A person's word on the finished work, asked of the spec as it will be: its `approval` is the checkout's (R39).
    ///
    /// Who left the approval out for this start left it out for its merge, too.
    ///
    /// - Returns: whether an approval is missing that the spec does not ask for yet.
    /// - Throws: `awaiting-approval` where the spec asks for one that it has not got.
    func judgeApproval(_ document: SpecDocument, _ finish: Finish) throws(StageFailure) -> Bool {
        guard !finish.run.options.skip.contains(.approval),
            let spec = try? Spec(id: finish.spec, path: "", document: document)
        else { return false }
        guard let approval = spec.approval else { return finish.asksApproval }
        if approval.isOpen { throw .awaitingApproval(finish, rejectedBy: approval.isRejected ? approval.by : nil) }
        return false
    }
}

extension Finisher {
    /// Writes into the spec that its work has to be approved, and ends the run with that.
    ///
    /// The file comes first: after a crash here the run is judged again, and finds its spec's approval open.
    func askingForApproval(_ finish: Finish) async -> StageFailure {
        do throws(SpecError) {
            try await lifecycle.requireApproval(of: finish.spec)
            return .awaitingApproval(finish, rejectedBy: nil)
        } catch {
            return StageFailure(spec: error, finish.spec, while: "asking for an approval in the spec's file")
        }
    }
}

extension StageFailure {
    /// The work is done, and a person has to say yes to it.
    static func awaitingApproval(_ finish: Finish, rejectedBy name: String?) -> StageFailure {
        var evidence: [String: Evidence] = ["branch": .text(finish.run.branch), "target": .text(finish.run.target)]
        if let name { evidence["by"] = .text(name) }
        let detail =
            name.map { "The work is done, but \($0) rejected the spec. The branch is kept." }
            ?? "The work is done and waits for a person's approval. The branch is kept."
        return StageFailure(.awaitingApproval, detail, evidence)
    }
}
