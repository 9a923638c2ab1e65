import Logging

/// The last catch: a problem becomes its document, anything else `internal-error` without a word of what went wrong
/// inside, which goes to the log.
struct Problems: Middleware {
    func respond(
        to request: HTTPRequest,
        context: RequestContext,
        next: Responder
    ) async throws -> HTTPResponse {
        do {
            return try await next(request, context)
        } catch {
            return Self.response(for: error, to: request, context: context)
        }
    }

    /// The answer to what was thrown.
    static func response(for error: any Error, to request: HTTPRequest, context: RequestContext) -> HTTPResponse {
        var problem: Problem
        if let thrown = error as? Problem {
            problem = thrown
        } else {
            context.logger.error(
                "a request failed",
                metadata: ["method": "\(request.method)", "path": "\(request.rawPath)", "error": "\(error)"]
            )
            problem = Problem(
                .internalError,
                detail: "The service has failed; its log tells more under the request id \(context.id)."
            )
        }
        if problem.instance == nil { problem.instance = request.rawPath }
        return problem.response
    }
}
