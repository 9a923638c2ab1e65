import ChantDomain

/// The runs: lists, one of them, stopping one.
struct RunEndpoints: Sendable {
    let specs: SpecService
    let runs: RunService

    init(_ domain: Domain) {
        specs = domain.specs
        runs = domain.runs
    }

    /// Answers `GET /runs`.
    func list(_ request: HTTPRequest, _ context: RequestContext) async throws(Problem) -> HTTPResponse {
        var query = try query(request)
        query.specID = try await filteredSpec(request)
        return .json(try await page(query))
    }

    /// Answers `GET /specs/{id}/runs`.
    func listOfSpec(_ request: HTTPRequest, _ context: RequestContext) async throws(Problem) -> HTTPResponse {
        let spec = try await NamedSpec.find(in: context, specs)
        var query = try query(request)
        query.specID = spec.id.text
        return .json(try await page(query), headers: spec.contentLocation("/runs"))
    }

    /// Answers `GET /runs/{run}`.
    func get(_ request: HTTPRequest, _ context: RequestContext) async throws(Problem) -> HTTPResponse {
        let id = try Self.runID(in: context)
        do {
            return .json(await json(try runs.run(id)))
        } catch {
            throw Problem(error)
        }
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

    private func page(_ query: RunQuery) async throws(Problem) -> JSONValue {
        do {
            let found = try runs.list(query)
            var items: [JSONValue] = []
            for run in found.items { items.append(await json(run)) }
            return .object(Page.json(items, total: found.total))
        } catch {
            throw Problem(error)
        }
    }

    private func json(_ run: Run) async -> JSONValue {
        RunPayload.json(run, waitingFor: run.state == .queued ? await runs.waiting(for: run) : [])
    }
}
