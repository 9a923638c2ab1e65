import ChantDomain

/// The messages for agents.
struct PromptEndpoints: Sendable {
    private static let markdown = SpecWriteEndpoints.markdown
    /// The forms of a message: with where it comes from, or alone.
    static let forms = ["application/json", markdown]
    /// The names that the query may hold.
    static let query = ["prompt", "note"]

    let specs: SpecService
    let prompts: PromptService

    init(_ domain: Domain) {
        specs = domain.specs
        prompts = domain.prompts
    }

    /// Answers `GET /specs/{id}/prompt`.
    func get(_ request: HTTPRequest, _ context: RequestContext) async throws(Problem) -> HTTPResponse {
        let spec = try await NamedSpec.find(in: context, specs)
        let type = try AcceptedTypes(request).best(of: Self.forms)
        let name = try request.query.single("prompt")
        let note = try request.query.single("note")
        do {
            let preview = try await prompts.preview(spec.id, prompt: name, note: note)
            var response =
                type == Self.markdown
                ? HTTPResponse.bytes(Array(preview.message.utf8), type: "\(Self.markdown); charset=utf-8")
                : HTTPResponse.json(PromptPayload.json(preview))
            response.headers["Content-Location"] = spec.contentLocation("/prompt")["Content-Location"]
            response.headers["Vary"] = "Accept"
            return response
        } catch {
            throw Problem(error)
        }
    }
}
