import ChantTesting
import Foundation
import Testing

@testable import ChantDomain

@Suite("Domain: stops that are hard")
struct DomainHardStopTests {
    private let id = DomainWorld.spec

    @Test("R44, R7: a run that cannot be stopped is given up; its late end touches neither spec nor target")
    func givenUp() async throws {
        let world = try await DomainWorld(agent: .held, server: ["limits: { stop_grace: 100ms }"])
        let before = try await world.project.git("rev-parse", "main")
        let left = try await world.left()
        let folder = RunFolder(stateFolder: world.project.state, run: left.id)
        let agent = try #require(SupervisedAgent.read(runFolder: folder.path))
        let text = try world.project.text(atPath: folder.processFile)
        let foreign = text.replacing(agent.supervisor.pidNamespace, with: "pid:[1]")
        try LocalFileSystem().replace(Array(foreign.utf8), at: folder.processFile, mode: 0o600)
        try await world.serving { domain in
            var control = domain.control
            control.margin = .milliseconds(100)
            let asked = control
            let refusal: @Sendable (String) -> Bool = { $0 == "stop \(left.id)" }
            let reset = try await Effect.$refusal.withValue(refusal) {
                try await asked.forceReset(try specID(id), by: "ann")
            }
            #expect(reset.view.spec.status == .pending)
            let run = try domain.runs.run(left.id)
            #expect(run.outcome == .cancelled && run.problem?.members["given_up"] == .flag(true))
            #expect(agent.agent.liveness == .alive)
            // It ends well after all, and nobody cares.
            try world.project.release("go")
            try await eventually("it has ended") { agent.supervisor.liveness != .alive }
            try await eventually("nobody waits for it", within: .seconds(60)) {
                try await domain.status.status().busyWorkers == 0
            }
            #expect(try world.spec().status == .pending)
            #expect(try domain.runs.run(left.id) == run)
        }
        #expect(try await world.project.git("rev-parse", "main") == before)
    }

    @Test("R3, R44: a file that cannot be read has no status to write, and its run is not stopped for nothing")
    func unreadable() async throws {
        let world = try await DomainWorld(agent: .held)
        try await world.serving { domain in
            let run = try await domain.start(id)
            try await domain.atWork(run.id)
            try world.project.write("---\nstatus: [\n---\n", to: ".chant/specs/\(id).md")
            for action in ["cancel", "reset", "pause", "takeover", "force"] {
                #expect(try await !domain.accepts(action, id))
            }
            #expect(try domain.runs.run(run.id).stopReason == nil)
            _ = try await domain.runs.cancel(run.id)
            _ = try await domain.settled(run.id)
        }
    }

    @Test(
        "R18, R58: what was asked before a crash is what becomes of the run",
        arguments: [
            (.paused, .paused, .pause, .paused), (.takenOver, .paused, .takeover, .paused),
            (.specCancelled, .cancelled, .specCancelled, .cancelled), (.cancelled, .cancelled, .runCancelled, .pending),
        ] as [(StopReason, RunOutcome, RunReason, SpecStatus)]
    )
    func crash(asked: StopReason, outcome: RunOutcome, reason: RunReason, status: SpecStatus) async throws {
        let world = try await DomainWorld(agent: .held)
        let left = try await world.left()
        try world.journal { journal in _ = try journal.update(left.id, from: [.running]) { $0.ask(toStop: asked) } }
        let run = try await world.serving { domain in try await domain.settled(left.id) }
        #expect(run.outcome == outcome && run.reason == reason && run.nextRun == nil)
        #expect(try world.spec().status == status)
        #expect(world.project.exists(try #require(run.worktree)) == (outcome == .paused))
        #expect(try world.project.specText(id).contains("## Takeover Analysis") == (asked == .takenOver))
    }

    @Test("R18: so it is where nothing of the run is left but its row", arguments: [StopReason.paused, .specCancelled])
    func crashWithoutAgent(asked: StopReason) async throws {
        for state in [RunState.queued, .preparing] {
            let status = state == .queued ? "pending" : "in_progress"
            let world = try await DomainWorld(specs: [DemoSpec(id, status: status)])
            let run = Fixture.run(spec: id, projectPath: "\(world.project.checkout)/.chant")
            try world.journal { journal in
                try journal.accept(run, order: Fixture.order(of: run))
                _ = try journal.update(run.id, from: [.queued]) { run in
                    run.state = state
                    run.ask(toStop: asked)
                }
            }
            let settled = try await world.serving { domain in try await domain.settled(run.id) }
            #expect(settled.reason == (asked == .paused ? .pause : .specCancelled))
            // A run that waited had not touched the file: there is nothing to pause.
            let expected: SpecStatus = asked == .specCancelled ? .cancelled : state == .queued ? .pending : .paused
            #expect(try world.spec().status == expected)
        }
    }
}
