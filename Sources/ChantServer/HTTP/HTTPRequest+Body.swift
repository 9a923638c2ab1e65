extension HTTPRequest {
    /// The body as a JSON object with no keys but `keys`; an empty body is an empty object.
    ///
    /// - Throws: 415 by the contract's rule on content types, 400 `malformed-request` for what is no JSON, 422
    ///   `invalid-value` for what is no object, 422 `unknown-key` for other keys, each with the nearest known one.
    func jsonBody(keys: [String]) throws(Problem) -> JSONBody {
        try requireJSON()
        let object = try jsonObject()
        let unknown = object.keys.filter { !keys.contains($0) }
        guard unknown.isEmpty else {
            throw .unknownKey(
                unknown.map { NearestName.complaint($0, pointer: JSONBody.pointer($0), known: keys) }
            )
        }
        return JSONBody(object)
    }

    /// The body as a JSON object, whatever its type; an empty body is an empty object.
    ///
    /// - Throws: 400 `malformed-request` for what is no JSON, 422 `invalid-value` for what is no object.
    func jsonObject() throws(Problem) -> JSONObject {
        guard !body.isEmpty else { return JSONObject() }
        guard case .object(let object) = try parsedBody() else {
            throw .invalidValue([ValueComplaint(pointer: "", detail: "must be a JSON object")])
        }
        return object
    }

    /// The contract's rule on content types: JSON by name; without a type, or with curl's default form type, only where
    /// the request cannot come from a browser, because a foreign page can send those without asking first.
    func requireJSON() throws(Problem) {
        let fromBrowser = headers["Origin"] != nil || headers["Sec-Fetch-Site"] != nil
        switch mediaType {
        case "application/json": return
        case nil, "application/x-www-form-urlencoded":
            if !fromBrowser { return }
            throw unsupportedMediaType(supported: ["application/json"], "A browser must name the body's type. ")
        default: throw unsupportedMediaType(supported: ["application/json"])
        }
    }

    /// 415 with the types that the route reads, in a member and in the header that is made for it.
    func unsupportedMediaType(supported: [String], _ reason: String = "") -> Problem {
        let sent = headers["Content-Type"].map { "The body came as \($0)" } ?? "The body came without a content type"
        let detail = "\(reason)\(sent); this route reads \(supported.joined(separator: " and "))."
        let field = method == "PATCH" ? "Accept-Patch" : "Accept"
        return Problem(
            .unsupportedMediaType,
            detail: detail,
            members: ["supported": JSONValue(supported)],
            headers: [field: supported.joined(separator: ", ")]
        )
    }

    private func parsedBody() throws(Problem) -> JSONValue {
        do {
            return try JSONValue(parsing: body)
        } catch {
            let detail = "The body is no JSON: \(error.reason) (line \(error.line), column \(error.column))."
            throw Problem(
                .malformedRequest,
                detail: detail,
                members: ["line": JSONValue(error.line), "column": JSONValue(error.column)]
            )
        }
    }
}
