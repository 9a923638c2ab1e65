import Foundation
import Testing

@testable import ChantDomain
@testable import ChantServer

@Suite("Contract: payloads")
struct PayloadContractTests {
    let contract: Contract
    let check: SchemaCheck

    init() throws {
        contract = try Contract.load()
        check = SchemaCheck(contract)
    }

    @Test("runs fit their schema, and fill all of it")
    func runs() throws {
        try fits(RunPayload.json(Samples.queuedRun, waitingFor: [.worker, .agent("main"), .repository]), "Run")
        try fits(RunPayload.json(Samples.settledRun, waitingFor: []), "Run")
        let list = Page.json([RunPayload.json(Samples.settledRun, waitingFor: [])], total: 7)
        try fits(.object(list), "RunList")
        try fills(["Run", "RunList"])
    }

    @Test("orders fit their schema, and fill all of it")
    func orders() throws {
        for order in [Samples.openOrder, Samples.settledOrder] { try fits(OrderPayload.json(order), "Order") }
        let next = Cursor(Cursor.List("orders", ""), ["o"])
        try fits(.object(Page.json([OrderPayload.json(Samples.settledOrder)], total: 7, next: next)), "OrderList")
        try fits(.object(Page.json([OrderPayload.json(Samples.openOrder)], total: 1)), "OrderList")
        try fills(["Order", "OrderList"])
    }

    @Test("the evidence of a run stands in its problem, and never over the document's own names")
    func evidence() {
        let problem = RunPayload.json(Samples.settledRun, waitingFor: [])["problem"]
        #expect(problem?["type"] == "/problems/merge-conflict")
        #expect(problem?["detail"] == "It conflicts.")
        #expect(problem?["files"] == ["a"])
        #expect(problem?["spec_status"] == "completed")
        #expect(problem?["status"] == nil)
        #expect(problem?["instance"] == .string("/runs/\(Samples.run)"))
    }

    @Test("specs fit their schemas, and fill all of them")
    func specs() throws {
        for view in [try Samples.fullSpec(), try Samples.plainSpec()] {
            try fits(SpecPayload.whole(view), "Spec")
            try fits(SpecPayload.item(.readable(view)), "SpecItem")
        }
        let unreadable = [
            UnreadableSpec(id: "a\nb", path: "p", revision: "0123456789abcdef", detail: "d", line: 3),
            UnreadableSpec(id: "c", path: "p", revision: "", detail: "d", line: nil),
        ]
        for file in unreadable { try fits(SpecPayload.whole(.unreadable(file)), "UnreadableSpec") }
        let items = [SpecListing.readable(try Samples.fullSpec()), .unreadable(unreadable[0])].map(SpecPayload.item)
        let next = Cursor(Cursor.List("specs", ""), ["after", "a", "b"])
        try fits(.object(Page.json(items, total: 2, next: next)), "SpecList")
        try fits(.object(Page.json(items, total: 2)), "SpecList")
        try fills(["Spec", "SpecItem", "UnreadableSpec", "SpecList"])
    }

    @Test("items of lists that are written by hand are those that are built")
    func writtenItems() throws {
        let listings: [SpecListing] = [
            .readable(try Samples.fullSpec()), .readable(try Samples.plainSpec()),
            .unreadable(UnreadableSpec(id: "a\nb\u{1}\"", path: "p\\", revision: "0123", detail: "d\té", line: 3)),
            .unreadable(UnreadableSpec(id: "c", path: "p", revision: "", detail: "d", line: nil)),
        ]
        for listing in listings {
            var json = JSONWriter()
            SpecItemWriter.write(listing, to: &json)
            #expect(try JSONValue(parsing: json.bytes) == SpecPayload.item(listing))
        }
    }

    @Test("R5, R38: the header is shown as written, beside its typed reading")
    func header() throws {
        let json = SpecPayload.whole(try Samples.fullSpec())
        #expect(json["type"] == "documentation")
        #expect(json["frontmatter"]?["type"] == "docs")
        #expect(json["extra"]?["team"] == ["core", ["lead": "ann"]])
        #expect(json["commits"] == ["812e667", "1e83309"])
    }

    @Test("messages for agents fit their schema, and fill all of it")
    func prompts() throws {
        for source in Prompt.Source.allCases {
            let preview = PromptPreview(
                spec: Samples.spec,
                prompt: "careful",
                source: source.rawValue,
                parents: ["standard"],
                extensions: ["rules"],
                message: "Do it.\n"
            )
            try fits(PromptPayload.json(preview), "PromptMessage")
        }
        try fills(["PromptMessage"])
    }

    @Test("processes fit their schema, and fill all of it")
    func processes() throws {
        try fits(ProcessPayload.list(Samples.processes, of: Samples.processes), "ProcessList")
        try fits(ProcessPayload.list(Array(Samples.processes.prefix(1)), of: Samples.processes), "ProcessList")
        try fits(ProcessPayload.list([], of: []), "ProcessList")
        try fills(["ProcessList"])
    }

    @Test("a limit shortens the list of processes, and neither its total nor its summary")
    func limitedProcesses() {
        let list = ProcessPayload.list(Array(Samples.processes.prefix(1)), of: Samples.processes)
        #expect(list["items"]?.arrayValue?.count == 1)
        #expect(list["total"] == 2)
        #expect(list["summary"] == ["running": 1, "stopping": 1, "stale": 0, "unverifiable": 0])
    }

    @Test("the status fits its schema, and fills all of it")
    func status() throws {
        try fits(StatusPayload.json(Samples.status), "Status")
        try fits(StoragePayload.json(Samples.storage(kept: nil)), "Storage")
        try fills(["Status", "Storage"])
    }

    @Test("the configuration fits its schema, and nothing that may be secret is in it")
    func configuration() throws {
        let json = ConfigurationPayload.json(Samples.configuration, Samples.settings, version: "0.3.0")
        try fits(json, "Configuration")
        try fills(["Configuration"])
        #expect(json["server"]?["agent_env"]?["set"] == ["MY_KEY"])
        #expect(json["server"]?["worktree"]?["setup"] == "npm")
        #expect(
            json["agents"] == [
                ["name": "mine", "provider": "command", "program": "./agent.sh", "max_concurrent": 3, "weight": 2]
            ]
        )
        #expect(!json.text.contains("hush"))
    }

    @Test("events fit their schema, and fill all of it")
    func events() throws {
        for event in Samples.events { try fits(EventPayload.json(event), "Event") }
        try fits(EventPayload.reset((oldest: 3, newest: 9)), "EventReset")
        try fits(EventPayload.reset(nil), "EventReset")
        try fills(["Event", "EventReset"])
    }

    @Test("the data of a log's events fits its schemas, and fills all of them")
    func logs() throws {
        let place = LogPosition(.run(Samples.run), .text, offset: 4)
        for reason in LogEvent.ResetReason.allCases {
            try fits(try #require(LogPayload.data(.reset(reason, place))), "LogReset")
        }
        try fits(try #require(LogPayload.data(.run(Samples.run, place))), "LogRun")
        try fits(try #require(LogPayload.data(.end(Samples.run, .failed, .agentExit, place))), "LogEnd")
        try fits(try #require(LogPayload.data(.end(nil, nil, nil, place))), "LogEnd")
        try fills(["LogReset", "LogRun", "LogEnd"])
    }

    @Test("every word of an enumeration is in the document, and every word of the document in the enumeration")
    func words() {
        expect("SpecStatus", SpecStatus.self)
        expect("SpecType", SpecKind.self)
        expect("ApprovalStatus", Approval.Status.self)
        expect("RunMode", RunMode.self)
        expect("RunState", RunState.self)
        expect("Stage", Stage.self)
        expect("RunOutcome", RunOutcome.self)
        expect("CriteriaPolicy", CriteriaPolicy.self)
        expect("MergePolicy", MergePolicy.self)
        expect("StartPoint", StartPoint.self)
        expect("SkippedGate", SkippedGate.self)
        expect("WarningCode", RunWarning.Code.self)
        expect("BlockReason", BlockReason.self)
    }

    private func expect<Word: CaseIterable & RawRepresentable>(_ schema: String, _ type: Word.Type)
    where Word.RawValue == String {
        #expect(Set(Word.allCases.map(\.rawValue)) == Set(contract.words(of: schema)), "\(schema)")
    }

    private func fits(_ value: JSONValue, _ schema: String) throws {
        // What is written is what counts: through the writer and back.
        let written = try JSONValue(parsing: value.bytes)
        #expect(try check.check(written, against: schema) == [])
    }

    private func fills(_ schemas: [String]) throws {
        let missing = try check.properties(of: schemas).subtracting(check.seen)
        #expect(missing.isEmpty, "no sample has these")
    }
}
