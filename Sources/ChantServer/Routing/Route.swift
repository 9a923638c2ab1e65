/// One row of the route table: method, path, what its query may hold, and who answers.
struct Route: Sendable {
    /// In capitals; `GET` answers `HEAD` too.
    var method: String
    /// `/specs/{id}/work`: literal segments, and parameters that stand for one segment each.
    var template: String
    /// The `operationId` of the contract.
    var name: String
    /// The names that the query may hold; any other is refused.
    var query: [String]
    /// The media types in which it answers; a request whose `Accept` fits none is refused before anything is done.
    var produces: [String]
    /// Throws `Problem`; anything else becomes `internal-error`.
    var handler: Responder
    /// The media types that a `PATCH` reads: `Accept-Patch` of its path.
    var acceptPatch: String?

    init(
        _ method: String,
        _ template: String,
        name: String,
        query: [String] = [],
        produces: [String] = ["application/json"],
        handler: @escaping Responder
    ) {
        self.method = method
        self.template = template
        self.name = name
        self.query = query
        self.produces = produces
        self.handler = handler
    }
}

/// A template taken apart.
struct RoutePattern: Sendable, Equatable {
    /// One segment of a template.
    enum Segment: Sendable, Equatable {
        case literal(String)
        case parameter(String)
    }

    let segments: [Segment]

    /// Reads a template; `nil` if it does not begin with a slash, has an empty segment or one parameter twice.
    init?(_ template: String) {
        guard template.hasPrefix("/") else { return nil }
        let parts = template.dropFirst().split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        if parts == [""] {
            segments = []
            return
        }
        guard !parts.contains("") else { return nil }
        segments = parts.map { part in
            part.hasPrefix("{") && part.hasSuffix("}")
                ? .parameter(String(part.dropFirst().dropLast())) : .literal(part)
        }
        let names = parts.filter { $0.hasPrefix("{") }
        guard Set(names).count == names.count else { return nil }
    }

    /// The values of the parameters if `path` fits; an empty segment fits none.
    func match(_ path: [String]) -> [String: String]? {
        guard path.count == segments.count else { return nil }
        var parameters: [String: String] = [:]
        for (segment, text) in zip(segments, path) {
            switch segment {
            case .literal(text): continue
            case .parameter(let name) where !text.isEmpty: parameters[name] = text
            default: return nil
            }
        }
        return parameters
    }

    /// The same for two templates that fit the same paths.
    var shape: String {
        segments.map { if case .literal(let text) = $0 { "/\(text)" } else { "/{}" } }.joined()
    }

    /// Literals first, from the left: `/specs/new` goes before `/specs/{id}`.
    func precedes(_ other: RoutePattern) -> Bool {
        for (one, two) in zip(segments, other.segments) {
            switch (one, two) {
            case (.literal, .parameter): return true
            case (.parameter, .literal): return false
            default: continue
            }
        }
        return false
    }
}
