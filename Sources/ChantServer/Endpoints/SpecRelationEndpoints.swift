import ChantDomain

/// A spec among others: its members, and what waits for what.
struct SpecRelationEndpoints: Sendable {
    let specs: SpecService

    init(_ domain: Domain) {
        specs = domain.specs
    }

    /// Answers `GET /specs/{id}/members`.
    func members(_ request: HTTPRequest, _ context: RequestContext) async throws(Problem) -> HTTPResponse {
        let named = try await NamedSpec.find(in: context, specs)
        do {
            let members = try await specs.members(of: named.id)
            return .json(RelationPayload.members(members), headers: named.contentLocation("/members"))
        } catch {
            throw Problem(error)
        }
    }

    /// Answers `GET /specs/{id}/dependencies`.
    func dependencies(_ request: HTTPRequest, _ context: RequestContext) async throws(Problem) -> HTTPResponse {
        let named = try await NamedSpec.find(in: context, specs)
        do {
            let dependencies = try await specs.dependencies(of: named.id)
            return .json(RelationPayload.dependencies(dependencies), headers: named.contentLocation("/dependencies"))
        } catch {
            throw Problem(error)
        }
    }
}
