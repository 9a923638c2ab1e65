import Logging

/// One line for each request, when its answer begins; never the query, which may hold what nobody should read.
struct AccessLog: Middleware {
    /// The name of the route that a request takes.
    let routeName: @Sendable (HTTPRequest) -> String?

    func respond(
        to request: HTTPRequest,
        context: RequestContext,
        next: Responder
    ) async throws -> HTTPResponse {
        let start = ContinuousClock.now
        do {
            let response = try await next(request, context)
            write(request, context, since: start, status: response.status, size: Self.size(of: response))
            return response
        } catch {
            write(request, context, since: start, status: 500, size: "0")
            throw error
        }
    }

    private func write(
        _ request: HTTPRequest,
        _ context: RequestContext,
        since start: ContinuousClock.Instant,
        status: Int,
        size: String
    ) {
        // 501 answers a method that nobody knows, 503 a service that stops: neither is a mistake of ours.
        let level: Logger.Level = status >= 500 && status != 501 && status != 503 ? .error : .info
        // Nothing is computed for a line that nobody wants.
        guard context.logs(level) else { return }
        let elapsed = (ContinuousClock.now - start).components
        let microseconds = elapsed.seconds * 1_000_000 + elapsed.attoseconds / 1_000_000_000_000
        var metadata: Logger.Metadata = [
            "method": "\(request.method.prefix(32))",
            "path": "\(request.rawPath.prefix(500))",
            "status": "\(status)",
            "ms": "\(Double(microseconds) / 1000)",
            "bytes": "\(size)",
        ]
        if let name = routeName(request) { metadata["route"] = "\(name)" }
        context.logger.log(level: level, "request", metadata: metadata)
    }

    private static func size(of response: HTTPResponse) -> String {
        switch response.body {
        case .none: "0"
        case .bytes(let bytes): String(bytes.count)
        case .stream, .live: "stream"
        }
    }
}
