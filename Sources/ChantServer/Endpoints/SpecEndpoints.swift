import ChantDomain

/// The specs: what there is, one of them, a new one.
struct SpecEndpoints: Sendable {
    let specs: SpecService

    init(_ domain: Domain) {
        specs = domain.specs
    }

    /// Answers `GET /specs`.
    func list(_ request: HTTPRequest, _ context: RequestContext) async throws(Problem) -> HTTPResponse {
        let limit = try request.query.limit()
        do {
            let listed = try await specs.list(limit: limit)
            return .json(.object(Page.json(listed.items.map(SpecPayload.item), total: listed.total)))
        } catch {
            throw Problem(error)
        }
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
                return .bytes(
                    document.bytes,
                    type: "\(Self.markdown); charset=utf-8",
                    headers: spec.contentLocation()
                )
            }
            let listing = if let copy { copy.listing } else { try await specs.get(spec.id) }
            return .json(SpecPayload.whole(listing), headers: spec.contentLocation())
        } catch {
            throw Problem(error)
        }
    }

    private static let markdown = "text/markdown"
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
        return .created(SpecPayload.whole(view), location: NamedSpec.path(view.spec.id))
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
        if title?.contains(where: \.isNewline) == true { body.complain("title", "must be one line") }
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
