/// Refuses what a page of another origin makes a browser send, on every route, before anything looks at the request.
///
/// A page can point its own name at this machine (DNS rebinding): the browser then takes the service for the page's own
/// server. Only `Host` tells. A page can also simply send a request to the loopback address: `Origin` and
/// `Sec-Fetch-Site`, which no page can change, tell that one.
struct HostAndOrigin: Middleware {
    /// The names by which the service may be called besides loopback ones; in lower case.
    let hosts: Set<String>

    func respond(
        to request: HTTPRequest,
        context: RequestContext,
        next: Responder
    ) async throws -> HTTPResponse {
        // What the transport refused is answered so; nothing else is done with it either.
        if request.refusal == nil {
            try checkHost(of: request)
            try Self.checkOrigin(of: request)
        }
        return try await next(request, context)
    }

    private func checkHost(of request: HTTPRequest) throws(Problem) {
        // HTTP/1.0 alone may name none, and no browser speaks that.
        guard let name = request.host else { return }
        guard let authority = Authority(name), authority.isLoopback || hosts.contains(authority.host) else {
            throw Problem(
                .unknownHost,
                detail: "The service is not known as “\(name.prefix(300))”; --host would make it so."
            )
        }
    }

    private static func checkOrigin(of request: HTTPRequest) throws(Problem) {
        let sites = request.headers.all("Sec-Fetch-Site")
        if let site = sites.first(where: { !["same-origin", "none"].contains($0) }) {
            throw foreign("Sec-Fetch-Site is “\(site.prefix(100))”.")
        }
        let origins = request.headers.all("Origin")
        guard !origins.isEmpty else { return }
        let own = request.host.flatMap { Authority($0) }
        for origin in origins {
            guard let own, let place = authority(ofOrigin: origin), place.isSame(as: own) else {
                throw foreign("The page is of “\(origin.prefix(300))”.")
            }
        }
    }

    /// `null`, which a browser sends for pages that it trusts least, has none.
    private static func authority(ofOrigin origin: String) -> Authority? {
        let scheme = "http://"
        guard origin.lowercased().hasPrefix(scheme) else { return nil }
        return Authority(origin.dropFirst(scheme.count))
    }

    private static func foreign(_ sentence: String) -> Problem {
        Problem(.foreignOrigin, detail: "The request comes from a page of another origin. \(sentence)")
    }
}
