import ChantTesting
import Foundation
import Testing

/// An order of many specs while all workers are taken; `CHANT_QUEUE_SPECS=1000`, as `scripts/test-slow` says, is the real size.
@Suite("A long queue")
struct LongQueueTests {
    private static let count = StormPlan.environment("CHANT_QUEUE_SPECS") ?? 150
    private static let specs = (1...count).map { number in
        // The last of each ten waits for the first of them.
        DemoSpec(name(number), dependsOn: number % 10 == 0 ? [name(number - 9)] : nil)
    }
    private static let single = "2026-03-01-001-one"
    private static let agents = [
        "parallel:", "  stagger_delay_ms: 0", "  stagger_jitter_ms: 0", "  agents:",
        "    - { name: main, max_concurrent: 2 }",
    ]

    private static func name(_ number: Int) -> String { "2026-01-05-\(String("000\(number)".suffix(4)))-abc" }

    @Test("R46, R47: what waits says for what, a request for one spec is accepted, the oldest starts next")
    func waiting() async throws {
        let all = Self.specs + [DemoSpec(Self.single)]
        try await withService(
            .held,
            specs: all,
            configuration: Self.agents,
            flags: ["--workers", "2"]
        ) { server, project in
            let names = Self.specs.map { "\"\($0.id)\"" }.joined(separator: ", ")
            let answer = try await server.client.post("/work", "{\"mode\": \"parallel\", \"specs\": [\(names)]}")
            #expect(answer.status == 202)
            let order = "/work/\(answer.json["id"].text ?? "")"
            // Long before the last one is queued.
            try await eventually("two are at work") {
                try await server.client.json("/runs?state=running")["total"].number == 2
            }
            // Of one order no more wait in the queue; the others wait for their turn in the order.
            try await eventually("all are queued that can be", within: .seconds(60)) {
                let queued = try await server.client.json("/runs?state=queued")["total"].number ?? 0
                return (30...32).contains(queued)
            }
            try await Self.expectReasons(try await server.client.json(order)["specs"].list)
            let one = try await server.work(Self.single)
            #expect(one["state"].text == "queued")
            try project.release("go")
            try await eventually("the fifth has begun") {
                try await server.client.json("/specs/\(Self.name(5))/runs")["items"][0]["state"].text != "queued"
            }
            let late = try await server.client.json("/specs/\(Self.name(Self.count - 1))/runs")["items"][0]
            #expect(late["state"].text == "queued" || late == .null)
            try await Self.expectCancelled(order, server)
        }
    }

    private static func expectReasons(_ entries: [JSON]) async throws {
        for (entry, spec) in zip(entries, specs) {
            #expect(entry["spec_id"].text == spec.id)
            let reasons = entry["waiting_for"].texts
            switch entry["state"].text {
            case "waiting": #expect(reasons == [spec.dependsOn.map { "dependency:\($0[0])" } ?? "worker"])
            case "queued": #expect(reasons == ["worker", "agent:main"])
            default: #expect(entry["state"].text == "running" && reasons == [])
            }
        }
    }

    private static func expectCancelled(_ order: String, _ server: ServerUnderTest) async throws {
        let begin = ContinuousClock.now
        #expect(try await server.client.post("\(order)/cancel").status == 202)
        try await eventually("the order has ended", within: .seconds(60)) {
            try await server.client.json("/work?state=open")["total"].number == 0
        }
        print("an order of \(count) was cancelled in \(ContinuousClock.now - begin)")
        let ended = try await server.client.json(order)
        #expect(ended["ended"].text == "cancelled")
        let isOver = ended["specs"].list.allSatisfy { ["settled", "skipped"].contains($0["state"].text) }
        #expect(isOver)
    }
}
