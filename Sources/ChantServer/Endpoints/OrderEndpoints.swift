import ChantDomain

/// The main job: starting work, on one spec or on several.
struct OrderEndpoints: Sendable {
    /// The names that the query of a list may hold.
    static let query = ["state", "sort", "limit", "cursor"]

    let specs: SpecService
    let runs: RunService

    init(_ domain: Domain) {
        specs = domain.specs
        runs = domain.runs
    }

    /// Answers `POST /specs/{id}/work`.
    func work(_ request: HTTPRequest, _ context: RequestContext) async throws(Problem) -> HTTPResponse {
        let spec = try await NamedSpec.find(in: context, specs)
        let body = try WorkBody(request)
        let awaiting = try Awaiting(request)
        let command = StartRun(spec: spec.id, options: body.options, mode: body.mode, order: body.order)
        let started: StartedWork
        do { started = try await runs.work(command) } catch { throw Problem(error) }
        return try await answer(started, awaiting, spec.contentLocation("/work"))
    }

    /// Answers `POST /specs/{id}/resume`.
    func resume(_ request: HTTPRequest, _ context: RequestContext) async throws(Problem) -> HTTPResponse {
        let spec = try await NamedSpec.find(in: context, specs)
        let options = try WorkBody.ofOneRun(request)
        let awaiting = try Awaiting(request)
        let run: Run
        do {
            run = try await runs.resume(ResumeRun(spec: spec.id, options: options))
        } catch {
            throw Problem(error)
        }
        return try await answer(.run(run), awaiting, spec.contentLocation("/resume"))
    }

    /// Answers `POST /work`.
    func workSeveral(_ request: HTTPRequest, _ context: RequestContext) async throws(Problem) -> HTTPResponse {
        let body = try WorkBody(request, several: true)
        let awaiting = try Awaiting(request)
        var named: [SpecID]?
        if let texts = body.specs {
            var ids: [SpecID] = []
            for (place, text) in texts.enumerated() {
                ids.append(try await NamedSpec.find(text, specs, at: "/specs/\(place)").id)
            }
            named = ids
        }
        let command = StartOrder(
            specs: named,
            labels: body.labels,
            options: body.options,
            mode: body.mode ?? .single,
            order: body.order
        )
        let order: Order
        do { order = try await runs.start(command) } catch { throw Problem(error) }
        return try await answer(.order(order), awaiting, Headers())
    }

    /// Answers `GET /work`.
    func list(_ request: HTTPRequest, _ context: RequestContext) async throws(Problem) -> HTTPResponse {
        let limit = try request.query.limit()
        var query = OrderQuery(isOpen: try isOpen(request), limit: limit + 1)
        query.isOldestFirst = try request.query.isOldestFirst()
        let list = Cursor.List("orders", "\(query.isOpen.map { "\($0)" } ?? "")\u{0}\(query.isOldestFirst)")
        query.after = try Cursor.id(in: request.query, of: list) { OrderID($0) }
        do {
            let found = try await runs.orders(query)
            let page = PageItems(found.items, limit: limit, list) { [$0.order.id.text] }
            return Page.answer(page.items.map(OrderPayload.json), total: found.total, next: page.next, request)
        } catch {
            throw Problem(error)
        }
    }

    /// Answers `GET /work/{order}`.
    func get(_ request: HTTPRequest, _ context: RequestContext) async throws(Problem) -> HTTPResponse {
        let awaiting = try Awaiting(request)
        let id = try Self.orderID(in: context)
        let order: OrderDetails
        do { order = try await runs.final(id, within: awaiting.limit) } catch { throw Problem(error) }
        return try awaiting.answer(order, OrderPayload.json(order), otherwise: 200)
    }

    /// Answers `POST /work/{order}/cancel`.
    func cancel(_ request: HTTPRequest, _ context: RequestContext) async throws(Problem) -> HTTPResponse {
        let id = try Self.orderID(in: context)
        var body = try request.jsonBody(keys: ["finish_running"])
        let finishRunning = body.bool("finish_running") ?? false
        try body.check()
        do {
            return .json(OrderPayload.json(try await runs.cancel(id, finishRunning: finishRunning)), status: 202)
        } catch {
            throw Problem(error)
        }
    }

    /// The answer to a request for work: the run or order, as it is queued, or as it ended where the caller waited.
    private func answer(
        _ started: StartedWork,
        _ awaiting: Awaiting,
        _ headers: Headers
    ) async throws(Problem) -> HTTPResponse {
        var headers = headers
        switch started {
        case .run(let queued):
            headers["Location"] = RunPayload.path(queued.id)
            var run = queued
            if awaiting.isWaiting {
                do { run = try await runs.final(queued.id, within: awaiting.limit) } catch { throw Problem(error) }
            }
            let json = RunPayload.json(run, waitingFor: await runs.waiting(for: run))
            return try awaiting.answer(run, json, otherwise: 202, headers: headers)
        case .order(let open):
            headers["Location"] = OrderPayload.path(open.id)
            let order: OrderDetails
            do { order = try await runs.final(open.id, within: awaiting.limit) } catch { throw Problem(error) }
            return try awaiting.answer(order, OrderPayload.json(order), otherwise: 202, headers: headers)
        }
    }

    private func isOpen(_ request: HTTPRequest) throws(Problem) -> Bool? {
        switch try request.query.single("state") {
        case nil: return nil
        case "open": return true
        case "settled": return false
        default: throw request.query.invalid("state", "must be one of: open, settled")
        }
    }

    /// `{order}` of the request's path; what is no order's id names no order.
    static func orderID(in context: RequestContext) throws(Problem) -> OrderID {
        let text = context.parameters["order"] ?? ""
        guard let id = OrderID(text) else { throw Problem(.orderNotFound, detail: "“\(text)” is no order's id.") }
        return id
    }
}
