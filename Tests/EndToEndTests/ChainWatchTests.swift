import ChantTesting
import Foundation
import Glibc
import Synchronization
import Testing

/// A chain, looked at as often as a machine can look.
@Suite("A chain under observation")
struct ChainWatchTests {
    private static let specs = (1...6).map { DemoSpec("2026-01-05-00\($0)-abc") }
    /// Takes 50 to 90 ms.
    private static let agent = ScriptedAgent([.shell("sleep 0.0$((5 + $$ % 5))")] + ScriptedAgent.diligent.steps)

    /// What an observer has seen.
    private struct Seen: Sendable {
        var views = 0
        /// Views in which one spec was in progress.
        var busy = 0
        /// Views in which more were, with their specs.
        var doubles: [String] = []

        mutating func note(_ specs: some Collection<String>) {
            views += 1
            if specs.count == 1 { busy += 1 }
            if specs.count > 1 { doubles.append(specs.joined(separator: " ")) }
        }
    }

    /// Whether observers go on.
    private final class Watch: Sendable {
        private let isOver = Atomic(false)
        var goesOn: Bool { !isOver.load(ordering: .relaxed) }
        func end() { isOver.store(true, ordering: .relaxed) }

        /// Looks about every millisecond, on a thread of its own, until the watch is over.
        func observe(_ look: @escaping @Sendable () throws -> () throws -> [String]) async throws -> Seen {
            try await onOwnThread {
                let look = try look()
                var seen = Seen()
                while self.goesOn {
                    seen.note(try look())
                    poll(nil, 0, 1)
                }
                return seen
            }
        }
    }

    @Test("R15: no view of files, /specs, /processes or the order ever shows two specs of one chain in progress")
    func neverTwo() async throws {
        try await withService(Self.agent, specs: Self.specs) { server, project in
            let watch = Watch()
            let port = server.client.port
            let body =
                "{\"mode\": \"chain\", \"specs\": [\(Self.specs.map { "\"\($0.id)\"" }.joined(separator: ", "))]}"
            let names = ["files", "/specs", "/processes", "the order"]
            let seen = try await withThrowingTaskGroup(of: (String, Seen).self) { group in
                let order = try await server.client.post("/work", body)
                #expect(order.status == 202, "\(order.text)")
                let id = order.json["id"].text ?? ""
                group.addTask { (names[0], try await watch.observe { { Self.busyFiles(project) } }) }
                group.addTask {
                    (names[1], try await watch.observe { try Self.asking(port, "/specs?status=in_progress", "id") })
                }
                group.addTask { (names[2], try await watch.observe { try Self.asking(port, "/processes", "spec_id") }) }
                group.addTask { (names[3], try await watch.observe { try Self.runningEntries(port, id) }) }
                do {
                    try await Self.waitForEnd(id, server)
                } catch {
                    watch.end()
                    throw error
                }
                watch.end()
                return try await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
            }
            for name in names {
                let seen = try #require(seen[name])
                #expect(seen.doubles == [], "\(name)")
                #expect(seen.busy >= 20, "\(name) looked \(seen.views) times and saw work \(seen.busy) times")
            }
            try await Self.expectOneAfterTheOther(server)
        }
    }

    private static func waitForEnd(_ order: String, _ server: ServerUnderTest) async throws {
        var last = JSON.null
        try await eventually("the order's end", within: .seconds(90)) {
            last = try await server.client.json("/work/\(order)")
            return last["state"].text == "settled"
        }
        #expect(last["ended"].text == "finished", "\(last)")
        #expect(last["summary"]["completed"].number == specs.count)
    }

    /// The specs whose files say that they are in progress, all at one moment.
    ///
    /// Files are read one after the other: two count only if the first still says so once the second did.
    private static func busyFiles(_ project: DemoProject) -> [String] {
        func isBusy(_ id: String) -> Bool { (try? project.header("status", of: id)) == "in_progress" }
        let busy = specs.map(\.id).filter(isBusy)
        return busy.count < 2 ? busy : busy.filter(isBusy)
    }

    /// A view of the service: one member of each item of a list, each text once.
    private static func asking(_ port: Int, _ target: String, _ member: String) throws -> () throws -> [String] {
        let client = try BlockingClient(port: port)
        return { Set(try client.json(target)["items"].list.compactMap { $0[member].text }).sorted() }
    }

    private static func runningEntries(_ port: Int, _ order: String) throws -> () throws -> [String] {
        let client = try BlockingClient(port: port)
        return {
            try client.json("/work/\(order)")["specs"].list.filter { $0["state"].text == "running" }
                .compactMap { $0["spec_id"].text }
        }
    }

    /// R15: the next run is queued after the one before was settled, and starts nothing earlier.
    private static func expectOneAfterTheOther(_ server: ServerUnderTest) async throws {
        let events = try await server.client.events("/events?after=0").events { $0.event == "order.settled" }
        let moves = events.filter { ["run.queued", "run.started", "run.settled"].contains($0.event) }
        let expected = specs.flatMap { spec in ["queued", "started", "settled"].map { "\(spec.id) run.\($0)" } }
        #expect(moves.map { "\($0.json["spec_id"].text ?? "") \($0.event)" } == expected)
    }
}
