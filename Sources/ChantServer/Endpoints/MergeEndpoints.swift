import ChantDomain

/// Finishing by a person's word: merging what a run has left, and saying that a spec is done.
struct MergeEndpoints: Sendable {
    /// How the work is brought to the target.
    enum Strategy: String, CaseIterable {
        case merge
        case rebase
        case conflictSpec = "conflict-spec"
    }

    let specs: SpecService
    let merges: MergeService

    init(_ domain: Domain) {
        specs = domain.specs
        merges = domain.merges
    }

    /// Answers `POST /specs/{id}/merge`.
    func merge(_ request: HTTPRequest, _ context: RequestContext) async throws(Problem) -> HTTPResponse {
        let spec = try await NamedSpec.find(in: context, specs)
        var body = try request.jsonBody(keys: ["strategy", "by"])
        let strategy: Strategy = body.word("strategy") ?? .merge
        let person = body.name("by")
        try body.check()
        do {
            guard strategy != .conflictSpec else {
                let view = try await merges.makeConflictSpec(for: spec.id)
                return .created(SpecPayload.whole(view), location: NamedSpec.path(view.spec.id)).written(view)
            }
            let report = try await merges.merge(spec.id, rebasing: strategy == .rebase, by: person)
            return .json(MergePayload.json(report), headers: spec.contentLocation("/merge"))
        } catch {
            throw Problem(error)
        }
    }

    /// Answers `POST /specs/{id}/finalize`.
    func finalize(_ request: HTTPRequest, _ context: RequestContext) async throws(Problem) -> HTTPResponse {
        let spec = try await NamedSpec.find(in: context, specs)
        var body = try request.jsonBody(keys: ["by", "commits"])
        let person = body.requiredString("by") ?? ""
        let commits = body.strings("commits")
        try body.check()
        do {
            let view = try await merges.finalize(spec.id, commits: commits, by: person)
            return .json(SpecPayload.whole(view), headers: spec.contentLocation("/finalize"))
        } catch {
            throw Problem(error)
        }
    }
}
