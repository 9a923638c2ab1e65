import ChantDomain

/// Changes of one spec: the whole file, some of its fields, its end.
struct SpecWriteEndpoints: Sendable {
    let specs: SpecService

    init(_ domain: Domain) {
        specs = domain.specs
    }

    static let markdown = "text/markdown"
    /// What `PATCH` reads, as `Accept-Patch` says it.
    static let acceptPatch = "application/merge-patch+json, application/json"

    /// Answers `PUT /specs/{id}`.
    func replace(_ request: HTTPRequest, _ context: RequestContext) async throws(Problem) -> HTTPResponse {
        try request.requireMarkdown()
        let condition = try request.revisionCondition()
        let named = try await replaced(context, condition)
        let written: WrittenSpec
        do {
            written = try await specs.replace(named.id, with: request.body, if: condition)
        } catch {
            throw Problem(error)
        }
        let spec = written.view.spec
        var response = HTTPResponse.json(SpecPayload.whole(written.view), headers: named.contentLocation())
        if written.isNew {
            response.status = 201
            response.headers["Location"] = NamedSpec.path(spec.id)
        }
        // The tag is that of the file; where not exactly that was stored, RFC 9110 §9.3.4 wants none.
        if written.isAsSent { response.headers["ETag"] = EntityTag(spec.revision).field }
        return response
    }

    /// Answers `PATCH /specs/{id}`.
    func patch(_ request: HTTPRequest, _ context: RequestContext) async throws(Problem) -> HTTPResponse {
        let patch = try SpecPatchBody(request).patch()
        let condition = try request.revisionCondition()
        let named = try await NamedSpec.find(in: context, specs, if: condition)
        do {
            let view = try await specs.patch(named.id, patch, if: condition)
            return .json(SpecPayload.whole(view)).written(view)
        } catch {
            throw Problem(error)
        }
    }

    /// Answers `DELETE /specs/{id}`.
    func delete(_ request: HTTPRequest, _ context: RequestContext) async throws(Problem) -> HTTPResponse {
        let condition = try request.revisionCondition()
        let named = try await NamedSpec.find(in: context, specs, if: condition)
        do {
            try await specs.delete(named.id, if: condition)
            return .noContent
        } catch {
            throw Problem(error)
        }
    }

    /// The spec that a PUT is about: the one that there is, else a new one of exactly this id.
    ///
    /// A part of an id never becomes a new spec by accident: without `If-None-Match: *` only an id of the dated form does.
    private func replaced(_ context: RequestContext, _ condition: RevisionCondition) async throws(Problem) -> NamedSpec
    {
        let text = context.parameters["id"] ?? ""
        let exact = try NamedSpec.exact(text)
        if condition.noneMatch == .any { return exact }
        do {
            return try await NamedSpec.find(in: context, specs, if: condition)
        } catch {
            guard error.name == .specNotFound else { throw error }
            guard exact.id.dated == nil else { return exact }
            throw Problem(
                .specNotFound,
                detail: "No spec has the id, or a part of it, “\(text)”. To create one of exactly this id, "
                    + "send `If-None-Match: *`."
            )
        }
    }
}

extension NamedSpec {
    /// Resolves `{id}` for a write: where there is nothing, a version that was asked for is missed, too.
    static func find(
        in context: RequestContext,
        _ specs: SpecService,
        if condition: RevisionCondition
    ) async throws(Problem) -> NamedSpec {
        do {
            return try await find(in: context, specs)
        } catch {
            guard error.name == .specNotFound, condition.match != nil else { throw error }
            throw .preconditionFailed(context.parameters["id"] ?? "", revision: nil)
        }
    }
}

extension HTTPResponse {
    /// The answer with a spec in it that was just written: what it is, and where.
    func written(_ view: SpecView) -> HTTPResponse {
        var answer = self
        answer.headers["Content-Location"] = NamedSpec.path(view.spec.id)
        answer.headers["ETag"] = SpecTag.json(view.spec.revision, body).field
        return answer
    }
}

/// The tags of a spec's two representations.
enum SpecTag {
    /// That of the file.
    static func markdown(_ document: SpecDocument) -> EntityTag { EntityTag(document.revision) }

    /// That of the JSON: the revision, and a digest that changes with what is computed.
    static func json(_ revision: String, _ body: HTTPResponse.Body) -> EntityTag {
        guard case .bytes(let bytes) = body else { return EntityTag(revision) }
        return EntityTag("\(revision).\(Digest(of: bytes).short16)")
    }
}

// MARK: - Requests

extension HTTPRequest {
    /// Which version of a spec `If-Match` and `If-None-Match` mean; by what is stored, before the dot.
    func revisionCondition() throws(Problem) -> RevisionCondition {
        let none = headers.all("If-None-Match")
        let unwanted = none.isEmpty ? nil : EntityTagList(none)
        guard none.isEmpty || unwanted != nil else {
            throw Problem(.malformedRequest, detail: "If-None-Match is `*` or a list of tags in double quotes.")
        }
        return RevisionCondition(
            match: try ifMatch().map { $0.revisions(strongly: true) },
            noneMatch: unwanted.map { $0.revisions(strongly: false) }
        )
    }

    /// A whole file: `text/markdown` in UTF-8; without a type, or with curl's default one, as the rule on bodies says.
    func requireMarkdown() throws(Problem) {
        guard headers["Content-Range"] == nil else {
            throw Problem(.malformedRequest, detail: "A spec is replaced as a whole; Content-Range means nothing here.")
        }
        let isBrowser = headers["Origin"] != nil || headers["Sec-Fetch-Site"] != nil
        let isUnnamed = [nil, "application/x-www-form-urlencoded"].contains(mediaType)
        guard mediaType == SpecWriteEndpoints.markdown || isUnnamed && !isBrowser else {
            throw unsupportedMediaType(supported: [SpecWriteEndpoints.markdown])
        }
        guard !body.isEmpty else {
            throw .complaining(.invalidSpec, [ValueComplaint(pointer: "", detail: "is empty")])
        }
    }
}

extension EntityTagList {
    fileprivate func revisions(strongly: Bool) -> RevisionCondition.Revisions {
        switch self {
        case .any: .any
        case .some(let named): .these(named.filter { !strongly || !$0.isWeak }.map { String($0.tag.stored) })
        }
    }
}
