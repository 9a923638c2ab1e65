import ChantDomain

/// The agents' processes: what lives, stopping one.
struct ProcessEndpoints: Sendable {
    let status: StatusService
    let runs: RunService

    init(_ domain: Domain) {
        status = domain.status
        runs = domain.runs
    }

    /// Answers `GET /processes`.
    func list(_ request: HTTPRequest, _ context: RequestContext) async throws(Problem) -> HTTPResponse {
        let limit = try request.query.limit()
        do {
            return .json(ProcessPayload.list(try await status.processes(), limit: limit))
        } catch {
            throw Problem(error)
        }
    }

    /// Answers `POST /processes/{pid}/stop`.
    func stop(_ request: HTTPRequest, _ context: RequestContext) async throws(Problem) -> HTTPResponse {
        let text = context.parameters["pid"] ?? ""
        guard let pid = Int32(text), pid > 0 else {
            throw Problem(.processNotFound, detail: "“\(text)” is no process's id.")
        }
        let expected = try expectedRun(request)
        do {
            let run = try await status.stopProcess(pid: pid, expecting: expected)
            return .accepted(
                RunPayload.json(run, waitingFor: await runs.waiting(for: run)),
                location: RunPayload.path(run.id)
            )
        } catch {
            throw Problem(error)
        }
    }

    private func expectedRun(_ request: HTTPRequest) throws(Problem) -> RunID? {
        var body = try request.jsonBody(keys: ["run_id"])
        let text = body.string("run_id")
        let id = text.flatMap { RunID($0) }
        if text != nil, id == nil { body.complain("run_id", "is no run's id") }
        try body.check()
        return id
    }
}
