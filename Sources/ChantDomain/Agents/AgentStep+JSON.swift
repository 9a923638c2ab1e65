extension AgentStep {
    /// The line of view `events`, without its line break.
    ///
    /// - Parameter offset: where the line that says it begins in the raw output.
    /// - Returns: a JSON object.
    func json(at offset: Int) -> String {
        var members = [("offset", "\(offset)"), ("kind", Self.quoted(kind))]
        switch self {
        case .text(let text): members.append(("text", Self.quoted(text)))
        case .toolUse(let name, let input): members += [("name", Self.quoted(name)), ("input", input)]
        case .toolResult(let isError, let bytes): members += [("is_error", "\(isError)"), ("bytes", "\(bytes)")]
        case .retry(let attempt, let delay, let status):
            members += [
                ("attempt", Self.number(attempt)), ("delay_ms", Self.number(delay)), ("status", Self.number(status)),
            ]
        case .usage(let usage):
            members += [
                ("input_tokens", Self.number(usage.inputTokens)), ("output_tokens", Self.number(usage.outputTokens)),
                ("cost_usd", Self.number(usage.costUSD)),
            ]
        case .result(let isError, let text): members += [("is_error", "\(isError)"), ("text", Self.quoted(text))]
        case .unknown(let type): members.append(("raw_type", type.map(Self.quoted) ?? "null"))
        }
        return "{" + members.map { "\"\($0)\":\($1)" }.joined(separator: ",") + "}"
    }

    private var kind: String {
        switch self {
        case .text: "text"
        case .toolUse: "tool_use"
        case .toolResult: "tool_result"
        case .retry: "retry"
        case .usage: "usage"
        case .result: "result"
        case .unknown: "unknown"
        }
    }

    private static func number(_ value: (some CustomStringConvertible)?) -> String { value?.description ?? "null" }

    private static func quoted(_ text: String) -> String {
        var quoted = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": quoted += "\\\""
            case "\\": quoted += "\\\\"
            case "\n": quoted += "\\n"
            case "\t": quoted += "\\t"
            case _ where scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value): quoted += escape(scalar)
            default: quoted.unicodeScalars.append(scalar)
            }
        }
        return quoted + "\""
    }

    /// JSON in which no control character stands as itself, so that nobody has to clean it.
    static func escaped(json: String) -> String {
        guard json.unicodeScalars.contains(where: { (0x7F...0x9F).contains($0.value) }) else { return json }
        return json.unicodeScalars.map { (0x7F...0x9F).contains($0.value) ? escape($0) : String($0) }.joined()
    }

    private static func escape(_ scalar: Unicode.Scalar) -> String {
        let hex = String(scalar.value, radix: 16)
        return "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
    }
}
