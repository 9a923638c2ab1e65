import ChantTesting
import Foundation
import Synchronization
import Testing

@testable import ChantDomain

@Suite("Domain: retries and agents")
struct DomainRetryTests {
    private static let soon = ["watch:", "  failure:", "    retry_delay_ms: 200"]
    private static let late = ["watch:", "  failure:", "    retry_delay_ms: 600000"]

    /// Fails as a rate limit until `go` is released.
    private static let limited = ScriptedAgent.diligent(
        after: .shell("[ -e \"$folder/release.go\" ] || { echo 'HTTP 429: rate limit'; exit 1; }")
    )

    @Test("R50: a rate limit is tried again later, with retry_state, and the next run completes")
    func triedAgain() async throws {
        let world = try await DomainWorld(agent: Self.limited, configuration: Self.late)
        let (first, next) = try await world.serving { domain in
            let run = try await domain.start(DomainWorld.spec)
            let first = try await domain.settled(run.id)
            let next = try domain.runs.run(try #require(first.nextRun))
            #expect(next.state == .queued)
            let waiting = await domain.runs.waiting(for: next)
            guard case .notBefore? = waiting.first else {
                Issue.record("\(waiting)")
                return (first, next)
            }
            // No worker is held meanwhile.
            try await eventually("the worker is free") { try await domain.status.status().busyWorkers == 0 }
            return (first, next)
        }
        #expect(first.outcome == .failed)
        #expect(first.reason == .rateLimited)
        #expect(next.attempt == 2)
        #expect(next.retryOf == first.id)
        let spec = try world.spec()
        #expect(spec.status == .pending)
        let text = try world.project.specText(DomainWorld.spec)
        #expect(text.contains("retry_state:\n  attempts: 1\n"))
        let moment = try #require(next.notBefore).at
        #expect(text.contains("next_retry_time: \(Int((moment.timeIntervalSince1970 * 1000).rounded()))"))
        try await resumed(world, next)
    }

    /// After a restart at which the time has come.
    private func resumed(_ world: DomainWorld, _ next: Run) async throws {
        try world.project.release("go")
        _ = try world.journal { journal in
            try journal.update(next.id, from: [.queued]) { $0.notBefore?.at = Date(timeIntervalSince1970: 0) }
        }
        let last = try await world.serving { domain in try await domain.settled(next.id) }
        #expect(last.outcome == .completed)
        #expect(try !world.project.specText(DomainWorld.spec).contains("retry_state"))
    }

    @Test("R50: when the retries are used up, the run and its spec have failed")
    func usedUp() async throws {
        let world = try await DomainWorld(agent: Self.limited, configuration: Self.soon + ["    max_retries: 2"])
        let last = try await world.serving { domain in
            let run = try await domain.start(DomainWorld.spec)
            return try await domain.runs.final(run.id, within: .seconds(60))
        }
        #expect(last.attempt == 3)
        #expect(last.outcome == .failed)
        #expect(last.reason == .rateLimited)
        #expect(last.nextRun == nil)
        #expect(try world.spec().status == .failed)
        #expect(try !world.project.specText(DomainWorld.spec).contains("retry_state"))
    }

    @Test("R43, R50: a status that cannot be written at once is written a little later, so that the retry can start")
    func writtenLater() async throws {
        let agent = ScriptedAgent.diligent(
            after: .shell("[ -e \"$folder/tried\" ] || { touch \"$folder/tried\"; echo 'HTTP 429'; exit 1; }")
        )
        let world = try await DomainWorld(agent: agent, configuration: Self.soon)
        let once = Once()
        let refusal: @Sendable (String) -> Bool = { what in
            what.hasPrefix("swap ") && world.project.exists("\(world.project.folder)/tried")
                && once.take()
        }
        let last = try await Effect.$refusal.withValue(refusal) {
            try await world.serving { domain in
                let run = try await domain.start(DomainWorld.spec)
                return try await domain.runs.final(run.id, within: .seconds(60))
            }
        }
        #expect(once.wasTaken, "a write failed")
        #expect(last.attempt == 2 && last.outcome == .completed, "\(String(describing: last.problem))")
        #expect(try world.spec().status == .completed)
    }

    @Test("R50: another agent takes a retry where they take turns, and the request named none")
    func otherAgent() async throws {
        let agents = [
            "  rotation_strategy: round-robin", "parallel:", "  agents:",
            "    - { name: one, command: [\"sh\", \"-c\", \"echo overloaded; exit 1\"], provider: command }",
            "    - { name: two, command: [\"sh\", \"-c\", \"echo overloaded; exit 1\"], provider: command }",
        ]
        let world = try await DomainWorld(configuration: agents + Self.soon + ["    max_retries: 1"])
        try await world.serving { domain in
            let first = try await domain.settled(try await domain.start(DomainWorld.spec).id)
            let next = try await domain.settled(try #require(first.nextRun))
            #expect([first.agent, next.agent] == ["two", "one"])
            let named = try await domain.settled(
                try await domain.start(DomainWorld.spec, RunOptions(agent: "two")).id
            )
            #expect(try await domain.settled(try #require(named.nextRun)).agent == "two")
        }
    }

    @Test("R16: a parallel order spreads over the agents that have room, and each one's limit holds")
    func spread() async throws {
        let specs = (1...4).map { DemoSpec("2026-01-05-00\($0)-aaa") }
        let world = try await DomainWorld(
            agent: .held,
            specs: specs,
            configuration: [
                "parallel:", "  stagger_delay_ms: 0", "  stagger_jitter_ms: 0", "  agents:",
                "    - { name: one, provider: command, command: [\"../agent.sh\"], max_concurrent: 1 }",
                "    - { name: two, provider: command, command: [\"../agent.sh\"], max_concurrent: 2 }",
            ]
        )
        try await world.serving { domain in
            let order = try await domain.runs.start(StartOrder(mode: .parallel))
            try await eventually("three run", within: .seconds(60)) {
                try await domain.runs.order(order.id).entries.count { $0.run?.state == .running } == 3
            }
            let entries = try await domain.runs.order(order.id).entries
            #expect(entries.map { $0.run?.agent }.prefix(3).sorted { $0 ?? "" < $1 ?? "" } == ["one", "two", "two"])
            #expect(entries.last?.waitingFor == [.agent("one"), .agent("two")])
            try world.project.release("go")
            #expect(try await domain.runs.final(order.id, within: .seconds(60)).isCompleted)
        }
    }

    @Test("R47: the starts of a parallel order keep a distance, and nobody else waits for it")
    func stagger() async throws {
        let specs = (1...3).map { DemoSpec("2026-01-05-00\($0)-aaa") }
        let world = try await DomainWorld(
            agent: .held,
            specs: specs,
            configuration: [
                "parallel:", "  stagger_delay_ms: 600000", "  stagger_jitter_ms: 0",
            ]
        )
        try await world.serving { domain in
            let order = try await domain.runs.start(
                StartOrder(specs: specs.prefix(2).compactMap { SpecID($0.id) }, mode: .parallel)
            )
            try await domain.running(order.id)
            let second = try #require(try await domain.runs.order(order.id).entries.last)
            guard case .notBefore? = second.waitingFor.first else {
                Issue.record("\(second)")
                return
            }
            let other = try await domain.start(specs[2].id)
            try await domain.reached(other.id, "running") { $0.state == .running }
            _ = try await domain.runs.cancel(order.id, finishRunning: false)
            _ = try await domain.runs.cancel(other.id)
        }
    }
}

/// Something that happens once.
private final class Once: Sendable {
    private let isTaken = Mutex(false)
    var wasTaken: Bool { isTaken.withLock { $0 } }

    /// Whether this is the first time.
    func take() -> Bool {
        isTaken.withLock { isTaken in
            defer { isTaken = true }
            return !isTaken
        }
    }
}
