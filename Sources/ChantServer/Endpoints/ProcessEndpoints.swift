import ChantDomain
import Foundation

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
        let list = Cursor.List("processes", "")
        let place = try ProcessPlace(try Cursor.place(in: request.query, of: list))
        do {
            let all = try await status.processes().sorted { ProcessPlace($0) < ProcessPlace($1) }
            let rest = place.map { place in all.filter { place < ProcessPlace($0) } } ?? all
            let page = PageItems(rest, limit: limit, list) { ProcessPlace($0).words }
            return .json(
                ProcessPayload.list(page.items, of: all, next: page.next),
                headers: Page.link(page.next, request)
            )
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

/// A place in the list of processes, whose order is that of their starts.
private struct ProcessPlace: Comparable {
    let milliseconds: Int
    let pid: Int32

    init(_ process: ProcessView) {
        milliseconds = Int((process.startedAt.timeIntervalSince1970 * 1000).rounded(.down))
        pid = process.pid
    }

    init?(_ words: [String]?) throws(Problem) {
        guard let words else { return nil }
        guard words.count == 2, let milliseconds = Int(words[0]), let pid = Int32(words[1]) else {
            throw Cursor.unknown
        }
        self.milliseconds = milliseconds
        self.pid = pid
    }

    var words: [String] { [String(milliseconds), String(pid)] }

    static func < (left: ProcessPlace, right: ProcessPlace) -> Bool {
        (left.milliseconds, left.pid) < (right.milliseconds, right.pid)
    }
}
