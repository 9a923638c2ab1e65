import ChantDomain

/// What can be asked of the service itself: probes, version, contract, explanations.
struct HealthEndpoints: Sendable {
    let service: ServiceState

    /// The form of the contract (RFC 9512).
    static let yaml = "application/yaml"

    init(_ service: ServiceState) {
        self.service = service
    }

    /// Answers `GET /health/live`.
    func live(_ request: HTTPRequest, _ context: RequestContext) async throws(Problem) -> HTTPResponse {
        .json(["status": "live"])
    }

    /// Answers `GET /health/ready`.
    func ready(_ request: HTTPRequest, _ context: RequestContext) async throws(Problem) -> HTTPResponse {
        guard service.isReady() else {
            throw Problem(
                .stopping,
                detail:
                    "The service takes no work now: it still decides the runs of an earlier one, or it is stopping.",
                headers: ["Retry-After": "5"]
            )
        }
        return .json(["status": "ready"])
    }

    /// Answers `GET /version`.
    func version(_ request: HTTPRequest, _ context: RequestContext) async throws(Problem) -> HTTPResponse {
        .json(["name": "chant-server", "version": .string(service.version)])
    }

    /// Answers `GET /openapi.yaml`.
    func contract(_ request: HTTPRequest, _ context: RequestContext) async throws(Problem) -> HTTPResponse {
        .bytes(Self.document, type: Self.yaml).tagged(Self.documentTag, for: request)
    }

    private static let document = Array(ContractDocument.text.utf8)
    private static let documentTag = EntityTag(Digest(of: document).short16)

    /// Answers `GET /problems/{name}`.
    func problem(_ request: HTTPRequest, _ context: RequestContext) async throws(Problem) -> HTTPResponse {
        let text = context.parameters["name"] ?? ""
        guard let name = ProblemName(rawValue: text) else {
            throw Problem(.routeNotFound, detail: "No problem is named “\(text)”.")
        }
        let page = ProblemPage(name)
        return try AcceptedTypes(request).best(of: ProblemPage.forms) == "text/html"
            ? .html(page.html) : .text(page.text)
    }
}
