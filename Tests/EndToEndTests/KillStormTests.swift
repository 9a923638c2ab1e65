import ChantTesting
import Foundation
import Glibc
import Testing

/// A service with many specs at work is killed again and again, each time right after some event (R18, R29, R32).
///
/// With `CHANT_STORM_SPECS=60`, as `scripts/test-slow` does, the storm is longer; `CHANT_STORM_SEED` repeats one.
@Suite("Kill storm")
struct KillStormTests {
    private static let count = ProcessInfo.processInfo.environment["CHANT_STORM_SPECS"].flatMap { Int($0) } ?? 8
    private static let specs = (1...count).map { number in
        DemoSpec("2026-01-05-\(String(repeating: "0", count: 3 - "\(number)".count))\(number)-abc")
    }
    private static let agents = ["parallel:", "  agents:", "    - { name: main, max_concurrent: 3 }"]
    /// Ends at a moment of its own.
    private static let agent = ScriptedAgent(
        [.shell("for i in 1 2 3 4 5 6; do echo \"line $i\"; sleep 0.0$((RANDOM_SEED % 7)); done")]
            + ScriptedAgent.diligent.steps
    )

    @Test("nothing is lost, doubled or left behind, and a reader of events that comes back misses none")
    func storm() async throws {
        try await withTurn {
            let seeded = ScriptedAgent([.shell("RANDOM_SEED=$$")] + Self.agent.steps)
            let project = try await DemoProject(agent: seeded, specs: Self.specs, configuration: Self.agents)
            var reader = EventReader()
            var dice = StormDice.ofEnvironment()
            print("kill storm: CHANT_STORM_SEED=\(dice.seed) CHANT_STORM_SPECS=\(Self.count)")
            var kills = 0
            while reader.settledOrders < Self.count {
                let server = try await ServerUnderTest(project, flags: ["--workers", "3"])
                if kills == 0 { for spec in Self.specs { _ = try await server.work(spec.id) } }
                try await reader.read(dice.number(5...40), from: server, until: Self.count)
                try await server.crash()
                kills += 1
            }
            #expect(kills >= Self.count / 4)
            let server = try await ServerUnderTest(project)
            for spec in try await Self.tired(server) {
                // R45: three times it started again by itself; now somebody has to.
                #expect(Ending(try await server.finished(spec)) == Ending("completed"))
            }
            try await Self.expectEveryRunSettled(server)
            #expect(try await server.stop() == .code(0), "\(server.log)")
            for spec in Self.specs { try await Self.expectDoneOnce(spec.id, project) }
            try await Self.expectNothingLeft(project)
        }
    }

    /// One reader of all events, which comes back to each service with the last id that it had.
    private struct EventReader {
        var lastID = "0"
        var settledOrders = 0

        mutating func read(_ budget: Int, from server: ServerUnderTest, until all: Int) async throws {
            let stream = try await server.client.events("/events", after: lastID)
            for _ in 0..<budget where settledOrders < all {
                let event = try #require(try await stream.next(within: .seconds(60)), "\(server.log.suffix(3000))")
                #expect(event.event != "reset")
                #expect(event.id == "\((Int(lastID) ?? 0) + 1)", "none is skipped, none is doubled")
                lastID = event.id ?? lastID
                if event.event == "order.settled" { settledOrders += 1 }
            }
        }
    }

    /// Specs of which four runs in a row were caught before their agents had started.
    private static func tired(_ server: ServerUnderTest) async throws -> [String] {
        let runs = try await server.client.json("/runs?limit=500")["items"].list
        let last = runs.filter { $0["reason"].text == "interrupted-too-often" }.compactMap { $0["spec_id"].text }
        for spec in last { #expect(runs.count { $0["spec_id"].text == spec } == 4, "\(spec)") }
        return last
    }

    private static func expectEveryRunSettled(_ server: ServerUnderTest) async throws {
        let runs = try await server.client.json("/runs?limit=500")["items"].list
        #expect(runs.allSatisfy { $0["state"].text == "settled" })
        let completed = runs.filter { $0["outcome"].text == "completed" }
        #expect(Set(completed.compactMap { $0["spec_id"].text }).count == count, "\(runs.map(Ending.init))")
        #expect(completed.count == count)
        let interrupted = runs.filter { $0["outcome"].text == "interrupted" }
        #expect(interrupted.allSatisfy { $0["next_run"].text != nil })
        let tired = runs.filter { $0["reason"].text == "interrupted-too-often" }
        #expect(completed.count + interrupted.count + tired.count == runs.count, "\(runs.map(Ending.init))")
    }

    private static func expectDoneOnce(_ spec: String, _ project: DemoProject) async throws {
        #expect(try project.header("status", of: spec) == "completed")
        #expect(try await project.git("show", "main:work-\(spec).txt") == "worked", "\(spec)")
        let finished = try await project.git(
            "log",
            "--first-parent",
            "--format=%s",
            "--grep=^Chant-Spec: \(spec)$",
            "main"
        )
        #expect(finished == "chant: complete \(spec)")
    }

    private static func expectNothingLeft(_ project: DemoProject) async throws {
        #expect(try await project.git("status", "--porcelain") == "")
        #expect(try await project.otherWorktrees() == [])
        #expect(try await project.git("for-each-ref", "refs/chant/finish") == "")
        #expect(try await project.git("for-each-ref", "refs/heads/chant") == "", "what is merged needs no branch")
        let (exit, _, complaints) = try await project.run("git", ["fsck", "--connectivity-only"])
        #expect(exit == .code(0), "\(complaints)")
        let locks = try FileManager.default.contentsOfDirectory(atPath: "\(project.checkout)/.chant/.locks")
        #expect(locks.filter { $0 != "server.lock" } == [])
        let home = Array("HOME=\(project.folder)/home".utf8)
        let left = try FileManager.default.contentsOfDirectory(atPath: "/proc").filter { name in
            guard Int(name) != nil, let bytes = try? Data(contentsOf: URL(fileURLWithPath: "/proc/\(name)/environ"))
            else { return false }
            return bytes.split(separator: 0).contains { $0.elementsEqual(home) }
        }
        #expect(left == [], "no process is left")
    }
}
