/// A person's word on a spec.
public struct ApprovalDecision: Sendable {
    /// Whether it is a yes.
    public let isApproval: Bool
    /// Whose word it is.
    public let by: String
    /// Why; a rejection has one.
    public let reason: String?

    /// A yes.
    public static func approve(by name: String, because reason: String? = nil) -> ApprovalDecision {
        ApprovalDecision(isApproval: true, by: name, reason: reason)
    }

    /// A no.
    public static func reject(by name: String, because reason: String) -> ApprovalDecision {
        ApprovalDecision(isApproval: false, by: name, reason: reason)
    }
}

extension Spec {
    /// The words that a person may say on its approval now: `approve` and `reject`; none where nobody asks for one, or the
    /// spec is over.
    ///
    /// A word can be taken back: what was rejected may be approved, and the other way round. No status changes by it.
    var approvalWords: [String] {
        guard let approval, approval.required, !archived, status != .completed, status != .cancelled else { return [] }
        return (approval.status == .approved ? [] : ["approve"]) + (approval.status == .rejected ? [] : ["reject"])
    }
}

extension SpecLifecycle {
    /// The door for a person's word: what a spec's file says with it.
    ///
    /// - Parameters:
    ///   - decision: the word.
    ///   - file: the spec as it is.
    ///   - owner: who works on it now: a word that comes amid a run would be about something that still changes.
    ///   - time: when, as frontmatter has times.
    /// - Returns: the bytes to write.
    /// - Throws: a live owner; `illegalApproval` with what is allowed.
    func decide(
        _ decision: ApprovalDecision,
        on file: SpecFile,
        owner: SpecOwner?,
        at time: String
    ) throws(SpecEditError) -> SpecDocument {
        try owner?.refuse(file.id)
        do throws(SpecError) {
            let spec = try file.spec()
            let word = decision.isApproval ? "approve" : "reject"
            guard spec.approvalWords.contains(word) else {
                throw SpecError.illegalApproval(word, spec.id, spec.status, allowed: spec.approvalWords)
            }
            return try file.document.deciding(
                decision.isApproval ? .approved : .rejected,
                by: decision.by,
                at: time,
                because: decision.reason
            )
        } catch {
            throw .spec(error)
        }
    }

    /// Writes into a spec that it needs an approval, unless it says something of one already.
    func requireApproval(of id: SpecID) async throws(SpecError) {
        let before = try await store.read(id)
        let after = try await store.edit(id) { document throws(SpecError) in
            let spec: Spec
            do throws(HeaderProblem) {
                spec = try Spec(id: id, path: "", document: document)
            } catch {
                throw .header(error)
            }
            return spec.approval == nil ? try document.requiringApproval() : document
        }
        if after.document != before.document { recordEdit(before, after) }
    }
}
