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
        let awaiting = try Awaiting(request)
        let strategy: Strategy = body.word("strategy") ?? .merge
        let person = body.optionalPerson("by")
        if strategy == .conflictSpec, !awaiting.expected.isEmpty {
            body.complain("strategy", "conflict-spec merges nothing, so that no outcome can be expected")
        }
        try body.check()
        guard strategy != .conflictSpec else {
            let view: SpecView
            do { view = try await merges.makeConflictSpec(for: spec.id) } catch { throw Problem(error) }
            return .created(SpecPayload.whole(view), location: NamedSpec.path(view.spec.id)).written(view)
        }
        let report: MergeReport
        do {
            report = try await merges.merge(spec.id, rebasing: strategy == .rebase, by: person)
        } catch {
            throw Problem(error)
        }
        let json = MergePayload.json(report)
        let endings = [report.outcome.rawValue, report.problem?.reason.rawValue].compactMap(\.self)
        try awaiting.check(endings, "merge", json)
        return .json(json, headers: spec.contentLocation("/merge"))
    }

    /// Answers `POST /specs/{id}/finalize`.
    func finalize(_ request: HTTPRequest, _ context: RequestContext) async throws(Problem) -> HTTPResponse {
        let spec = try await NamedSpec.find(in: context, specs)
        var body = try request.jsonBody(keys: ["by", "commits"])
        let person = body.person("by")
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
