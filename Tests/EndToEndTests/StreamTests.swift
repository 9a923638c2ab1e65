import ChantTesting
import Testing

@Suite("Streams")
struct StreamTests {
    @Test("R31: ten megabytes come byte for byte, while they are written and afterwards")
    func tenMegabytes() async throws {
        // Whole lines of 21 bytes each.
        let size = 10_500_000
        let agent = ScriptedAgent([.wait(for: "go"), .pour(size)] + ScriptedAgent.diligent.steps.dropFirst())
        try await withService(agent) { server, project in
            let run = try await server.work(first)
            let id = run["id"].text ?? ""
            _ = try await server.run(id) { $0["state"].text == "running" }
            let follower = try await HTTPConnection(port: server.client.port, target: "/runs/\(id)/log?view=raw&follow")
            try project.release("go")
            let live = try await follower.rest(within: .seconds(120))
            #expect(try await Ending(server.settled(run)) == Ending("completed"))
            let after = try await server.client.get("/runs/\(id)/log?view=raw")
            #expect(live == after.body)
            #expect(live.prefix(size).elementsEqual(Self.poured(size)))
            #expect(after.headers["chant-log-offset"] == "\(after.body.count)")
            let tail = try await server.client.get("/runs/\(id)/log?tail=1")
            #expect(tail.text == "done\n")
            let rest = try await server.client.get("/runs/\(id)/log?offset=\(after.body.count - 5)")
            #expect(rest.text == "done\n")
        }
    }

    /// What `ScriptedAgent.Step.pour` prints.
    private static func poured(_ size: Int) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(size + 21)
        var number = 1
        while bytes.count < size {
            let digits = String(number)
            bytes +=
                Array("line ".utf8) + Array(repeating: 48, count: 15 - digits.utf8.count) + Array(digits.utf8) + [10]
            number += 1
        }
        return Array(bytes.prefix(size))
    }

    @Test("a reader that leaves and comes back with its last id has every line exactly once")
    func resume() async throws {
        let lines =
            "i=0; while [ $i -lt 400 ]; do echo \"number $i\"; i=$((i+1)); [ $((i % 40)) -ne 0 ] || sleep 0.05; done"
        let agent = ScriptedAgent([.shell(lines)] + ScriptedAgent.diligent.steps.dropFirst())
        try await withService(agent) { server, _ in
            let run = try await server.work(first)
            var seen: [String] = []
            var lastID: String?
            var end: ServerEvent?
            while end == nil {
                let stream = try await server.client.events("/specs/\(first)/log", after: lastID)
                #expect(stream.status == 200)
                for _ in 0..<23 {
                    guard let event = try await stream.next() else { break }
                    if event.event == "log" { seen.append(event.data) }
                    if event.event == "end" { end = event }
                }
                lastID = stream.lastID
            }
            #expect(seen == (0..<400).map { "number \($0)" } + ["done"])
            #expect(end?.json["run_id"].text == run["id"].text)
            #expect(end?.json["outcome"].text == "completed")
            // After the end the same lines are there again, from the start; the id of the end gets 204.
            let again = try await server.client.events("/specs/\(first)/log").events()
            #expect(again.filter { $0.event == "log" }.map(\.data) == seen)
            let over = try await server.client.events("/specs/\(first)/log", after: end?.id)
            #expect(over.status == 204)
        }
    }

    @Test("ids that cannot be meant: 400, and reset where the log has no such place")
    func oddIDs() async throws {
        try await withService { server, _ in
            let run = try await server.finished()
            let malformed = try await server.client.send(
                "GET",
                "/specs/\(first)/log",
                headers: ["Accept": "text/event-stream", "Last-Event-ID": "nonsense"]
            )
            #expect(malformed.status == 400)
            #expect(malformed.problem == "bad-event-id")
            let beyond = "\(run["id"].text ?? ""):text:999999"
            let events = try await server.client.events("/specs/\(first)/log", after: beyond).events()
            #expect(events.first?.event == "reset")
            #expect(events.filter { $0.event == "log" }.map(\.data) == ["working on it", "done"])
        }
    }

    @Test("the stream of a quiet agent carries heartbeats")
    func heartbeat() async throws {
        try await withService(.held) { server, project in
            let run = try await server.agentAtWork(try await server.work(first))
            let stream = try await server.client.events("/specs/\(first)/log")
            #expect(try await stream.next()?.data == "waiting")
            try await stream.heartbeat()
            try project.release("go")
            let events = try await stream.events()
            #expect(events.last?.event == "end")
            #expect(try await Ending(server.settled(run)) == Ending("completed"))
        }
    }

    @Test("R32: events come in order, none is skipped, and a reader resumes where it was")
    func events() async throws {
        try await withService { server, _ in
            let run = try await server.finished()
            let id = run["id"].text ?? ""
            let isLast = { (event: ServerEvent) in event.event == "order.settled" }
            let all = try await server.client.events("/events?after=0").events(until: isLast)
            let sequence = all.compactMap { $0.json["sequence"].number }
            #expect(sequence == Array((sequence.first ?? 0)..<((sequence.first ?? 0) + sequence.count)))
            #expect(all.map(\.id) == sequence.map(String.init))
            let ofRun = all.filter { $0.json["run_id"].text == id }.map(\.event)
            #expect(ofRun.first == "run.queued")
            #expect(ofRun.filter { $0 == "run.settled" }.count == 1)
            let stages = all.filter { $0.event == "run.stage" }.compactMap { $0.json["stage"].text }
            let inOrder = ["validate", "prepare", "invoke_agent", "collect_commits", "finalize"]
            #expect(stages.filter(inOrder.contains) == inOrder)
            #expect(ofRun.contains("process.started") && ofRun.contains("process.exited"))
            let middle = all[all.count / 2]
            let rest = try await server.client.events("/events", after: middle.id).events(until: isLast)
            #expect(rest == Array(all[(all.count / 2 + 1)...]))
            let changes = all.filter { $0.event == "spec.changed" && $0.json["change"].text == "status" }
            #expect(changes.compactMap { $0.json["to"].text } == ["in_progress", "completed"])
        }
    }

    @Test("an event id that the journal never gave is answered with a reset")
    func eventReset() async throws {
        try await withService { server, _ in
            _ = try await server.finished()
            let stream = try await server.client.events("/events", after: "999999999")
            let first = try #require(try await stream.next())
            #expect(first.event == "reset")
            #expect(first.json["newest"].number ?? 0 > 0)
        }
    }
}
