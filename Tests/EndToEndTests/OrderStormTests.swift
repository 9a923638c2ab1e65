import ChantTesting
import Foundation
import Testing

/// Orders over a graph of specs whose agents work, fail, hang and conflict, under a service that is killed every few
/// seconds (R7, R15, R18, R29, R41, R43, R50).
///
/// `CHANT_STORM_SPECS` and `CHANT_STORM_KILLS` make it longer, as `scripts/test-slow` does; `CHANT_STORM_SEED` repeats one.
@Suite("Order storm")
struct OrderStormTests {
    @Test("nothing is lost, doubled or misreported")
    func storm() async throws {
        try await withTurn {
            var dice = StormDice.ofEnvironment()
            let plan = StormPlan(count: StormPlan.environment("CHANT_STORM_SPECS") ?? 12, &dice)
            print("order storm: CHANT_STORM_SEED=\(dice.seed) CHANT_STORM_SPECS=\(plan.specs.count)")
            let project = try await DemoProject(
                agent: StormPlan.agent,
                specs: plan.demoSpecs,
                server: StormPlan.limits,
                configuration: StormPlan.configuration
            )
            var reader = StormReader()
            for round in 0..<(StormPlan.environment("CHANT_STORM_KILLS") ?? 4) {
                let server = try await ServerUnderTest(project, flags: StormPlan.flags)
                let until = ContinuousClock.now + .milliseconds(dice.number(1500...3500))
                if round == 0 { try await start(plan, server) } else { await disturb(plan, server, &dice) }
                try await reader.read(from: server, until: until)
                try await server.crash()
            }
            let server = try await ServerUnderTest(project, flags: StormPlan.flags)
            try await quiet(server)
            try await reader.rest(from: server)
            let after = StormAftermath(plan: plan, project: project, reader: reader)
            try await after.check(server)
            #expect(try await server.stop() == .code(0), "\(server.log.suffix(3000))")
            try await after.checkRepository()
        }
    }

    /// One chain by name, one parallel order over all that is ready, drivers with it, and single runs.
    private func start(_ plan: StormPlan, _ server: ServerUnderTest) async throws {
        let named = plan.chain.map { "\"\($0)\"" }.joined(separator: ", ")
        let chain = try await server.client.post(
            "/work",
            "{\"mode\": \"chain\", \"on_failure\": \"continue\", \"specs\": [\(named)]}"
        )
        #expect(chain.status == 202, "\(chain.text)")
        for label in ["lone", "none"] {
            let single = try await server.client.post("/work", "{\"labels\": [\"\(label)\"]}")
            #expect(single.status == (label == "lone" ? 202 : 409), "\(single.text)")
        }
        let all = try await server.client.post("/work", #"{"mode": "parallel", "max_concurrent": 5}"#)
        #expect(all.status == 202, "\(all.text)")
    }

    /// Somebody cancels a run or an order, or starts one spec again; what is refused is refused.
    private func disturb(_ plan: StormPlan, _ server: ServerUnderTest, _ dice: inout StormDice) async {
        let spec = plan.specs[dice.number(0...plan.specs.count - 1)].id
        let live = try? await server.client.json("/runs?state=running&limit=500")["items"].list
        switch dice.number(0...4) {
        case 0:
            if let run = live?.first?["id"].text { _ = try? await server.client.post("/runs/\(run)/cancel") }
        case 1: _ = try? await server.client.post("/work", #"{"mode": "parallel"}"#)
        case 2: _ = try? await server.client.post("/specs/\(spec)/work", #"{"criteria": "tick"}"#)
        case 3:
            let open = try? await server.client.json("/work?state=open")["items"].list
            guard let open, open.count > 1, let order = open.first?["id"].text else { return }
            _ = try? await server.client.post(
                "/work/\(order)/cancel",
                #"{"finish_running": \#(dice.number(0...1) == 0)}"#
            )
            _ = try? await server.client.post("/work", #"{"mode": "parallel"}"#)
        default: _ = try? await server.client.post("/work", "{\"specs\": [\"\(spec)\"]}")
        }
    }

    /// Until nothing is under way and no order is open.
    private func quiet(_ server: ServerUnderTest) async throws {
        var last = ""
        do {
            try await eventually("the end of all orders", within: .seconds(120)) {
                let runs = try await server.client.json(
                    "/runs?state=queued&state=preparing&state=running&state=settling"
                )
                let orders = try await server.client.json("/work?state=open")
                last = "\(runs["items"].list.prefix(3)) \(orders["items"].list.prefix(1))"
                return runs["total"].number == 0 && orders["total"].number == 0
            }
        } catch {
            throw HTTPConnection.Failure(description: "\(error): \(last.prefix(3000))")
        }
    }
}

/// A reader of all events, which comes back to each service with the last id that it had.
struct StormReader {
    private(set) var events: [JSON] = []

    mutating func read(from server: ServerUnderTest, until end: ContinuousClock.Instant) async throws {
        let stream = try await server.client.events("/events", after: "\(events.count)")
        while ContinuousClock.now < end {
            // A silence is no failure here: whoever reads too long is cut off by the kill.
            guard let event = try? await stream.next(within: end - ContinuousClock.now) else { return }
            note(event)
        }
    }

    /// Everything up to the newest.
    mutating func rest(from server: ServerUnderTest) async throws {
        let stream = try await server.client.events("/events", after: "\(events.count)")
        while let event = try? await stream.next(within: .seconds(2)) { note(event) }
    }

    private mutating func note(_ event: ServerEvent) {
        #expect(event.id == "\(events.count + 1)", "R32: none is skipped, none is doubled")
        events.append(event.json)
    }
}
