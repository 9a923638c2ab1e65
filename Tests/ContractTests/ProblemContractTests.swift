import ChantDomain
import Testing

@testable import ChantServer

@Suite("Contract: problems")
struct ProblemContractTests {
    let contract: Contract

    init() throws {
        contract = try Contract.load()
    }

    @Test("every problem that a request can meet has an example, and every example is such a problem")
    func bothWays() {
        let names = ProblemName.allCases.filter { $0.status != nil }
        let documented = contract.root["components"]?["examples"]?.objectValue?.keys ?? []
        #expect(Set(names.map(\.rawValue)) == Set(documented))
    }

    @Test("every example is a valid problem document with its name's title and status")
    func examples() throws {
        let check = SchemaCheck(contract)
        for (key, example) in contract.root["components"]?["examples"]?.objectValue?.members ?? [] {
            let value = try #require(example["value"])
            #expect(try check.check(value, against: "Problem") == [], "\(key)")
            let name = try #require(ProblemName(rawValue: key))
            #expect(value["type"] == .string("/problems/\(key)"))
            #expect(value["title"] == .string(name.title))
            #expect(value["status"] == JSONValue(name.status))
        }
    }

    @Test("every problem of an operation stands under its own status")
    func statuses() throws {
        for operation in contract.operations {
            for (name, status) in try contract.problems(of: operation) {
                #expect(ProblemName(rawValue: name)?.status == status, "\(operation.name): \(name)")
            }
        }
    }

    @Test("every name is explained, for terminals and for browsers", arguments: ProblemName.allCases)
    func explained(name: ProblemName) {
        let page = ProblemPage(name)
        #expect(page.text.contains(name.rawValue))
        #expect(page.text.contains(name.explanation))
        #expect(page.html.contains("<h1>"))
        #expect(name.explanation.count > 40)
    }

    @Test("the reasons of runs are the words of the document, and each is the name of a problem")
    func reasons() throws {
        let words = RunReason.allCases.map(\.rawValue)
        #expect(words == contract.words(of: "RunReason"))
        for word in words { #expect(ProblemName(rawValue: word) != nil, "\(word)") }
        let unused = ProblemName.allCases.filter { $0.status == nil && !words.contains($0.rawValue) }
        #expect(unused.isEmpty)
    }

    @Test("whatever refuses a start is documented for it")
    func refusalsOfStart() throws {
        try expect(Samples.startErrors.map { Problem($0) }, documentedFor: "startWork")
    }

    @Test("whatever refuses a cancel, a stop, a log, a spec is documented for it")
    func otherRefusals() throws {
        try expect(Samples.cancelErrors.map { Problem($0) }, documentedFor: "cancelRun")
        try expect(Samples.stopErrors.map { Problem($0) }, documentedFor: "stopProcess")
        try expect(Samples.logErrors.map { Problem($0) }, documentedFor: "getSpecLog")
        try expect(Samples.findErrors.map { Problem($0) }, documentedFor: "getSpec")
        try expect(Samples.promptErrors.map { Problem($0) }, documentedFor: "getSpecPrompt")
        try expect(Samples.createErrors.map { Problem($0) }, documentedFor: "createSpec")
        try expect(Samples.replaceErrors.map { Problem($0) }, documentedFor: "replaceSpec")
        try expect(Samples.patchErrors.map { Problem($0) }, documentedFor: "patchSpec")
        try expect(Samples.deleteErrors.map { Problem($0) }, documentedFor: "deleteSpec")
        try expect(Samples.approvalErrors.map { Problem($0) }, documentedFor: "approveSpec")
        try expect(Samples.approvalErrors.map { Problem($0) }, documentedFor: "rejectSpec")
        for name in ["listMembers", "listDependencies"] {
            try expect(Samples.findErrors.map { Problem($0) }, documentedFor: name)
        }
    }

    private func expect(_ problems: [Problem], documentedFor name: String) throws {
        let check = SchemaCheck(contract)
        let operation = try contract.operation(name)
        let documented = try contract.problems(of: operation)
        for problem in problems {
            #expect(documented[problem.name.rawValue] == problem.status, "\(name): \(problem.name)")
            var problem = problem
            problem.instance = "/here"
            #expect(try check.check(problem.json, against: "Problem") == [], "\(problem.name)")
        }
    }
}
