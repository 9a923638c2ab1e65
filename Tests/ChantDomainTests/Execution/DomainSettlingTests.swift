import ChantTesting
import Foundation
import Synchronization
import Testing

@testable import ChantDomain

/// What happens while the end of a run that another one follows is being written.
@Suite("Domain: while a run is settled")
struct DomainSettlingTests {
    private let id = DomainWorld.spec
    private static let late = ["watch:", "  failure:", "    retry_delay_ms: 600000"]
    /// Meets a rate limit once `end` is released.
    private static let limited = ScriptedAgent.diligent(
        after: .say("waiting"),
        .wait(for: "end"),
        .say("HTTP 429: rate limit"),
        .exit(1)
    )

    /// Does something once, at the first change whose name has all of the words, when that was armed.
    private final class Moment: Sendable {
        private let words: [String]
        private let act = Mutex<(@Sendable () -> Bool)?>(nil)

        init(_ words: String...) { self.words = words }

        /// `act` says whether the change is refused.
        func arm(_ act: @escaping @Sendable () -> Bool) { self.act.withLock { $0 = act } }

        var isOver: Bool { act.withLock { $0 == nil } }

        func refuses(_ what: String) -> Bool {
            guard words.allSatisfy({ what.contains($0) }) else { return false }
            let now = act.withLock { act in
                defer { act = nil }
                return act
            }
            return now?() ?? false
        }
    }

    private func settled(
        _ world: DomainWorld,
        _ moment: Moment,
        _ act: @escaping @Sendable (Domain, RunID) -> Bool
    ) async throws -> Run {
        let refusal: @Sendable (String) -> Bool = { moment.refuses($0) }
        return try await Effect.$refusal.withValue(refusal) {
            try await world.serving { domain in
                let run = try await domain.start(id)
                try await domain.saying("waiting", run.id, world)
                try await domain.atWork(run.id)
                moment.arm { act(domain, run.id) }
                try world.project.release("end")
                let settled = try await domain.settled(run.id)
                #expect(moment.isOver)
                return settled
            }
        }
    }

    @Test(
        "R41, R58, R71: a stop that is asked for while the spec gets the status of a retry is what counts",
        arguments: [StopReason.specCancelled, .paused, .takenOver, .cancelled]
    )
    func stopped(reason: StopReason) async throws {
        let world = try await DomainWorld(
            agent: Self.limited,
            server: ["keep_failed: 0s"],
            configuration: Self.late
        )
        let run = try await settled(world, Moment("write ", "/.chant/specs/")) { domain, run in
            _ = try? domain.control.journal.update(run, from: [.running, .settling]) { $0.ask(toStop: reason) }
            return false
        }
        let expected = StageFailure.stopped(reason)
        #expect(run.reason == expected.reason && run.nextRun == nil)
        #expect(run.warnings.isEmpty, "\(run.warnings)")
        #expect(try world.spec().status == SpecStatus.inProgress.applying(try #require(expected.specEvent)))
        #expect(try !world.project.specText(id).contains("retry_state"))
        let isKept = expected.outcome == .paused
        #expect(world.project.exists(try #require(run.worktree)) == isKept)
        if reason == .takenOver { #expect(try world.project.specText(id).contains("## Takeover Analysis")) }
    }

    @Test("R41: a cancel that comes while a retry is about to follow is told that it worked")
    func cancelled() async throws {
        let world = try await DomainWorld(agent: Self.limited, configuration: Self.late)
        let isHeld = Atomic(true)
        let tries = Atomic(0)
        let refusal: @Sendable (String) -> Bool = { what in
            guard what.contains("journal settle run"), isHeld.load(ordering: .relaxed) else { return false }
            tries.add(1, ordering: .relaxed)
            return true
        }
        try await Effect.$refusal.withValue(refusal) {
            try await world.serving { domain in
                let run = try await domain.start(id)
                try world.project.release("end")
                try await eventually("it is being settled") { tries.load(ordering: .relaxed) > 0 }
                async let cancelled = domain.runs.cancel(run.id)
                try await eventually("it is asked to stop") { try domain.runs.run(run.id).cancelRequested }
                isHeld.store(false, ordering: .relaxed)
                #expect(try await cancelled.outcome == .cancelled)
            }
        }
        #expect(try world.spec().status == .pending)
    }

    @Test("R43, R50: a status that cannot be written at once is written before the retry follows")
    func written() async throws {
        let world = try await DomainWorld(agent: Self.limited, configuration: Self.late)
        let run = try await settled(world, Moment("write ", "/.chant/specs/")) { _, _ in true }
        #expect(run.reason == .rateLimited && run.nextRun != nil)
        #expect(run.warnings.isEmpty, "\(run.warnings)")
        #expect(try world.spec().status == .pending)
        #expect(try world.project.specText(id).contains("retry_state"))
    }
}
