import ChantTesting
import Foundation
import Glibc
import Testing

@testable import ChantDomain

@Suite("Domain: cancel, reset, pause")
struct DomainControlTests {
    private let id = DomainWorld.spec
    private static let other = "2026-01-05-002-bbb"

    static let actions = ["work", "edit", "delete", "cancel", "reset", "pause", "resume", "takeover"]

    @Test("R6, R43: each action is accepted in exactly the statuses where `allowed` has it, with no run")
    func table() async throws {
        var specs: [DemoSpec] = []
        for (row, status) in SpecStatus.allCases.enumerated() {
            for (column, _) in Self.actions.enumerated() {
                specs.append(DemoSpec("2026-01-0\(row + 1)-00\(column + 1)-aaa", status: status.rawValue))
            }
        }
        let world = try await DomainWorld(specs: specs)
        try await world.serving { domain in
            for (index, spec) in specs.enumerated() {
                let action = Self.actions[index % Self.actions.count]
                let allowed = try await domain.allowed(spec.id)
                let isAccepted = try await domain.accepts(action, spec.id)
                #expect(isAccepted == allowed.contains(action), "\(action) of \(spec.status): \(allowed)")
            }
            // R12: what was started ends before the world does.
            for run in try domain.runs.list(RunQuery(limit: 500)).items { _ = try await domain.settled(run.id) }
        }
    }

    @Test("R6: so it is while an agent works, and while its run waits for a worker")
    func liveTable() async throws {
        let world = try await DomainWorld(agent: .held, specs: [DemoSpec(id), DemoSpec(Self.other)])
        try await world.serving(workers: 1) { domain in
            let run = try await domain.start(id)
            try await domain.atWork(run.id)
            _ = try await domain.start(Self.other)
            #expect(try await domain.allowed(id) == ["edit", "cancel", "pause", "takeover"])
            #expect(try await domain.allowed(Self.other) == ["edit", "cancel"])
            for (spec, refused) in [(id, ["work", "delete", "reset", "resume"]), (Self.other, ["pause", "takeover"])] {
                for action in refused { #expect(try await !domain.accepts(action, spec), "\(action) of \(spec)") }
            }
            #expect(try world.spec().status == .inProgress)
            #expect(try world.spec(Self.other).status == .pending, "R42")
            let shown1 = try await domain.control.cancel(try specID(Self.other))
            #expect(shown1.isDone)
            let shown2 = try await domain.control.cancel(try specID(id))
            #expect(shown2.isDone)
        }
        #expect(try world.spec().status == .cancelled)
        #expect(try world.spec(Self.other).status == .cancelled)
    }

    @Test("R43: a spec is not shown as one that nothing works on where the journal cannot be asked")
    func unknownRuns() async throws {
        let world = try await DomainWorld(specs: [DemoSpec(id, status: "in_progress"), DemoSpec("\(id).1")])
        let domain = try await world.open()
        domain.close()
        let spec = try specID(id)
        await #expect(throws: SpecError.self) { try await domain.specs.get(spec) }
        await #expect(throws: SpecError.self) { try await domain.specs.worktreeCopy(of: spec) }
        await #expect(throws: SpecError.self) { try await domain.specs.dependencies(of: spec) }
        await #expect(throws: SpecError.self) { try await domain.specs.members(of: spec) }
    }

    @Test("R41: cancelling a spec stops its agent, ends its run and keeps its branch")
    func cancel() async throws {
        let world = try await DomainWorld(agent: .diligent(then: .say("hanging"), .hang))
        let run = try await world.serving { domain in
            let run = try await domain.start(id)
            try await domain.saying("hanging", run.id, world)
            let cancelled = try await domain.control.cancel(try specID(id))
            #expect(cancelled.isDone && cancelled.view.spec.status == .cancelled)
            return try await domain.settled(run.id)
        }
        #expect(run.outcome == .cancelled && run.reason == .specCancelled)
        #expect(run.nextRun == nil)
        #expect(try world.spec().status == .cancelled)
        #expect(!world.project.exists("\(world.project.checkout)/.chant/.locks/\(id).lock"))
        #expect(try await world.project.git("log", "--format=%s", "-1", run.branch).contains("work"))
    }

    @Test("R43, R6: a reset takes back what a completion wrote, and keeps the branch of a paused spec")
    func reset() async throws {
        let world = try await DomainWorld()
        #expect(try await world.work().outcome == .completed)
        #expect(try world.spec().commits.count == 1)
        try await world.serving { domain in
            let shown3 = try await domain.control.reset(try specID(id))
            #expect(shown3.view.spec.status == .pending)
        }
        let spec = try world.spec()
        #expect(spec.commits.isEmpty && spec.completedAt == nil && spec.model == nil)
    }

    @Test("R35: a reset of a spec that another program works on names that program")
    func foreignLock() async throws {
        let world = try await DomainWorld(specs: [DemoSpec(id, status: "in_progress")])
        try await world.serving { domain in
            try world.project.write("\(getppid())\n", to: ".chant/.locks/\(id).lock")
            for action in ["reset", "pause", "cancel"] {
                #expect(try await !domain.accepts(action, id))
                #expect(try await !domain.allowed(id).contains(action))
            }
            // R44: the one that always works.
            let shown4 = try await domain.control.forceReset(try specID(id), by: "ann")
            #expect(shown4.isDone)
        }
        #expect(try world.spec().status == .pending)
    }

    @Test("R71, R53: a paused run keeps worktree and branch over a restart; its lock is free, its agent gone")
    func pause() async throws {
        let world = try await DomainWorld(agent: .diligent(then: .say("hanging"), .hang), server: ["keep_failed: 0s"])
        let run = try await world.paused()
        let worktree = try #require(run.worktree)
        #expect(run.outcome == .paused && run.reason == .pause && run.nextRun == nil)
        #expect(try world.spec().status == .paused)
        #expect(world.project.exists(worktree))
        #expect(!world.project.exists("\(world.project.checkout)/.chant/.locks/\(id).lock"))
        try await world.serving { domain in
            #expect(world.project.exists(worktree))
            #expect(try await domain.allowed(id).contains("resume"))
            _ = try await domain.control.reset(try specID(id))
        }
        // Nobody goes on there any more.
        try await world.serving { _ in }
        #expect(!world.project.exists(worktree))
        #expect(try await world.refs("refs/heads/chant/") == ["refs/heads/chant/\(id)"])
    }

    @Test("R58: a pause in the set-up is one, too; the agent never starts, and resume sets up again")
    func pauseInSetup() async throws {
        let world = try await DomainWorld(server: ["worktree: { setup: [../setup.sh] }"])
        let script = "\(world.project.folder)/setup.sh"
        try writeProgram(
            "#!/bin/sh\necho setting up\nuntil [ -e ../../release.go ] || [ -e '\(world.project.folder)/release.go' ]; do sleep 0.02; done\n",
            script
        )
        let run = try await world.serving { domain in
            let run = try await domain.start(id)
            try await domain.saying("setting up", run.id, world)
            let shown5 = try await domain.control.pause(try specID(id))
            #expect(shown5.isDone)
            return try await domain.settled(run.id)
        }
        #expect(run.reason == .pause && run.exitCode == nil)
        try world.project.release("go")
        let resumed = try await world.serving { domain in
            try await domain.settled(try await domain.runs.resume(ResumeRun(spec: try specID(id))).id)
        }
        #expect(resumed.outcome == .completed, "\(resumed.problem?.detail ?? "")")
        #expect(resumed.worktree == run.worktree)
        let log = try world.project.text(atPath: "\(world.project.state)/runs/\(resumed.id)/out.log")
        #expect(log.contains("setting up"))
    }

    @Test("R44: a reset by force stops what works, and tells who asked for it", arguments: SpecStatus.allCases)
    func force(status: SpecStatus) async throws {
        let world = try await DomainWorld(agent: .held, specs: [DemoSpec(id, status: status.rawValue)])
        try await world.serving { domain in
            let run = status == .pending ? try await domain.start(id) : nil
            if let run { try await domain.atWork(run.id) }
            let shown6 = try await domain.control.forceReset(try specID(id), by: "ann")
            #expect(shown6.view.spec.status == .pending)
            let told = try await domain.events().contains { event in
                if case .specChanged(let change) = event { change.by == "ann" && change.to == "pending" } else { false }
            }
            #expect(told)
            if let run { #expect(try domain.runs.run(run.id).reason == .runCancelled) }
        }
        #expect(try world.spec().status == .pending)
    }

    private func writeProgram(_ text: String, _ path: String) throws {
        try LocalFileSystem().replace(Array(text.utf8), at: path, mode: 0o755)
    }
}
