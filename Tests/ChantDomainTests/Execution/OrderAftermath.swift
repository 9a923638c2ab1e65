import ChantTesting
import Foundation
import Testing

@testable import ChantDomain

/// What must hold of an order after the next start, whatever had gone wrong before (I1 to I10).
struct OrderAftermath {
    let world: DomainWorld
    let shape: SweptOrder
    let what: String
    /// Whether the process had died: then nothing has failed, and everything completes.
    let dies: Bool

    /// What the journal and the stream of events say in the end.
    private struct Record: Sendable {
        let orders: [OrderDetails]
        let runs: [Run]
        let events: [DomainEvent]
    }

    /// Serves until nothing is live or open, and looks at everything that the service had touched.
    func check(isAccepted: Bool) async throws {
        let record = try await world.serving { domain in
            try await eventually("every order has ended, \(what)", within: .seconds(90)) {
                try await domain.runs.orders(OrderQuery(isOpen: true)).total == 0
            }
            return Record(
                orders: try await domain.runs.orders(OrderQuery()).items,
                runs: try domain.runs.list(RunQuery(limit: 500)).items,
                events: try await domain.events()
            )
        }
        // The answer to the request may be lost with the process; an order that was told of is there.
        #expect(record.orders.count == 1 || !isAccepted && record.orders.isEmpty, "\(what)")
        expectOutcomes(record)
        if shape == .chain { expectOneInFlight(record.events) }
        for spec in shape.leaves { try await expectSpec(spec, record.runs.filter { $0.specID == spec }) }
        if shape == .parallel { try expectDriver() }
        try await expectNoneLost()
        try await expectNothingLeft(record.runs)
    }

    /// R18: each run one outcome, told once; those that are followed name who follows.
    private func expectOutcomes(_ record: Record) {
        var settled: [RunID: Int] = [:]
        for case .runSettled(let facts) in record.events { settled[facts.runID, default: 0] += 1 }
        for run in record.runs {
            #expect(run.state == .settled && run.outcome != nil, "\(what)")
            #expect(settled[run.id] == 1, "\(what)")
            #expect(run.outcome != .interrupted || run.nextRun != nil, "\(what)")
            if let old = run.retryOf { #expect(record.runs.first { $0.id == old }?.nextRun == run.id, "\(what)") }
        }
        for order in record.orders where dies {
            let ends = order.entries.map { "\($0.specID) \($0.run?.outcome?.rawValue ?? $0.state.rawValue)" }
            #expect(order.isCompleted, "\(what): \(order.order.ended ?? "open"), \(ends)")
        }
    }

    /// R15: from its start to its outcome no run of a chain sees another.
    private func expectOneInFlight(_ events: [DomainEvent]) {
        var inFlight: Set<RunID> = []
        for event in events {
            switch event {
            case .runStarted(let facts):
                inFlight.insert(facts.runID)
                #expect(inFlight.count == 1, "\(what)")
            case .runSettled(let facts): inFlight.remove(facts.runID)
            default: break
            }
        }
    }

    private func expectSpec(_ id: String, _ runs: [Run]) async throws {
        let last = runs.first { $0.nextRun == nil }
        let status = try world.spec(id).status
        let subjects = try await world.project.git(
            "log",
            "--format=%s",
            "--first-parent",
            "--grep=^Chant-Spec: \(id)$",
            "main"
        )
        let completions = subjects.split(separator: "\n").count { $0.hasPrefix("chant: complete") }
        let isCompleted = last?.outcome == .completed
        #expect(completions == (isCompleted ? 1 : 0), "\(id), \(what)")
        switch last?.outcome {
        case .completed: #expect(status == .completed, "\(id), \(what)")
        // A run that failed before its spec was in progress leaves the file alone.
        case .failed:
            #expect(status == .failed || last?.worktree == nil && status == .pending, "\(id), \(what)")
        case .needsAttention: #expect(status == .needsAttention, "\(id), \(what)")
        case .cancelled, .interrupted, .refused, .paused, nil: #expect(status == .pending, "\(id), \(what)")
        }
    }

    /// R9: the driver is completed exactly if its members are.
    private func expectDriver() throws {
        let members = try shape.leaves.filter { $0.hasPrefix(SweptOrder.driver) }.map { try world.spec($0).status }
        let isCompleted = try world.spec(SweptOrder.driver).status == .completed
        #expect(isCompleted == members.allSatisfy { $0 == .completed }, "\(what)")
    }

    /// R21, R49: no commit of any agent is unreachable; and no agent met another one of its spec.
    private func expectNoneLost() async throws {
        #expect(!world.project.exists("\(world.project.folder)/overlap"), "\(what)")
        let made = (try? world.project.text(atPath: "\(world.project.folder)/made")) ?? ""
        for commit in Set(made.split(separator: "\n").map(String.init)) {
            let refs = try await world.project.git("for-each-ref", "--contains", commit, "--format=%(refname)")
            #expect(!refs.isEmpty, "\(commit), \(what)")
        }
    }

    private func expectNothingLeft(_ runs: [Run]) async throws {
        let checkout = world.project.checkout
        #expect(try await world.refs("refs/chant/finish") == [], "\(what)")
        #expect(try await world.project.git("diff", "--cached", "--name-only") == "", "\(what)")
        #expect(!world.project.exists("\(checkout)/.git/index.lock"), "\(what)")
        let locks = try FileManager.default.contentsOfDirectory(atPath: "\(checkout)/.chant/.locks")
        #expect(locks.filter { $0 != "server.lock" } == [], "\(what)")
        let specs = try FileManager.default.contentsOfDirectory(atPath: "\(checkout)/.chant/specs")
        let isOdd = specs.contains { $0.hasSuffix(".tmp") }
        #expect(!isOdd, "\(what): \(specs)")
        for run in runs { #expect(ProcessTable.marked(run.id.text).isEmpty, "\(what)") }
        let (exit, _, complaints) = try await world.project.run("git", ["fsck", "--connectivity-only"])
        #expect(exit == .code(0), "\(what): \(complaints)")
        let worktrees = try await world.project.git("worktree", "list", "--porcelain").split(separator: "\n")
        let kept = worktrees.filter { $0.hasPrefix("worktree ") }.count - 1
        let keeping = runs.filter { $0.nextRun == nil && ($0.outcome == .failed || $0.outcome == .needsAttention) }
        #expect(kept <= keeping.count, "\(what): \(worktrees)")
        #expect(!worktrees.contains { $0.hasPrefix("prunable") }, "\(what): \(worktrees)")
        let status = try await world.status()
        #expect(status.isEmpty || !keeping.isEmpty || !dies, "\(what): \(status)")
    }
}
