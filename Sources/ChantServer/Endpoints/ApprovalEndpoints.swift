import ChantDomain

/// A person's word on a spec.
struct ApprovalEndpoints: Sendable {
    let specs: SpecService

    init(_ domain: Domain) {
        specs = domain.specs
    }

    /// Answers `POST /specs/{id}/approve`.
    func approve(_ request: HTTPRequest, _ context: RequestContext) async throws(Problem) -> HTTPResponse {
        var body = try request.jsonBody(keys: ["by", "reason"])
        let name = body.person("by")
        let reason = body.reason("reason", isRequired: false)
        try body.check()
        return try await decide(.approve(by: name, because: reason), context)
    }

    /// Answers `POST /specs/{id}/reject`.
    func reject(_ request: HTTPRequest, _ context: RequestContext) async throws(Problem) -> HTTPResponse {
        var body = try request.jsonBody(keys: ["by", "reason"])
        let name = body.person("by")
        let reason = body.reason("reason", isRequired: true)
        try body.check()
        return try await decide(.reject(by: name, because: reason ?? ""), context)
    }

    private func decide(_ decision: ApprovalDecision, _ context: RequestContext) async throws(Problem) -> HTTPResponse {
        let named = try await NamedSpec.find(in: context, specs)
        do {
            let view = try await specs.decide(decision, on: named.id)
            return .json(SpecPayload.whole(view)).written(view)
        } catch {
            throw Problem(error)
        }
    }
}

extension JSONBody {
    private static let longestName = 200
    private static let longestReason = 64 << 10

    /// Somebody's name: one line, since it stands in a header and in a heading's place.
    mutating func person(_ key: String) -> String {
        guard requiredString(key) != nil else { return "" }
        return optionalPerson(key) ?? ""
    }

    /// The same where it need not be said.
    mutating func optionalPerson(_ key: String) -> String? {
        guard let text = name(key) else { return nil }
        let name = text.drop(while: \.isWhitespace).trimmingSuffix(while: \.isWhitespace)
        if name.unicodeScalars.contains(where: { $0.properties.generalCategory == .control }) {
            complain(key, "must be one line without control characters")
        } else if name.utf8.count > Self.longestName {
            complain(key, "must have at most \(Self.longestName) bytes")
        } else if ["service", "outside"].contains(name) {
            complain(key, "must be somebody's name: \(name) is the service's own word")
        }
        return String(name)
    }

    /// Why; it goes into the spec's file, so it is no book.
    mutating func reason(_ key: String, isRequired: Bool) -> String? {
        guard let text = isRequired ? requiredString(key) : name(key) else { return nil }
        let isBad = text.unicodeScalars.contains {
            $0.properties.generalCategory == .control && !["\n", "\r", "\t"].contains($0)
        }
        if isBad { complain(key, "must be without control characters") }
        if text.utf8.count > Self.longestReason { complain(key, "must have at most \(Self.longestReason >> 10) KiB") }
        return text
    }
}

extension Substring {
    fileprivate func trimmingSuffix(while isGone: (Character) -> Bool) -> Substring {
        var rest = self
        while let last = rest.last, isGone(last) { rest.removeLast() }
        return rest
    }
}
