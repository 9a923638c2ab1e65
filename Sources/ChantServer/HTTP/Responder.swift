/// Answers a request: a handler, the router, or what a middleware passes it on to.
package typealias Responder = @Sendable (HTTPRequest, RequestContext) async throws -> HTTPResponse
