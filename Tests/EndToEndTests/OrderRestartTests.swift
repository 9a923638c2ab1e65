import ChantTesting
import Testing

/// The service is killed in the middle of an order of several specs.
@Suite("Restarts amid an order")
struct OrderRestartTests {
    private static let ids = ["aaa", "bbb", "ccc", "ddd"].enumerated().map { "2026-01-05-00\($0 + 1)-\($1)" }
    private static let specs = [
        DemoSpec(ids[0]), DemoSpec(ids[1]), DemoSpec(ids[2], dependsOn: [ids[0]]), DemoSpec(ids[3]),
    ]
    private static let quick = ["parallel:", "  stagger_delay_ms: 0", "  stagger_jitter_ms: 0"]

    /// What an order shows of a spec.
    private static func entries(_ order: JSON) -> [String: JSON] {
        Dictionary(order["specs"].list.map { ($0["spec_id"].text ?? "", $0) }) { $1 }
    }

    private static func pids(_ server: ServerUnderTest) async throws -> [String: Int] {
        let items = try await server.client.json("/processes")["items"].list
        return Dictionary(items.map { ($0["spec_id"].text ?? "", $0["pid"].number ?? 0) }) { $1 }
    }

    @Test(
        "R16, R18, R29: kill -9 amid a parallel order: its agents are adopted, the order goes on where it was and ends"
    )
    func killed() async throws {
        try await withTurn {
            let project = try await DemoProject(agent: .held, specs: Self.specs, configuration: Self.quick)
            let server = try await ServerUnderTest(project)
            let body = "{\"mode\": \"parallel\", \"max_concurrent\": 2}"
            let accepted = try await server.client.post("/work", body)
            #expect(accepted.status == 202, "\(accepted.text)")
            let path = "/work/\(accepted.json["id"].text ?? "")"
            try await eventually("two agents work", within: .seconds(60)) {
                let entries = try await server.client.json(path)["specs"].list
                guard entries.count(where: { $0["state"].text == "running" }) == 2 else { return false }
                return try await Self.pids(server).count == 2
            }
            let before = Self.entries(try await server.client.json(path))
            let pids = try await Self.pids(server)
            #expect(Set(pids.keys) == Set(Self.ids.prefix(2)))
            #expect(before[Self.ids[3]]?["state"].text == "waiting", "max_concurrent: \(before)")
            try await server.crash()
            let again = try await ServerUnderTest(project)
            let order = try await again.client.json(path)
            #expect(order["state"].text == "open", "\(order)")
            let after = Self.entries(order)
            for id in Self.ids.prefix(2) {
                #expect(after[id]?["state"].text == "running" && after[id]?["run_id"] == before[id]?["run_id"])
            }
            #expect(after[Self.ids[3]]?["state"].text == "waiting", "\(after)")
            #expect(try await Self.pids(again) == pids)
            #expect(try await again.client.json("/work?state=open")["items"].list.count == 1)
            try project.release("go")
            try await Self.expectEnd(path, before, again, project)
            #expect(try await again.stop() == .code(0), "\(again.log)")
        }
    }

    private static func expectEnd(
        _ path: String,
        _ before: [String: JSON],
        _ server: ServerUnderTest,
        _ project: DemoProject
    ) async throws {
        var last = JSON.null
        try await eventually("the order's end", within: .seconds(90)) {
            last = try await server.client.json(path)
            return last["state"].text == "settled"
        }
        #expect(last["ended"].text == "finished", "\(last)")
        #expect(last["summary"]["completed"].number == 4, "\(last)")
        let entries = entries(last)
        for id in ids.prefix(2) { #expect(entries[id]?["run_id"] == before[id]?["run_id"], "the same run went on") }
        for id in ids { #expect(try project.header("status", of: id) == "completed") }
        #expect(try await server.client.json("/runs")["items"].list.count == 4, "nothing was run twice")
        let events = try await server.client.events("/events?after=0").events { $0.event == "order.settled" }
        #expect(events.count { $0.event == "run.settled" } == 4)
        #expect(events.filter { $0.event == "process.started" && $0.json["adopted"].flag == true }.count == 2)
        #expect(try await project.git("rev-list", "--count", "--first-parent", "main") == "5")
        #expect(try await project.git("status", "--porcelain") == "")
    }
}
