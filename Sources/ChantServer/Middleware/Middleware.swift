/// One step around every request.
protocol Middleware: Sendable {
    /// Answers, usually by what `next` answers.
    func respond(
        to request: HTTPRequest,
        context: RequestContext,
        next: Responder
    ) async throws -> HTTPResponse
}

/// The middlewares in their order, around the router.
struct MiddlewareChain: Sendable {
    private let responder: Responder

    /// - Parameters:
    ///   - middlewares: the outermost first.
    ///   - last: who answers in the end: the router.
    init(_ middlewares: [any Middleware], around last: @escaping Responder) {
        responder = middlewares.reversed().reduce(last) { next, middleware in
            { request, context in try await middleware.respond(to: request, context: context, next: next) }
        }
    }

    /// Answers, whatever happens.
    func respond(to request: HTTPRequest, context: RequestContext) async -> HTTPResponse {
        do {
            return try await responder(request, context)
        } catch {
            return Problems.response(for: error, to: request, context: context)
        }
    }
}
