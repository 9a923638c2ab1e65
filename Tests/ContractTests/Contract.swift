import Foundation
import Yams

@testable import ChantServer

/// `openapi.yaml`, read as a tree.
struct Contract: Sendable {
    let root: JSONValue
    let bytes: [UInt8]

    /// One operation of the document.
    struct Operation: Sendable {
        let method: String
        let path: String
        let name: String
        let value: JSONValue
        let shared: [JSONValue]
    }

    /// What is wrong with the document itself.
    struct Broken: Error, CustomStringConvertible {
        let description: String
    }

    private static let loaded = Result { try Contract() }

    /// The document, read once for all tests.
    static func load() throws -> Contract { try loaded.get() }

    /// Reads the file in the repository's root.
    private init() throws {
        let file = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "openapi.yaml")
        let data = try Data(contentsOf: file)
        bytes = Array(data)
        guard let node = try Yams.compose(yaml: String(decoding: data, as: UTF8.self)) else {
            throw Broken(description: "openapi.yaml is empty")
        }
        root = try Self.json(node)
    }

    /// The value that a reference names.
    func resolve(_ reference: String) throws -> JSONValue {
        guard reference.hasPrefix("#/") else { throw Broken(description: "\(reference) is not local") }
        var value = root
        for part in reference.dropFirst(2).split(separator: "/") {
            let key = part.replacing("~1", with: "/").replacing("~0", with: "~")
            guard let next = value[String(key)] else { throw Broken(description: "\(reference) leads nowhere") }
            value = next
        }
        return value
    }

    /// `value`, or what it refers to.
    func followed(_ value: JSONValue) throws -> JSONValue {
        guard let reference = value["$ref"]?.stringValue else { return value }
        return try followed(resolve(reference))
    }

    /// Every operation.
    var operations: [Operation] {
        let methods = ["get", "put", "post", "delete", "options", "head", "patch", "trace"]
        return (root["paths"]?.objectValue?.members ?? []).flatMap { path, item in
            (item.objectValue?.members ?? []).filter { methods.contains($0.key) }.map { method, value in
                Operation(
                    method: method.uppercased(),
                    path: path,
                    name: value["operationId"]?.stringValue ?? "",
                    value: value,
                    shared: item["parameters"]?.arrayValue ?? []
                )
            }
        }
    }

    /// The operation with this name.
    func operation(_ name: String) throws -> Operation {
        guard let operation = operations.first(where: { $0.name == name }) else {
            throw Broken(description: "there is no operation \(name)")
        }
        return operation
    }

    /// The words of an enumeration.
    func words(of schema: String) -> [String] {
        root["components"]?["schemas"]?[schema]?["enum"]?.arrayValue?.compactMap(\.stringValue) ?? []
    }

    /// The names of an operation's parameters in one place: `query`, `path`, `header`.
    func parameters(of operation: Operation, in place: String) throws -> [String] {
        let own = operation.value["parameters"]?.arrayValue ?? []
        return try (operation.shared + own).map(followed).filter { $0["in"]?.stringValue == place }
            .compactMap { $0["name"]?.stringValue }
    }

    /// The names of the problems that an operation shows, by the status of their answers.
    func problems(of operation: Operation) throws -> [String: Int] {
        var names: [String: Int] = [:]
        for (status, response) in operation.value["responses"]?.objectValue?.members ?? [] {
            for name in try problems(in: response) { names[name] = Int(status) ?? 0 }
        }
        return names
    }

    /// The names of the problems that a response shows.
    func problems(in response: JSONValue) throws -> [String] {
        try followed(response)["content"]?["application/problem+json"]?["examples"]?.objectValue?.keys ?? []
    }

    private static func json(_ node: Node) throws -> JSONValue {
        switch node {
        case .sequence(let sequence): return .array(try sequence.map(json))
        case .mapping(let mapping):
            var object = JSONObject()
            for (key, value) in mapping {
                guard let name = key.string else { throw Broken(description: "a key is no text: \(key)") }
                guard object[name] == nil else { throw Broken(description: "\(name) stands twice in one map") }
                object[name] = try json(value)
            }
            return .object(object)
        case .scalar(let scalar): return self.scalar(node, isPlain: scalar.style == .plain)
        case .alias: throw Broken(description: "openapi.yaml uses an alias, which many readers do not follow")
        }
    }

    /// YAML 1.2's core words: `no` and `on` are texts.
    private static func scalar(_ node: Node, isPlain: Bool) -> JSONValue {
        let text = node.string ?? ""
        guard isPlain else { return .string(text) }
        switch text {
        case "true": return true
        case "false": return false
        case "null", "~", "": return .null
        default: break
        }
        if let number = Int64(text) { return .int(number) }
        if let number = Double(text), text.first?.isNumber == true { return .double(number) }
        return .string(text)
    }
}
