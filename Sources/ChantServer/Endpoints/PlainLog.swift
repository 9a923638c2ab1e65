import ChantDomain

/// A log as bytes: the whole of it, or the range that was asked for.
struct PlainLog {
    let log: LogBytes
    /// The media type.
    let type: String
    /// Fields of the answer that do not depend on the log.
    let headers: Headers

    /// 200, 206, or 416 as a problem.
    func answer(to request: HTTPRequest) -> HTTPResponse {
        guard log.isFinal, let size = log.end else { return response(of: log) }
        var answer = HTTPResponse(status: 200)
        switch range(of: request, size: size) {
        case .whole: answer = response(of: log)
        case .part(let range):
            answer = response(of: log.part(range), status: 206)
            answer.headers["Content-Range"] = "bytes \(range.lowerBound)-\(range.upperBound - 1)/\(size)"
        case .unsatisfiable:
            let problem = Problem(
                .rangeNotSatisfiable,
                detail: "The log has \(size) bytes, and the range begins behind them.",
                members: ["size": JSONValue(size)],
                headers: ["Content-Range": "bytes */\(size)"]
            )
            return problem.response
        }
        answer.headers["Accept-Ranges"] = "bytes"
        answer.headers["ETag"] = tag
        return answer
    }

    private var tag: String { "\"\(log.name)\"" }

    /// A range is for `GET` alone, and with `If-Range` only of the very document that the client has a part of.
    private func range(of request: HTTPRequest, size: Int) -> ByteRange {
        guard request.method == "GET", (request.headers["If-Range"] ?? tag) == tag else { return .whole }
        return ByteRange(request.headers["Range"], size: size)
    }

    private func response(of log: LogBytes, status: Int = 200) -> HTTPResponse {
        var headers = headers
        headers["Content-Type"] = type == "text/plain" ? "text/plain; charset=utf-8" : type
        headers["Cache-Control"] = "no-store"
        headers["X-Accel-Buffering"] = "no"
        if let end = log.end { headers["Chant-Log-Offset"] = String(end) }
        let produce: @Sendable (any ResponseWriter) async throws -> Void = { writer in
            var reader = try log.reader()
            while let bytes = try await reader.next() { try await writer.write(bytes) }
        }
        // One that is followed has no end that is known.
        return HTTPResponse(status: status, headers: headers, body: log.end == nil ? .live(produce) : .stream(produce))
    }
}
