import ChantDomain

/// What is in force.
struct ConfigurationEndpoint: Sendable {
    let configuration: ServedConfiguration
    let service: ServiceState

    init(_ rooms: EndpointRooms) {
        configuration = rooms.domain.configuration
        service = rooms.service
    }

    /// Answers `GET /config`.
    func get(_ request: HTTPRequest, _ context: RequestContext) async throws(Problem) -> HTTPResponse {
        .json(ConfigurationPayload.json(configuration, service.settings, version: service.version))
    }
}
