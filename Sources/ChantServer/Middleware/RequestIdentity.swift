/// Gives each request its id: the client's `X-Request-Id` if it can be used, else a new one; the answer names it.
struct RequestIdentity: Middleware {
    func respond(
        to request: HTTPRequest,
        context: RequestContext,
        next: Responder
    ) async throws -> HTTPResponse {
        var context = context
        if let id = request.headers["X-Request-Id"], RequestID.isUsable(id) { context.id = id }
        var response = try await next(request, context)
        response.headers["X-Request-Id"] = context.id
        return response
    }
}
