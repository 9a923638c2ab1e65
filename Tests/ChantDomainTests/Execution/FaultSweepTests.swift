import ChantTesting
import Foundation
import Testing

@testable import ChantDomain

/// Effect 1, 2, 3 … of a run and of its recovery fails, or the process dies right after it, until none is left; whatever
/// it was, the service after the next start keeps what it promised.
///
/// The suite takes every few effects, `scripts/test-slow` every third (`CHANT_FAULT_STEP`), `scripts/sweep` all of them.
@Suite("Fault sweep", .serialized)
struct FaultSweepTests {
    private let id = DomainWorld.spec

    @Test(
        "R18, R43: whichever effect of a run fails, and wherever the process dies, one restart makes it whole",
        arguments: [
            true, false,
        ]
    )
    func run(dies: Bool) async throws {
        let last = try await FaultSweep.overEffects(every: 11) { number in
            let world = try await DomainWorld()
            let plan = FaultPlan(dies ? .dyingAfter(number) : .failing(number))
            let run = try await faulty(world, plan)
            try await FaultAftermath(world: world, what: "\(plan)").check(run)
            return plan.wasHit
        }
        #expect(last > 40, "a run has many effects")
    }

    @Test(
        "R18: whichever effect of a recovery fails, and wherever it dies, the next one makes it whole",
        arguments: ["worktree add", "start ", "--ff-only"],
        [true, false]
    )
    func recovery(after crash: String, dies: Bool) async throws {
        let last = try await FaultSweep.overEffects(every: 11) { number in
            let world = try await DomainWorld()
            let crashed = FaultPlan(.dyingAfterOne(crash))
            let run = try await faulty(world, crashed)
            #expect(crashed.wasHit, "\(crash) is an effect")
            let plan = FaultPlan(dies ? .dyingAfter(number) : .failing(number))
            try await recoverFaultily(world, plan)
            try await FaultAftermath(world: world, what: "after \(crash): \(plan)").check(run)
            return plan.wasHit
        }
        #expect(last > 0, "a recovery after \(crash) has effects")
    }

    /// Works the spec while the plan is at work; returns the run, if it was accepted.
    private func faulty(_ world: DomainWorld, _ plan: FaultPlan) async throws -> RunID? {
        let refusal: @Sendable (String) -> Bool = { plan.refuses($0) }
        return try await Effect.$refusal.withValue(refusal) {
            let domain = try await world.open()
            defer { domain.close() }
            try await domain.recover()
            plan.arm()
            async let running: Void = domain.run()
            let run = try? await domain.start(id).id
            if let run { try await quiet(domain, plan) { try domain.runs.run(run).state == .settled } }
            await domain.stop(plan.isDead ? .detach : .stop)
            await running
            return run
        }
    }

    /// Starts again while the plan is at work.
    private func recoverFaultily(_ world: DomainWorld, _ plan: FaultPlan) async throws {
        let refusal: @Sendable (String) -> Bool = { plan.refuses($0) }
        try await Effect.$refusal.withValue(refusal) {
            let domain = try await world.open()
            defer { domain.close() }
            plan.arm()
            guard (try? await domain.recover()) != nil else { return }
            async let running: Void = domain.run()
            try await quiet(domain, plan) { try domain.runs.list(RunQuery(states: RunState.live)).items.isEmpty }
            await domain.stop(plan.isDead ? .detach : .stop)
            await running
        }
    }

    /// Until all is done, or the process counts as dead, or what failed left nothing that goes on.
    private func quiet(_ domain: Domain, _ plan: FaultPlan, _ isDone: () throws -> Bool) async throws {
        try await eventually("an end after \(plan)", within: .seconds(60)) {
            if plan.isDead { return true }
            guard try await domain.status.status().busyWorkers == 0 else { return false }
            let queued = try domain.runs.list(RunQuery(states: [.queued])).items
            return try isDone() || plan.wasHit && queued.isEmpty
        }
    }
}

extension RunState {
    fileprivate static let live = Set(allCases.filter(\.isLive))
}

/// What must hold after the next start, whatever had gone wrong before.
struct FaultAftermath {
    let world: DomainWorld
    let what: String

    /// Serves until nothing is live, and looks at everything that the service had touched.
    func check(_ first: RunID?) async throws {
        let chain = try await world.serving { domain in
            try await eventually("everything settled, \(what)", within: .seconds(60)) {
                try domain.runs.list(RunQuery(states: RunState.live)).items.isEmpty
            }
            return try Self.chain(from: first, domain)
        }
        try await expectSpec(fits: chain.last)
        try await expectNothingLeft(chain)
    }

    /// The run and those that follow it: each but the last was interrupted.
    private static func chain(from first: RunID?, _ domain: Domain) throws -> [Run] {
        var chain: [Run] = []
        var next = first
        while let id = next {
            let run = try domain.runs.run(id)
            chain.append(run)
            next = run.nextRun
        }
        return chain
    }

    private func expectSpec(fits last: Run?) async throws {
        let status = try world.spec().status
        let subjects = try await world.project.git("log", "--format=%s", "--first-parent", "main")
        let completions = subjects.split(separator: "\n").count { $0.hasPrefix("chant: complete") }
        switch last?.outcome {
        case .completed:
            #expect(status == .completed, "\(what)")
            #expect(completions == 1, "\(what)")
            #expect(try await world.status() == "", "\(what)")
        // A run that failed before its spec was in progress leaves the file alone.
        case .failed: #expect(status == .failed || last?.worktree == nil && status == .pending, "\(what)")
        case .needsAttention: #expect(status == .needsAttention, "\(what)")
        case .cancelled, .interrupted, .refused, .paused, nil: #expect(status == .pending, "\(what)")
        }
        if last?.outcome != .completed { #expect(completions == 0, "\(what)") }
    }

    private func expectNothingLeft(_ chain: [Run]) async throws {
        let checkout = world.project.checkout
        #expect(try await world.refs("refs/chant/finish") == [], "\(what)")
        #expect(try await world.project.git("diff", "--cached", "--name-only") == "", "\(what)")
        #expect(!world.project.exists("\(checkout)/.git/index.lock"), "\(what)")
        #expect(!world.project.exists("\(checkout)/.chant/.locks/\(DomainWorld.spec).lock"), "\(what)")
        let specs = try FileManager.default.contentsOfDirectory(atPath: "\(checkout)/.chant/specs")
        #expect(specs == ["\(DomainWorld.spec).md"], "\(what)")
        for run in chain { #expect(ProcessTable.marked(run.id.text).isEmpty, "\(what)") }
        let (exit, _, complaints) = try await world.project.run("git", ["fsck", "--connectivity-only"])
        #expect(exit == .code(0), "\(what): \(complaints)")
        let worktrees = try await world.project.git("worktree", "list", "--porcelain").split(separator: "\n")
        let kept = worktrees.filter { $0.hasPrefix("worktree ") }.count - 1
        let keeps = chain.last?.outcome == .failed || chain.last?.outcome == .needsAttention
        #expect(kept <= (keeps ? 1 : 0), "\(what): \(worktrees)")
        #expect(!worktrees.contains { $0.hasPrefix("prunable") }, "\(what): \(worktrees)")
    }
}
