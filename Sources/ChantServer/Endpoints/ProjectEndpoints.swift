import ChantDomain

/// The project as a whole.
struct ProjectEndpoints: Sendable {
    let status: StatusService

    init(_ domain: Domain) {
        status = domain.status
    }

    /// Answers `GET /status`.
    func status(_ request: HTTPRequest, _ context: RequestContext) async throws(Problem) -> HTTPResponse {
        do {
            return .json(StatusPayload.json(try await status.status()))
        } catch {
            throw Problem(error)
        }
    }
}
