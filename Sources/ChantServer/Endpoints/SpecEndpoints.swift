import ChantDomain

/// The specs: one of them, a new one.
struct SpecEndpoints: Sendable {
    let specs: SpecService

    init(_ domain: Domain) {
        specs = domain.specs
    }

    /// Answers `GET /specs/{id}`.
    func get(_ request: HTTPRequest, _ context: RequestContext) async throws(Problem) -> HTTPResponse {
        let spec = try await NamedSpec.find(in: context, specs)
        let type = try AcceptedTypes(request).best(of: Self.forms)
        let wanted = try request.query.word("copy", of: Copy.self)
        let copy = wanted == .worktree ? try await worktreeCopy(of: spec.id) : nil
        do {
            if type == Self.markdown {
                let document = if let copy { copy.document } else { try await specs.file(spec.id).document }
                let response = HTTPResponse.bytes(document.bytes, type: "\(Self.markdown); charset=utf-8")
                return found(response, spec, SpecTag.markdown(document), request)
            }
            let listing = if let copy { copy.listing } else { try await specs.get(spec.id) }
            let response = HTTPResponse.json(SpecPayload.whole(listing))
            return found(response, spec, listing.revision.map { SpecTag.json($0, response.body) }, request)
        } catch {
            throw Problem(error)
        }
    }

    /// A spec's representation under its tag; a file that cannot even be opened has none.
    private func found(
        _ response: HTTPResponse,
        _ spec: NamedSpec,
        _ tag: EntityTag?,
        _ request: HTTPRequest
    ) -> HTTPResponse {
        var response = response
        response.headers["Content-Location"] = spec.contentLocation()["Content-Location"]
        response.headers["Accept-Patch"] = SpecWriteEndpoints.acceptPatch
        response.headers["Vary"] = "Accept"
        guard let tag else { return response }
        return response.tagged(tag, vary: "Accept", for: request)
    }

    private static let markdown = SpecWriteEndpoints.markdown
    /// The forms of one spec.
    static let forms = ["application/json", markdown]

    /// Values of `?copy=`.
    private enum Copy: String, CaseIterable {
        case worktree
    }

    private func worktreeCopy(of id: SpecID) async throws(Problem) -> WorktreeCopy {
        let copy: WorktreeCopy?
        do { copy = try await specs.worktreeCopy(of: id) } catch { throw Problem(error) }
        guard let copy else {
            throw Problem(.runNotFound, detail: "No run of \(id) has a worktree with a copy of it now.")
        }
        return copy
    }

    /// Answers `POST /specs`.
    func create(_ request: HTTPRequest, _ context: RequestContext) async throws(Problem) -> HTTPResponse {
        let view: SpecView
        if request.mediaType == Self.markdown {
            view = try await create(markdown: request.body)
        } else {
            let fields = try newSpec(request)
            do { view = try await specs.create(fields) } catch { throw Problem(error) }
        }
        return .created(SpecPayload.whole(view), location: NamedSpec.path(view.spec.id)).written(view)
    }

    private func create(markdown: [UInt8]) async throws(Problem) -> SpecView {
        guard !markdown.isEmpty else {
            throw .complaining(.invalidSpec, [ValueComplaint(pointer: "", detail: "is empty")])
        }
        do {
            return try await specs.create(markdown: markdown)
        } catch {
            throw Problem(error)
        }
    }

    private func newSpec(_ request: HTTPRequest) throws(Problem) -> NewSpec {
        guard [nil, "application/json", "application/x-www-form-urlencoded"].contains(request.mediaType) else {
            throw request.unsupportedMediaType(supported: ["application/json", Self.markdown])
        }
        var body = try request.jsonBody(
            keys: ["title", "body", "type", "labels", "depends_on", "target_files", "prompt", "needs_approval"]
        )
        let title = body.requiredString("title")
        if title?.contains(where: \.isNewline) == true {
            body.complain("title", "must be one line")
        } else if title?.unicodeScalars.contains(where: { $0.properties.generalCategory == .control }) == true {
            body.complain("title", "must be without control characters")
        }
        var fields = NewSpec(title: title ?? "", body: body.string("body"))
        if let kind = body.word("type", of: SpecKind.allCases) { fields.kind = kind }
        fields.labels = body.strings("labels") ?? []
        fields.dependsOn = body.strings("depends_on")
        fields.targetFiles = body.strings("target_files") ?? []
        fields.prompt = body.name("prompt")
        fields.needsApproval = body.bool("needs_approval") ?? false
        try body.check()
        return fields
    }
}

extension JSONBody {
    /// A string that may be missing, but not empty.
    mutating func name(_ key: String) -> String? {
        contains(key) ? requiredString(key) : nil
    }
}

extension SpecListing {
    /// The digest of the file's bytes; `nil` where they could not be read at all.
    fileprivate var revision: String? {
        switch self {
        case .readable(let view): view.spec.revision
        case .unreadable(let file): file.revision.isEmpty ? nil : file.revision
        }
    }
}
