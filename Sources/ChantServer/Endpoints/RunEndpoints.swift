import ChantDomain

/// The runs: lists, one of them, stopping one.
struct RunEndpoints: Sendable {
    /// The names that the query of a list may hold.
    static let query = ["order", "state", "outcome", "sort", "limit", "cursor"]

    let specs: SpecService
    let runs: RunService

    init(_ domain: Domain) {
        specs = domain.specs
        runs = domain.runs
    }

    /// Answers `GET /runs`.
    func list(_ request: HTTPRequest, _ context: RequestContext) async throws(Problem) -> HTTPResponse {
        try await page(request, of: try await filteredSpec(request))
    }

    /// Answers `GET /specs/{id}/runs`.
    func listOfSpec(_ request: HTTPRequest, _ context: RequestContext) async throws(Problem) -> HTTPResponse {
        let spec = try await NamedSpec.find(in: context, specs)
        return try await page(request, of: spec.id.text, headers: spec.contentLocation("/runs"))
    }

    /// Answers `GET /runs/{run}`.
    func get(_ request: HTTPRequest, _ context: RequestContext) async throws(Problem) -> HTTPResponse {
        let id = try Self.runID(in: context)
        let awaiting = try Awaiting(request)
        let run: Run
        do {
            run = try awaiting.isWaiting ? await runs.final(id, within: awaiting.limit) : runs.run(id)
        } catch {
            throw Problem(error)
        }
        return try awaiting.answer(run, await json(run), otherwise: 200)
    }

    /// Answers `POST /runs/{run}/cancel`.
    func cancel(_ request: HTTPRequest, _ context: RequestContext) async throws(Problem) -> HTTPResponse {
        let id = try Self.runID(in: context)
        _ = try request.jsonBody(keys: [])
        do {
            return .json(await json(try await runs.cancel(id)), status: 202)
        } catch {
            throw Problem(error)
        }
    }

    /// `{run}` of the request's path; what is no run's id names no run.
    static func runID(in context: RequestContext) throws(Problem) -> RunID {
        let text = context.parameters["run"] ?? ""
        guard let id = RunID(text) else { throw Problem(.runNotFound, detail: "“\(text)” is no run's id.") }
        return id
    }

    private func query(_ request: HTTPRequest) throws(Problem) -> RunQuery {
        let states = try request.query.words("state", of: RunState.self)
        let outcomes = try request.query.words("outcome", of: RunOutcome.self)
        return RunQuery(
            orderID: try orderID(request),
            states: states.isEmpty ? nil : Set(states),
            outcomes: outcomes.isEmpty ? nil : Set(outcomes),
            limit: try request.query.limit()
        )
    }

    private func orderID(_ request: HTTPRequest) throws(Problem) -> OrderID? {
        guard let text = try request.query.single("order") else { return nil }
        guard let id = OrderID(text) else { throw request.query.invalid("order", "is no order's id") }
        return id
    }

    /// The full id that `?spec=` means.
    ///
    /// Runs outlive their specs, so that an id that none has any more filters as it is.
    private func filteredSpec(_ request: HTTPRequest) async throws(Problem) -> String? {
        guard let text = try request.query.single("spec") else { return nil }
        do {
            return try await NamedSpec.find(text, specs).id.text
        } catch  where error.name == .specNotFound {
            return text
        }
    }

    /// A page of runs, of one spec where one is named.
    private func page(
        _ request: HTTPRequest,
        of spec: String?,
        headers: Headers = Headers()
    ) async throws(Problem) -> HTTPResponse {
        var query = try query(request)
        query.specID = spec
        query.isOldestFirst = try request.query.isOldestFirst()
        let list = Cursor.List("runs", Self.canonical(query))
        query.after = try Cursor.id(in: request.query, of: list) { RunID($0) }
        let limit = query.limit
        query.limit += 1
        do {
            let found = try runs.list(query)
            let page = PageItems(found.items, limit: limit, list) { [$0.id.text] }
            var items: [JSONValue] = []
            for run in page.items { items.append(await json(run)) }
            return Page.answer(items, total: found.total, next: page.next, request, headers: headers)
        } catch {
            throw Problem(error)
        }
    }

    /// The same for equal queries, and for them alone.
    private static func canonical(_ query: RunQuery) -> String {
        let parts: [String] = [
            query.specID ?? "",
            query.orderID?.text ?? "",
            (query.states ?? []).map(\.rawValue).sorted().joined(separator: ","),
            (query.outcomes ?? []).map(\.rawValue).sorted().joined(separator: ","),
            "\(query.isOldestFirst)",
        ]
        return parts.joined(separator: "\u{0}")
    }

    private func json(_ run: Run) async -> JSONValue {
        RunPayload.json(run, waitingFor: run.state == .queued ? await runs.waiting(for: run) : [])
    }
}
