import ChantDomain

/// What runs have changed.
struct DiffEndpoints: Sendable {
    private static let patch = "text/x-diff"
    /// The forms of a difference: read by programs, or as git writes it.
    static let forms = ["application/json", patch]

    let specs: SpecService
    let diffs: DiffService

    init(_ domain: Domain) {
        specs = domain.specs
        diffs = domain.diffs
    }

    /// Answers `GET /runs/{run}/diff`.
    func ofRun(_ request: HTTPRequest, _ context: RequestContext) async throws(Problem) -> HTTPResponse {
        let id = try RunEndpoints.runID(in: context)
        let type = try AcceptedTypes(request).best(of: Self.forms)
        do {
            return Self.response(try await diffs.diff(of: id), type)
        } catch {
            throw Problem(error)
        }
    }

    /// Answers `GET /specs/{id}/diff`.
    func ofSpec(_ request: HTTPRequest, _ context: RequestContext) async throws(Problem) -> HTTPResponse {
        let spec = try await NamedSpec.find(in: context, specs)
        let type = try AcceptedTypes(request).best(of: Self.forms)
        do {
            var response = Self.response(try await diffs.diff(ofSpec: spec.id), type)
            response.headers["Content-Location"] = spec.contentLocation("/diff")["Content-Location"]
            return response
        } catch {
            throw Problem(error)
        }
    }

    private static func response(_ diff: RunDiff, _ type: String) -> HTTPResponse {
        var response =
            type == patch
            ? HTTPResponse.bytes(diff.diff.patch, type: "\(patch); charset=utf-8") : .json(DiffPayload.json(diff))
        response.headers["Vary"] = "Accept"
        response.headers["Chant-Diff-Truncated"] = diff.diff.isTruncated ? "true" : "false"
        return response
    }
}
