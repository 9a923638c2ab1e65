import ChantTesting
import Testing

@testable import ChantServer

/// Holds the answers of a running service to what the contract says about their operations.
struct AnswerCheck {
    let contract: Contract

    init() throws {
        contract = try Contract.load()
    }

    /// Expects that `answer` is one that the operation may give: its status, its required headers, its media type, its
    /// body, and the name of its problem.
    func expect(_ answer: HTTPClient.Answer, _ name: String, status: Int, problem: String? = nil) throws {
        let operation = try contract.operation(name)
        let place: Comment = "\(name), \(answer.method) \(answer.target): \(answer.text.prefix(600))"
        #expect(answer.status == status, place)
        #expect(answer.problem == problem, place)
        let documented = operation.value["responses"]?[String(answer.status)]
        let response = try contract.followed(try #require(documented, place))
        for (header, value) in response["headers"]?.objectValue?.members ?? [] {
            guard try contract.followed(value)["required"] == true else { continue }
            #expect(answer.headers[header.lowercased()] != nil, "\(header): \(place)")
        }
        try expectBody(answer, response, place)
    }

    private func expectBody(_ answer: HTTPClient.Answer, _ response: JSONValue, _ place: Comment) throws {
        guard let types = response["content"]?.objectValue else {
            #expect(answer.body.isEmpty, place)
            return
        }
        let type = String((answer.headers["content-type"] ?? "").prefix { $0 != ";" })
        let content = try #require(types[type], place)
        if let problem = answer.problem { #expect(content["examples"]?[problem] != nil, place) }
        // Lines of JSON are looked at one by one, by who asked for them.
        guard type.hasSuffix("json"), !type.hasSuffix("ndjson") else { return }
        let schema = try #require(content["schema"], place)
        #expect(try SchemaCheck(contract).check(try JSONValue(parsing: answer.body), schema: schema) == [], place)
    }
}
