/// Finds the route of a request; built from the whole table, checked, and then never changed.
struct Router: Sendable {
    /// All routes of one path.
    private struct Entry: Sendable {
        let pattern: RoutePattern
        var routes: [Route]
    }

    /// The routes as they were given, for the test that holds them to the contract.
    let routes: [Route]
    /// By number of segments; literals before parameters.
    private let entries: [Int: [Entry]]

    /// Traps, at start and with a sentence, if the table contradicts itself: that is a mistake in the program.
    init(_ routes: [Route]) {
        var byShape: [String: Entry] = [:]
        var names: Set<String> = []
        for route in routes {
            guard let pattern = RoutePattern(route.template) else {
                preconditionFailure("The route template \(route.template) cannot be read.")
            }
            precondition(names.insert(route.name).inserted, "Two routes are named \(route.name).")
            var entry = byShape[pattern.shape] ?? Entry(pattern: pattern, routes: [])
            precondition(
                entry.pattern == pattern,
                "\(route.template) and \(entry.routes[0].template) name their parameters differently."
            )
            precondition(
                !entry.routes.contains { $0.method == route.method },
                "Two routes answer \(route.method) \(route.template)."
            )
            entry.routes.append(route)
            byShape[pattern.shape] = entry
        }
        self.routes = routes
        entries = Dictionary(grouping: byShape.values) { $0.pattern.segments.count }
            .mapValues { $0.sorted { $0.pattern.precedes($1.pattern) } }
    }

    /// Answers through the route that fits.
    ///
    /// - Throws: what the transport found wrong; 404, 405 with `Allow`, 406, 411, 422 for names in the query that the
    ///   route does not have; whatever the handler throws.
    func respond(to request: HTTPRequest, context: RequestContext) async throws -> HTTPResponse {
        if let refusal = request.refusal { throw refusal }
        if request.rawTarget == "*" { return HTTPResponse(status: 204, headers: ["Allow": allMethods]) }
        guard let (entry, parameters) = find(request.path) else { throw notFound(request) }
        if request.method == "OPTIONS", !entry.routes.contains(where: { $0.method == "OPTIONS" }) {
            return HTTPResponse(status: 204, headers: methods(entry))
        }
        let method = request.method == "HEAD" ? "GET" : request.method
        guard let route = entry.routes.first(where: { $0.method == method }) else {
            throw methodNotAllowed(request, entry)
        }
        try checkLength(of: request)
        if !route.produces.isEmpty { _ = try AcceptedTypes(request).best(of: route.produces) }
        try checkQuery(of: request, route)
        var context = context
        context.routeName = route.name
        context.parameters = parameters
        return try await route.handler(request, context)
    }

    /// The name of the route that `request` would take, for logs.
    func routeName(of request: HTTPRequest) -> String? {
        let method = request.method == "HEAD" ? "GET" : request.method
        return find(request.path)?.entry.routes.first { $0.method == method }?.name
    }

    private func find(_ path: [String]) -> (entry: Entry, parameters: [String: String])? {
        for entry in entries[path.count] ?? [] {
            if let parameters = entry.pattern.match(path) { return (entry, parameters) }
        }
        return nil
    }

    /// Where a body is to be expected, its end must be known: without a length HTTP/1.1 means that there is none, and in
    /// HTTP/1.0 nobody can tell.
    private func checkLength(of request: HTTPRequest) throws(Problem) {
        guard request.headers["Content-Length"] == nil, request.headers["Transfer-Encoding"] == nil else { return }
        let hasBody =
            switch request.method {
            case "PUT", "PATCH": true
            case "POST": request.version == .http10 && request.headers["Content-Type"] != nil
            default: false
            }
        guard hasBody else { return }
        throw Problem(.lengthRequired, detail: "\(request.method) needs a body, and Content-Length to tell its end.")
    }

    private func checkQuery(of request: HTTPRequest, _ route: Route) throws(Problem) {
        let unknown = request.query.names.filter { !route.query.contains($0) }
        guard unknown.isEmpty else {
            throw .unknownKey(unknown.map { NearestName.complaint($0, pointer: "?\($0)", known: route.query) })
        }
    }

    private func notFound(_ request: HTTPRequest) -> Problem {
        let slash = request.path.last == "" && find(request.path.dropLast()) != nil
        let hint = slash ? " It exists without the slash at the end." : ""
        return Problem(.routeNotFound, detail: "There is nothing at \(request.rawPath).\(hint)")
    }

    private func methodNotAllowed(_ request: HTTPRequest, _ entry: Entry) -> Problem {
        let allowed = allowed(entry)
        guard Self.knownMethods.contains(request.method) else {
            return Problem(
                .notImplemented,
                detail: "There is no method \(request.method); this path has \(allowed).",
                headers: methods(entry)
            )
        }
        return Problem(
            .methodNotAllowed,
            detail: "\(request.rawPath) does not have \(request.method); it has \(allowed).",
            headers: methods(entry)
        )
    }

    /// What a path has, for `OPTIONS` and for those who asked for something else.
    private func methods(_ entry: Entry) -> Headers {
        var headers: Headers = ["Allow": allowed(entry)]
        headers["Accept-Patch"] = entry.routes.lazy.compactMap(\.acceptPatch).first
        return headers
    }

    private func allowed(_ entry: Entry) -> String {
        var methods = Set(entry.routes.map(\.method))
        if methods.contains("GET") { methods.insert("HEAD") }
        methods.insert("OPTIONS")
        return methods.sorted().joined(separator: ", ")
    }

    private var allMethods: String {
        Set(routes.map(\.method)).union(["HEAD", "OPTIONS"]).sorted().joined(separator: ", ")
    }

    private static let knownMethods: Set<String> = [
        "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT", "QUERY",
    ]
}
