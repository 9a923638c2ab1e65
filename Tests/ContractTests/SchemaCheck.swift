import Foundation

@testable import ChantServer

/// Holds JSON values to the schemas of the contract, and remembers which of their properties it has seen.
///
/// It knows the keywords that the contract uses, and complains about any other, so that none is silently not checked.
final class SchemaCheck {
    let contract: Contract
    /// Pointers to the properties that some value had: `SpecFields.title`.
    private(set) var seen: Set<String> = []
    private var complaints: [String] = []

    init(_ contract: Contract) {
        self.contract = contract
    }

    /// What is wrong with `value`; empty when it fits.
    func check(_ value: JSONValue, against name: String) throws -> [String] {
        try check(value, schema: ["$ref": .string("#/components/schemas/\(name)")])
    }

    /// What is wrong with `value`, held to a schema that stands by itself.
    func check(_ value: JSONValue, schema: JSONValue) throws -> [String] {
        complaints = []
        try visit(value, schema, at: "", owner: "")
        return complaints
    }

    // MARK: - Keywords

    private static let silent: Set<String> = [
        "description", "title", "examples", "default", "format", "x-data", "x-line", "summary",
    ]

    private func visit(_ value: JSONValue, _ schema: JSONValue, at place: String, owner: String) throws {
        guard let keywords = schema.objectValue else { throw Contract.Broken(description: "\(owner): no schema") }
        for (keyword, operand) in keywords.members where !Self.silent.contains(keyword) {
            switch keyword {
            case "$ref":
                let reference = operand.stringValue ?? ""
                let name = String(reference.split(separator: "/").last ?? "")
                try visit(value, contract.resolve(reference), at: place, owner: name)
            case "type": checkType(value, operand, place)
            case "const": expect(value == operand, "\(place) is \(value.text), not \(operand.text)")
            case "enum":
                expect(
                    operand.arrayValue?.contains(value) == true,
                    "\(place): \(value.text) is none of \(operand.text)"
                )
            case "allOf":
                for part in operand.arrayValue ?? [] { try visit(value, part, at: place, owner: owner) }
            case "oneOf": try checkOneOf(value, operand.arrayValue ?? [], place, owner)
            case "required", "properties", "additionalProperties", "unevaluatedProperties": continue
            case "items":
                for (index, element) in (value.arrayValue ?? []).enumerated() {
                    try visit(element, operand, at: "\(place)/\(index)", owner: owner)
                }
            default: try checkScalar(value, keyword, operand, place)
            }
        }
        if let object = value.objectValue { try checkObject(object, schema, place, owner) }
        if schema["format"] == "date-time", let text = value.stringValue {
            let isTime = text.wholeMatch(of: /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{3})?Z/) != nil
            expect(isTime, "\(place): \(text) is no time in UTC")
        }
    }

    private func checkType(_ value: JSONValue, _ operand: JSONValue, _ place: String) {
        let allowed = operand.arrayValue?.compactMap(\.stringValue) ?? [operand.stringValue ?? ""]
        let types: [String] =
            switch value {
            case .null: ["null"]
            case .bool: ["boolean"]
            case .int: ["integer", "number"]
            case .double: ["number"]
            case .string: ["string"]
            case .array: ["array"]
            case .object: ["object"]
            }
        expect(types.contains(where: allowed.contains), "\(place): \(value.text) is no \(allowed)")
    }

    private func checkOneOf(_ value: JSONValue, _ parts: [JSONValue], _ place: String, _ owner: String) throws {
        var failures: [[String]] = []
        var fitting = 0
        let before = (complaints, seen)
        var afterwards = seen
        for part in parts {
            (complaints, seen) = ([], before.1)
            try visit(value, part, at: place, owner: owner)
            if complaints.isEmpty {
                fitting += 1
                afterwards = seen
            } else {
                failures.append(complaints)
            }
        }
        (complaints, seen) = (before.0, afterwards)
        let why = failures.min { $0.count < $1.count }?.joined(separator: "; ") ?? ""
        expect(fitting == 1, "\(place) fits \(fitting) of \(parts.count) forms: \(why)")
    }

    private func checkScalar(_ value: JSONValue, _ keyword: String, _ operand: JSONValue, _ place: String) throws {
        let limit = Double(operand.intValue ?? 0)
        let number = value.intValue.map(Double.init)
        let length = value.stringValue.map { Double($0.unicodeScalars.count) }
        switch keyword {
        case "minimum": expect(number.map { $0 >= limit } ?? true, "\(place): \(value.text) is under \(limit)")
        case "maximum": expect(number.map { $0 <= limit } ?? true, "\(place): \(value.text) is over \(limit)")
        case "minLength": expect(length.map { $0 >= limit } ?? true, "\(place): \(value.text) is too short")
        case "maxLength": expect(length.map { $0 <= limit } ?? true, "\(place): \(value.text) is too long")
        case "minItems":
            expect(value.arrayValue.map { Double($0.count) >= limit } ?? true, "\(place) has too few items")
        case "maxItems":
            expect(value.arrayValue.map { Double($0.count) <= limit } ?? true, "\(place) has too many items")
        case "pattern":
            guard let text = value.stringValue, let pattern = operand.stringValue else { return }
            expect(try text.contains(Regex(pattern)), "\(place): \(text) is not like \(pattern)")
        default: throw Contract.Broken(description: "the test does not know the keyword \(keyword) at \(place)")
        }
    }

    // MARK: - Objects

    private func checkObject(_ object: JSONObject, _ schema: JSONValue, _ place: String, _ owner: String) throws {
        for name in schema["required"]?.arrayValue?.compactMap(\.stringValue) ?? [] {
            expect(object[name] != nil, "\(place)/\(name) is missing")
        }
        let properties = schema["properties"]?.objectValue ?? [:]
        for (key, value) in object.members {
            guard let property = properties[key] else { continue }
            seen.insert("\(owner).\(key)")
            try visit(value, property, at: "\(place)/\(key)", owner: "\(owner).\(key)")
        }
        if schema["additionalProperties"] == false {
            let others = object.keys.filter { properties[$0] == nil }
            expect(others.isEmpty, "\(place) has \(others), which \(owner) does not know")
        }
        if schema["unevaluatedProperties"] == false {
            let known = try Set(names(of: schema))
            let others = object.keys.filter { !known.contains($0) }
            expect(others.isEmpty, "\(place) has \(others), which \(owner) does not know")
        }
    }

    private func names(of schema: JSONValue) throws -> [String] {
        let schema = try contract.followed(schema)
        let inherited = try (schema["allOf"]?.arrayValue ?? []).flatMap(names)
        return inherited + (schema["properties"]?.objectValue?.keys ?? [])
    }

    /// Every property that the named schemas, and what they refer to, can have.
    func properties(of names: [String]) throws -> Set<String> {
        var found: Set<String> = []
        var visited: Set<String> = []
        for name in names {
            try collect(["$ref": .string("#/components/schemas/\(name)")], owner: name, &found, &visited)
        }
        return found
    }

    private func collect(
        _ schema: JSONValue,
        owner: String,
        _ found: inout Set<String>,
        _ visited: inout Set<String>
    ) throws {
        if let reference = schema["$ref"]?.stringValue {
            let name = String(reference.split(separator: "/").last ?? "")
            guard visited.insert(name).inserted else { return }
            return try collect(contract.resolve(reference), owner: name, &found, &visited)
        }
        for (key, property) in schema["properties"]?.objectValue?.members ?? [] {
            found.insert("\(owner).\(key)")
            try collect(property, owner: "\(owner).\(key)", &found, &visited)
        }
        for keyword in ["oneOf", "allOf"] {
            for part in schema[keyword]?.arrayValue ?? [] { try collect(part, owner: owner, &found, &visited) }
        }
        if let items = schema["items"] { try collect(items, owner: owner, &found, &visited) }
    }

    private func expect(_ condition: Bool, _ complaint: @autoclosure () -> String) {
        if !condition { complaints.append(complaint()) }
    }
}
