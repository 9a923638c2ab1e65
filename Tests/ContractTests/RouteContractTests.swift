import Testing

@testable import ChantServer

@Suite("Contract: routes")
struct RouteContractTests {
    let contract: Contract

    init() throws {
        contract = try Contract.load()
    }

    @Test("every route is in the document, and every operation of the document is a route")
    func bothWays() {
        let routes = Routes.rows.map { "\($0.method) \($0.template) \($0.name)" }
        let documented = contract.operations.map { "\($0.method) \($0.path) \($0.name)" }
        #expect(Set(routes) == Set(documented))
        #expect(routes.count == documented.count)
    }

    @Test("the query names of a route are those of its operation", arguments: Routes.rows.map(\.name))
    func queries(name: String) throws {
        let row = try #require(Routes.rows.first { $0.name == name })
        let operation = try contract.operation(name)
        #expect(Set(row.query) == Set(try contract.parameters(of: operation, in: "query")))
        #expect(row.query.count == Set(row.query).count)
    }

    @Test("the media types of a route are those of its operation's answers", arguments: Routes.rows.map(\.name))
    func forms(name: String) throws {
        let row = try #require(Routes.rows.first { $0.name == name })
        let responses = try contract.operation(name).value["responses"]?.objectValue?.members ?? []
        let types = try responses.filter { $0.key.hasPrefix("2") }
            .flatMap { try contract.followed($0.value)["content"]?.objectValue?.keys ?? [] }
        #expect(Set(row.produces) == Set(types))
    }

    @Test("the path names of a route are those of its operation", arguments: Routes.rows.map(\.name))
    func paths(name: String) throws {
        let row = try #require(Routes.rows.first { $0.name == name })
        let operation = try contract.operation(name)
        let names = row.template.matches(of: /\{(\w+)\}/).map { String($0.1) }
        #expect(names == (try contract.parameters(of: operation, in: "path")))
    }

    @Test("the binary carries the document byte for byte; else run scripts/embed-contract")
    func embedded() {
        let isSame = Array(ContractDocument.text.utf8) == contract.bytes
        #expect(isSame)
    }

    @Test("the document is of OpenAPI 3.1, and every reference in it leads somewhere")
    func references() throws {
        #expect(contract.root["openapi"] == "3.1.0")
        for reference in Self.references(in: contract.root) { _ = try contract.resolve(reference) }
    }

    @Test("every component but those of any request is used")
    func noOrphans() throws {
        let used = Set(Self.references(in: contract.root))
        let anywhere = [
            "RouteNotFound", "MethodNotAllowed", "NotImplemented", "ForeignOrigin", "RequestTimeout", "LengthRequired",
            "URITooLong", "ExpectationFailed", "UnknownHost", "HeadersTooLarge",
        ]
        for (kind, components) in contract.root["components"]?.objectValue?.members ?? [] {
            let names = components.objectValue?.keys ?? []
            let orphans = names.filter { !used.contains("#/components/\(kind)/\($0)") && !anywhere.contains($0) }
            #expect(orphans.isEmpty, "\(kind)")
        }
    }

    private static func references(in value: JSONValue) -> [String] {
        switch value {
        case .array(let elements): elements.flatMap(references)
        case .object(let object):
            object.members.flatMap { key, value in
                key == "$ref" ? [value.stringValue ?? ""] : references(in: value)
            }
        default: []
        }
    }
}
