import Testing

@testable import ChantServer

@Suite("Contract: examples")
struct ExampleContractTests {
    let contract: Contract

    init() throws {
        contract = try Contract.load()
    }

    /// A body in the document: of a request or of an answer, in one media type.
    private struct Body {
        let place: String
        let schema: JSONValue
        /// Its own examples, then those of its schema.
        let examples: [JSONValue]
    }

    @Test("every body that an operation takes or gives has an example")
    func everyBody() throws {
        for body in try bodies() { #expect(!body.examples.isEmpty, "\(body.place)") }
    }

    @Test("every example of a body fits the body's schema")
    func bodiesFit() throws {
        let check = SchemaCheck(contract)
        for body in try bodies() {
            for example in body.examples {
                #expect(try check.check(example, schema: body.schema) == [], "\(body.place)")
            }
        }
    }

    @Test("every line of an example fits what its lines are")
    func linesFit() throws {
        let check = SchemaCheck(contract)
        var count = 0
        for body in try bodies() {
            guard let schema = body.schema["x-line"] else { continue }
            for line in body.examples.flatMap({ ($0.stringValue ?? "").split(separator: "\n") }) {
                #expect(try check.check(JSONValue(parsing: Array(line.utf8)), schema: schema) == [], "\(body.place)")
                count += 1
            }
        }
        #expect(count > 0)
    }

    @Test("every example of a schema fits the schema")
    func schemasFit() throws {
        let check = SchemaCheck(contract)
        for (name, schema) in contract.root["components"]?["schemas"]?.objectValue?.members ?? [] {
            for example in schema["examples"]?.arrayValue ?? [] {
                #expect(try check.check(example, against: name) == [], "\(name)")
            }
        }
    }

    private func bodies() throws -> [Body] {
        try contract.operations.flatMap { operation in
            let request = try operation.value["requestBody"].map(contract.followed)
            var found = try bodies(in: request, "\(operation.name), request")
            for (status, answer) in operation.value["responses"]?.objectValue?.members ?? [] {
                found += try bodies(in: contract.followed(answer), "\(operation.name), \(status)")
            }
            return found
        }
    }

    private func bodies(in carrier: JSONValue?, _ place: String) throws -> [Body] {
        try (carrier?["content"]?.objectValue?.members ?? []).map { type, media in
            let schema = media["schema"] ?? [:]
            let own = try (media["examples"]?.objectValue?.members ?? []).compactMap { example in
                try contract.followed(example.value)["value"]
            }
            return Body(place: "\(place), \(type)", schema: schema, examples: own + (try examples(of: schema)))
        }
    }

    /// The examples of a schema, or of the forms that it has.
    private func examples(of schema: JSONValue) throws -> [JSONValue] {
        let schema = try contract.followed(schema)
        if let examples = schema["examples"]?.arrayValue { return examples }
        return try (schema["oneOf"]?.arrayValue ?? []).flatMap(examples)
    }
}
