/// Masks secrets in what is answered (R34): evidence of runs, refusals with what git said, whatever is added later.
///
/// Spec files are as their authors wrote them, and who writes one back must not write asterisks; logs, which come in
/// pieces, are masked where they are read.
struct SecretMasking: Middleware {
    /// What masks a JSON document, and what masks any other text.
    struct Masks: Sendable {
        var json: @Sendable ([UInt8]) -> [UInt8]
        var text: @Sendable ([UInt8]) -> [UInt8]

        /// Nothing is secret.
        static let none = Masks(json: { $0 }, text: { $0 })
    }

    let masks: Masks

    func respond(
        to request: HTTPRequest,
        context: RequestContext,
        next: Responder
    ) async throws -> HTTPResponse {
        var response = try await next(request, context)
        guard case .bytes(let bytes) = response.body else { return response }
        let type = response.headers["Content-Type"] ?? ""
        guard type == "application/problem+json" || !Self.isVerbatim(request.path) else { return response }
        response.body = .bytes(type.contains("json") ? masks.json(bytes) : masks.text(bytes))
        return response
    }

    /// Spec files, and what the service says about itself alone.
    private static func isVerbatim(_ path: [String]) -> Bool {
        switch path.first {
        case "specs": path.count <= 2
        case "openapi.yaml", "problems", "version", "health": true
        default: false
        }
    }
}
