/// A JSON schema, as a spec's `output_schema` names one (§6.3 of the reference).
///
/// It knows the keywords `type`, `required`, `properties`, `items` and `enum`; others are ignored.
struct OutputSchema: Sendable {
    private let root: JSONNode
    /// Complaints beyond so many say nothing new.
    private static let mostComplaints = 100

    /// Reads a schema; `nil` where the bytes are no JSON object.
    init?(_ bytes: [UInt8]) {
        guard let root = JSONReader.value(of: bytes[...]), case .record = root else { return nil }
        self.root = root
    }

    /// What about `value` does not fit; each complaint begins with the place, where that is not the whole.
    func complaints(about value: JSONNode) -> [String] {
        var found: [String] = []
        check(value, root, "", &found)
        return found
    }

    private func check(_ value: JSONNode, _ schema: JSONNode, _ path: String, _ found: inout [String]) {
        guard case .record(let keywords) = schema, found.count < Self.mostComplaints else { return }
        func complain(_ text: String) { found.append(path.isEmpty ? text : "\(path): \(text)") }
        let words = Self.words(keywords["type"])
        if !words.isEmpty, !words.contains(where: value.isOfType) {
            return complain("must be \(words.joined(separator: " or ")), not \(value.typeWord)")
        }
        if case .list(let allowed)? = keywords["enum"], !allowed.contains(value) {
            complain("is none of the values that are allowed")
        }
        switch value {
        case .record(let members):
            for name in Self.words(keywords["required"]) where members[name] == nil { complain("lacks `\(name)`") }
            guard case .record(let properties)? = keywords["properties"] else { return }
            for (name, member) in members.sorted(by: { $0.key < $1.key }) {
                if let property = properties[name] { check(member, property, path + "/" + Self.token(name), &found) }
            }
        case .list(let items):
            guard let schema = keywords["items"] else { return }
            for (index, item) in items.enumerated() { check(item, schema, "\(path)/\(index)", &found) }
        case .null, .flag, .number, .text: return
        }
    }

    /// One word, or several.
    private static func words(_ node: JSONNode?) -> [String] {
        switch node {
        case .text(let word): [word]
        case .list(let nodes):
            nodes.compactMap { node in
                if case .text(let word) = node { word } else { nil }
            }
        default: []
        }
    }

    /// A name as a part of a JSON pointer (RFC 6901).
    private static func token(_ name: String) -> String { name.replacing("~", with: "~0").replacing("/", with: "~1") }
}

extension JSONNode {
    fileprivate func isOfType(_ word: String) -> Bool {
        if word == "integer", case .number(let number) = self { return number.isInteger }
        return word == typeWord
    }

    fileprivate var typeWord: String {
        switch self {
        case .null: "null"
        case .flag: "boolean"
        case .number: "number"
        case .text: "string"
        case .list: "array"
        case .record: "object"
        }
    }
}
