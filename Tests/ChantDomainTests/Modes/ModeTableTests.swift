import ChantTesting
import Foundation
import Testing

@testable import ChantDomain

/// Every row of the outcome table that scripted agents, configuration and people can reach, in all three modes.
///
/// The three modes of one row share a world: each works a spec of its own, side by side.
@Suite("All modes: the outcome table", .serialized)
struct ModeTableTests {
    /// So many worlds at once: agents sleep more than they compute.
    private static let together = 4

    @Test("R14, R48, I10: each row ends the same as single, chain and parallel: how agents end")
    func agents() async throws { try await expect(Situation.ofAgents) }

    @Test("R14, R48, I10: each row ends the same as single, chain and parallel: what is judged")
    func judged() async throws { try await expect(Situation.judged) }

    @Test("R14, R48, I10: each row ends the same as single, chain and parallel: the target and the spec's file")
    func targets() async throws { try await expect(Situation.ofTargets) }

    @Test("R14, R48, I10: each row ends the same as single, chain and parallel: retries, stops and people")
    func stops() async throws { try await expect(Situation.ofStops) }

    @Test("R11, R42, R48, I10: what a gate refuses later, in the worker, is refused alike in all modes")
    func gates() async throws { try await expect(Situation.ofGates) }

    @Test("R42, I10: what a gate refuses at the door is refused with the same word in all modes; nothing is written")
    func doors() async throws {
        let rows = Situation.ofGates.filter { $0.ends.outcome == .refused && $0.ends.reason != .specGone }
        try await sideBySide(rows) { row in
            let world = try await DomainWorld(specs: RunMode.allCases.map { DemoSpec(Situation.spec($0)) })
            try await world.serving { domain in
                let scene = Situation.Scene(world: world, domain: domain)
                try await row.meanwhile(scene)
                for mode in RunMode.allCases {
                    let spec = Situation.spec(mode)
                    let before = try world.project.specText(spec)
                    let refusal = try await domain.refusal(spec, mode)
                    #expect(refusal == row.ends.reason, "\(row.name), \(mode.rawValue)")
                    #expect(try world.project.specText(spec) == before)
                }
                #expect(try domain.runs.list(RunQuery()).items.isEmpty, "\(row.name)")
            }
        }
    }

    private func expect(_ rows: [Situation]) async throws {
        try await sideBySide(rows) { row in
            let found = try await SituationRun(row).aftermaths()
            for mode in RunMode.allCases { #expect(found[mode] == row.ends, "\(row.name), \(mode.rawValue)") }
        }
    }

    /// A few at once; what one row throws is told with its name.
    private func sideBySide(
        _ rows: [Situation],
        _ body: @escaping @Sendable (Situation) async throws -> Void
    ) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for (index, row) in rows.enumerated() {
                if index >= Self.together { try await group.next() }
                group.addTask {
                    do { try await body(row) } catch { Issue.record("\(row.name): \(error)") }
                }
            }
            try await group.waitForAll()
        }
    }
}

extension Domain {
    /// With which word work on a spec is refused; `nil` where it is accepted.
    fileprivate func refusal(_ spec: String, _ mode: RunMode) async throws -> RunReason? {
        do {
            _ = try await runs.work(StartRun(spec: specID(spec), mode: mode))
            return nil
        } catch RunError.refused(let refusal) {
            return refusal.reason
        }
    }
}

/// Plays one situation in all modes.
struct SituationRun {
    private static let agents = [
        "parallel:", "  stagger_delay_ms: 0", "  stagger_jitter_ms: 0", "  agents:",
        "    - { name: main, provider: command, command: [\"../agent.sh\"], max_concurrent: 4 }",
    ]
    private let row: Situation

    init(_ row: Situation) { self.row = row }

    func aftermaths() async throws -> [RunMode: Aftermath] {
        let specs = RunMode.allCases.map { DemoSpec(Situation.spec($0), header: row.header) }
        let hasAgents = row.configuration.contains("parallel:")
        let world = try await DomainWorld(
            agent: row.agent,
            specs: specs + (row.moment == .queued ? [DemoSpec(Situation.blocker)] : []),
            server: row.server,
            configuration: (hasAgents ? [] : Self.agents) + row.configuration
        )
        try await row.before(world)
        var runs: [Run] = []
        if let mode = row.leaving {
            runs = try await left(world, mode)
            try world.project.release("go")
            try await world.serving { domain in try await waitForEnd(runs, domain) }
        } else {
            runs = try await world.serving(workers: row.moment == .queued ? 1 : 4) { domain in
                let runs = try await played(domain, world)
                try world.project.release("go")
                try await waitForEnd(runs, domain)
                return runs
            }
        }
        var found: [RunMode: Aftermath] = [:]
        for run in runs { found[run.mode] = try await aftermath(run, world) }
        return found
    }

    /// A service that stops while the agents work.
    private func left(_ world: DomainWorld, _ mode: StopMode) async throws -> [Run] {
        let domain = try await world.open()
        defer { domain.close() }
        try await domain.recover()
        async let running: Void = domain.run()
        let runs: [Run]
        do {
            runs = try await played(domain, world)
        } catch {
            await domain.stop(.stop)
            await running
            throw error
        }
        await domain.stop(mode)
        await running
        return runs
    }

    /// Starts the runs and does what is to happen to them.
    private func played(_ domain: Domain, _ world: DomainWorld) async throws -> [Run] {
        if row.moment == .queued {
            let blocker = try await domain.start(Situation.blocker)
            try await domain.atWork(blocker.id)
        }
        var runs: [Run] = []
        for mode in RunMode.allCases { runs.append(try await started(mode, domain)) }
        if row.moment == .atWork {
            for run in runs {
                try await domain.saying("waiting", run.id, world)
                try await domain.atWork(run.id)
            }
        }
        try await row.meanwhile(Situation.Scene(world: world, domain: domain, runs: runs))
        return runs
    }

    private func started(_ mode: RunMode, _ domain: Domain) async throws -> Run {
        let id = try specID(Situation.spec(mode))
        let command = StartRun(spec: id, options: row.options, mode: mode)
        switch try await domain.runs.work(command) {
        case .run(let run): return run
        case .order(let order):
            var first: Run?
            try await eventually("the order's first run", within: .seconds(60)) {
                first = try await domain.runs.order(order.id).entries.first?.run
                return first != nil
            }
            guard let first else { throw IndexFixture.Fault.noID("no run in \(mode)") }
            return first
        }
    }

    /// Every accepted run has its outcome, and so has every order that waits for nothing more.
    private func waitForEnd(_ runs: [Run], _ domain: Domain) async throws {
        let waits = row.ends.isFollowed && row.ends.followed == nil
        for run in runs {
            if waits {
                _ = try await domain.settled(run.id)
            } else {
                let last = try await domain.runs.final(run.id, within: .seconds(60))
                try await eventually("the order of \(run.mode) ends, run: \(last.state)", within: .seconds(60)) {
                    try await domain.runs.order(run.orderID).order.settledAt != nil
                }
            }
        }
    }

    private func aftermath(_ first: Run, _ world: DomainWorld) async throws -> Aftermath {
        let (run, last) = try world.journal { journal in
            let run = try #require(try journal.run(first.id))
            var last = run
            while let next = last.nextRun { last = try #require(try journal.run(next)) }
            return (run, last)
        }
        var found = Aftermath(run.outcome ?? .interrupted, run.reason, try? world.spec(run.specID).status)
        found.keepsBranch = try await world.refs("refs/heads/\(run.branch)") != []
        // A run that follows takes the branch, and has a worktree of its own.
        found.keepsWorktree = (last.worktree ?? run.worktree).map(world.project.exists) ?? false
        // R54 goes by what else was settled meanwhile, and changes no outcome.
        let warnings = run.warnings.map(\.code).filter { $0 != .mainCheckoutChanged }
        found.warnings = warnings.sorted { $0.rawValue < $1.rawValue }
        found.isFollowed = run.nextRun != nil
        found.followed = run.nextRun == nil ? nil : last.outcome
        #expect(run.outcome != nil, "\(row.name), \(run.mode)")
        #expect(run.problem?.reason == run.reason, "\(row.name), \(run.mode)")
        let lock = try? world.project.text(".chant/.locks/\(run.specID).lock")
        #expect(lock == nil || lock == "1\n", "only that of process 1 stays: \(row.name)")
        return found
    }
}
