import ChantDomain

/// How long a caller waits for an ending, and which ending it expects: `Prefer: wait=<seconds>` and `?expect=`.
struct Awaiting: Sendable {
    /// Nobody waits longer for one answer.
    private static let longest = 600

    /// How many seconds the caller waits; `nil` where it did not ask to.
    let seconds: Int?
    /// Outcomes or reasons, one of which the ending must be; empty where any will do.
    let expected: [String]

    init(_ request: HTTPRequest) throws(Problem) {
        seconds = Self.wait(request.headers)
        expected = try Self.expected(request.query)
    }

    /// The header that says that waiting was done.
    var headers: Headers { seconds.map { ["Preference-Applied": "wait=\($0)"] } ?? Headers() }

    /// How long to wait.
    var limit: Duration { .seconds(seconds ?? 0) }

    /// Whether a request waits, and so has an answer of its own once the ending is there.
    var isWaiting: Bool { seconds != nil }

    /// The answer about a run: 200 once it is final, 202 while it is not, where the caller waits.
    func answer(_ run: Run, _ json: JSONValue, otherwise status: Int, headers more: Headers = Headers()) throws(Problem)
        -> HTTPResponse
    {
        let isFinal = run.state == .settled && run.nextRun == nil
        let endings = [run.outcome?.rawValue, run.reason?.rawValue].compactMap { $0 }
        if isFinal { try check(endings, "run", json) }
        return response(json, isFinal, otherwise: status, more)
    }

    /// The same about an order.
    func answer(
        _ order: OrderDetails,
        _ json: JSONValue,
        otherwise status: Int,
        headers more: Headers = Headers()
    ) throws(Problem) -> HTTPResponse {
        let isFinal = order.order.settledAt != nil
        let endings = [order.order.ended].compactMap { $0 } + (order.isCompleted ? ["completed"] : [])
        if isFinal { try check(endings, "order", json) }
        return response(json, isFinal, otherwise: status, more)
    }

    private func response(_ json: JSONValue, _ isFinal: Bool, otherwise status: Int, _ more: Headers) -> HTTPResponse {
        let fields = more.fields + headers.fields
        let headers = Headers(fields.map { ($0.name, $0.value) })
        return .json(json, status: isWaiting ? (isFinal ? 200 : 202) : status, headers: headers)
    }

    /// Refuses an ending that is none of those that the caller expects, with the whole object inside.
    func check(_ endings: [String], _ kind: String, _ json: JSONValue) throws(Problem) {
        guard !expected.isEmpty, !endings.contains(where: expected.contains) else { return }
        let what = endings.joined(separator: ", ")
        let wanted = expected.joined(separator: " or ")
        throw Problem(
            .unexpectedOutcome,
            detail: "The \(kind) ended as \(what), and \(wanted) was expected.",
            members: [kind: json],
            headers: headers
        )
    }

    /// `wait` of `Prefer` (RFC 7240): preferences that are unknown or cannot be read are passed over.
    private static func wait(_ headers: Headers) -> Int? {
        let words = headers.all("Prefer").flatMap { $0.split(separator: ",") }
        for word in words {
            let first = word.prefix { $0 != ";" }
            let parts = first.split(separator: "=", maxSplits: 1).map {
                $0.filter { $0 != " " && $0 != "\t" && $0 != "\"" }
            }
            guard parts.count == 2, parts[0].lowercased() == "wait", !parts[1].isEmpty,
                parts[1].allSatisfy({ ("0"..."9").contains($0) })
            else { continue }
            // More digits than a number has are a long time all the same.
            return min(Int(parts[1]) ?? longest, longest)
        }
        return nil
    }

    private static func expected(_ query: QueryItems) throws(Problem) -> [String] {
        guard let text = try query.single("expect") else { return [] }
        let known = Set(
            RunOutcome.allCases.map(\.rawValue) + RunReason.allCases.map(\.rawValue)
                + OrderEnding.allCases.map(\.rawValue)
        )
        let words = text.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        for word in words where !known.contains(word) {
            throw query.invalid("expect", "names no outcome and no reason: “\(word)”")
        }
        return words
    }
}
