import Foundation

/// What an agent is told about a spec's `output_schema` (§6.3 of the reference).
struct OutputFormat {
    private let schema: [String: Any]

    /// How many required fields are joined by others in the example.
    private static let optionalFields = 3
    /// An example is not nested deeper.
    private static let deepest = 6

    /// Reads a JSON schema; `nil` where it is no JSON object.
    init?(schema bytes: [UInt8]) {
        guard let schema = try? JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any] else { return nil }
        self.schema = schema
    }

    /// The section of the message: the schema, which fields must be there, and an example.
    var section: String {
        let required = Self.required(schema)
        let fields =
            required.isEmpty
            ? "" : "\n\nRequired fields: " + required.map { "`\($0)`" }.joined(separator: ", ") + "."
        return """
            ## Output Format

            Your last message must hold a JSON value, in a block marked `json`, that fits this schema:

            ```json
            \(Self.text(schema))
            ```\(fields)

            For example:

            ```json
            \(Self.text(Self.example(schema, depth: 0)))
            ```
            """
    }

    private static func required(_ schema: [String: Any]) -> [String] { schema["required"] as? [String] ?? [] }

    /// A value that fits: required fields and a few others, the first word of an enumeration.
    private static func example(_ schema: [String: Any], depth: Int) -> Any {
        if let first = (schema["enum"] as? [Any])?.first { return first }
        guard depth < deepest else { return NSNull() }
        switch type(of: schema) {
        case "object": return object(schema, depth)
        case "array": return [example(schema["items"] as? [String: Any] ?? [:], depth: depth + 1)]
        case "number", "integer": return 0
        case "boolean": return true
        case "null": return NSNull()
        default: return "..."
        }
    }

    private static func object(_ schema: [String: Any], _ depth: Int) -> [String: Any] {
        let properties = schema["properties"] as? [String: Any] ?? [:]
        let required = Set(required(schema))
        let others = properties.keys.filter { !required.contains($0) }.sorted().prefix(optionalFields)
        var object: [String: Any] = [:]
        for name in required.union(others) {
            object[name] = example(properties[name] as? [String: Any] ?? [:], depth: depth + 1)
        }
        return object
    }

    private static func type(of schema: [String: Any]) -> String {
        if let words = schema["type"] as? [String] { return words.first { $0 != "null" } ?? "null" }
        if let word = schema["type"] as? String { return word }
        return schema["properties"] == nil ? (schema["items"] == nil ? "string" : "array") : "object"
    }

    private static func text(_ value: Any) -> String {
        let options: JSONSerialization.WritingOptions = [
            .prettyPrinted, .sortedKeys, .withoutEscapingSlashes, .fragmentsAllowed,
        ]
        let data = try? JSONSerialization.data(withJSONObject: value, options: options)
        return data.map { String(decoding: $0, as: UTF8.self) } ?? ""
    }
}
