/// A refusal or failure as RFC 9457 has it: what happened, in words for people and members for programs.
package struct Problem: Error, Sendable, Equatable {
    var name: ProblemName
    /// The HTTP status; a reason that only stands in a run has none, and is 409 if it is ever answered.
    var status: Int
    var detail: String
    /// The path of the request that met it.
    var instance: String?
    /// Further members; none of RFC 9457's own names.
    var members: JSONObject
    /// Header fields that belong to the answer: `Allow`, `Retry-After`.
    var headers: Headers

    init(
        _ name: ProblemName,
        detail: String,
        members: JSONObject = JSONObject(),
        headers: Headers = Headers()
    ) {
        self.name = name
        self.status = name.status ?? 409
        self.detail = detail
        self.members = members
        self.headers = headers
    }

    /// The document; `status` is left out for a reason that has none.
    var json: JSONValue {
        var document: JSONObject = [
            "type": .string("/problems/\(name.rawValue)"),
            "title": .string(name.title),
        ]
        if name.status != nil { document["status"] = .int(Int64(status)) }
        document["detail"] = .string(detail)
        if let instance { document["instance"] = .string(instance) }
        document.merge(members)
        return .object(document)
    }

    /// The answer.
    var response: HTTPResponse {
        .bytes(json.bytes, type: "application/problem+json", status: status, headers: headers)
    }
}

/// One thing that is wrong with what was sent, and where: a JSON pointer into the body, or `?name` for a query.
struct ValueComplaint: Sendable, Equatable {
    var pointer: String
    var detail: String

    var json: JSONValue { ["pointer": .string(pointer), "detail": .string(detail)] }
}

extension Problem {
    /// 422 for values that cannot be used, all of them at once.
    static func invalidValue(_ complaints: [ValueComplaint]) -> Problem {
        complaining(.invalidValue, complaints)
    }

    /// 422 for names that do not exist, all of them at once.
    static func unknownKey(_ complaints: [ValueComplaint]) -> Problem {
        complaining(.unknownKey, complaints)
    }

    /// A problem with `errors[{pointer, detail}]`; its detail tells the first of them.
    ///
    /// A complaint without a pointer is about `whole`.
    static func complaining(
        _ name: ProblemName,
        _ complaints: [ValueComplaint],
        about whole: String = "The body"
    ) -> Problem {
        let first = complaints.first.map { complaint in
            let sentence = "\(complaint.pointer.isEmpty ? whole : complaint.pointer) \(complaint.detail)"
            return sentence.hasSuffix("?") ? sentence : sentence + "."
        }
        let more = complaints.count > 1 ? " And \(complaints.count - 1) more, see errors." : ""
        return Problem(name, detail: (first ?? "") + more, members: ["errors": .array(complaints.map(\.json))])
    }
}
