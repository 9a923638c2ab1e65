import ChantDomain
import Foundation

/// What agents print: as bytes, or as server-sent events.
struct LogEndpoints: Sendable {
    /// The query names of both routes.
    static let query = ["view", "ansi", "tail", "offset", "since", "follow", "after"]

    /// The forms of a log: of its views, and as a stream.
    static let forms = ["text/plain", "application/octet-stream", "application/x-ndjson", EventStream.type]

    let specs: SpecService
    let logs: LogService

    init(_ domain: Domain) {
        specs = domain.specs
        logs = domain.logs
    }

    /// Answers `GET /specs/{id}/log`.
    func ofSpec(_ request: HTTPRequest, _ context: RequestContext) async throws(Problem) -> HTTPResponse {
        let spec = try await NamedSpec.find(in: context, specs)
        let run = try request.query.single("run")
        guard run == nil || run == "all" else { throw request.query.invalid("run", "must be one of: all") }
        let subject = run == "all" ? LogRequest.Subject.allRuns(spec.id) : .spec(spec.id)
        return try answer(request, subject, spec.contentLocation("/log"))
    }

    /// Answers `GET /runs/{run}/log`.
    func ofRun(_ request: HTTPRequest, _ context: RequestContext) async throws(Problem) -> HTTPResponse {
        try answer(request, .run(try RunEndpoints.runID(in: context)), Headers())
    }

    private func answer(
        _ request: HTTPRequest,
        _ subject: LogRequest.Subject,
        _ headers: Headers
    ) throws(Problem) -> HTTPResponse {
        let view = try request.query.word("view", of: LogView.self) ?? .text
        let plain = Self.plainType(view)
        let isStream = try AcceptedTypes(request).best(of: [plain, EventStream.type]) == EventStream.type
        let wanted = LogRequest(
            subject,
            view: view,
            keepsEscapes: try request.query.word("ansi", of: Escapes.self) == .keep,
            start: try start(request, isStream: isStream),
            follows: try request.query.flag("follow") ?? isStream
        )
        do {
            if isStream { return EventStream.response(try logs.stream(wanted), headers: headers) }
            let log = try logs.bytes(wanted)
            return PlainLog(log: log, type: plain, headers: headers).answer(to: request)
        } catch {
            if case .finished = error { return .noContent }
            throw Problem(error)
        }
    }

    private static func plainType(_ view: LogView) -> String {
        switch view {
        case .text: "text/plain"
        case .raw: "application/octet-stream"
        case .events: "application/x-ndjson"
        }
    }

    private enum Escapes: String, CaseIterable {
        case keep
    }

    // MARK: - Where to begin

    /// `Last-Event-ID`, which only streams have, wins over `?after=`, that over the others.
    private func start(_ request: HTTPRequest, isStream: Bool) throws(Problem) -> LogRequest.Start {
        let chosen = try chosenStart(request)
        let after = try request.query.single("after")
        guard let text = (isStream ? request.headers["Last-Event-ID"] : nil) ?? after, !text.isEmpty else {
            return chosen
        }
        guard let position = LogPosition(text) else {
            throw Problem(.badEventID, detail: "“\(text)” is no id that a log's stream gives.")
        }
        return .after(position)
    }

    private func chosenStart(_ request: HTTPRequest) throws(Problem) -> LogRequest.Start {
        let query = request.query
        let given = ["tail", "offset", "since"].filter(query.contains)
        guard given.count <= 1 else { throw query.invalid(given[1], "cannot stand together with \(given[0])") }
        if let lines = try query.integer("tail", in: 0...Int.max) { return .tail(lines) }
        if let offset = try query.integer("offset", in: 0...Int.max) { return .offset(offset) }
        return try query.moment("since").map(LogRequest.Start.since) ?? .beginning
    }
}
