import Foundation
import Logging
import Synchronization

@testable import ChantDomain

/// The real domain in a world of which everything follows from one seed.
///
/// Dispatcher, executor, settlement, lifecycle, store, journal and recovery are the service's own. Git, agents, time and the
/// order in which tasks go on are not; the files lie on a disk in memory.
final class Simulation: Sendable {
    /// What is made wrong on purpose, to show that it would be found.
    struct Sabotage: Sendable {
        var git = SimulatedGit.Sabotage.none
        var agents = SimulatedAgents.Sabotage.none
        var strategies: @Sendable (RunMode) -> any SchedulingStrategy = { $0.strategy }
    }

    let seed: UInt64
    let world: DrawnWorld
    let project: SimulatedProject
    let clock = ManualClock()
    let trace: Trace
    let scheduler: SeededExecutor
    let git: SimulatedGit
    let agents: SimulatedAgents
    let runner: SimulatedRunner
    let people: People
    let plan: Dice
    /// Why runs ended otherwise than completed.
    let reasons = Mutex<[RunReason]>([])
    private let strategies: @Sendable (RunMode) -> any SchedulingStrategy

    /// What a simulation was, and what was wrong.
    struct Report: Sendable {
        let seed: UInt64
        let violations: [String]
        let trace: [String]
        /// Why runs ended otherwise than completed.
        let reasons: [RunReason]
    }

    init(seed: UInt64, sabotage: Sabotage = Sabotage(), size: DrawnWorld.Size? = nil) throws {
        self.seed = seed
        strategies = sabotage.strategies
        plan = Dice(seed: seed, "plan")
        let trace = Trace(clock)
        self.trace = trace
        scheduler = SeededExecutor(Dice(seed: seed, "order of tasks"))
        world = DrawnWorld(plan, size)
        project = try SimulatedProject(world)
        let clock = clock
        git = try SimulatedGit(
            checkout: project.checkout,
            sabotage: sabotage.git,
            seconds: { Int(clock.date.timeIntervalSince1970) },
            complain: { trace.violation($0) }
        )
        git.commitCheckout("Begin")
        agents = SimulatedAgents(
            git,
            clock,
            scheduler,
            Dice(seed: seed, "agents"),
            trace,
            limits: Dictionary(world.agents.map { ($0.name, $0.limit) }) { $1 },
            contention: world.contention,
            sabotage: sabotage.agents
        )
        runner = SimulatedRunner(git, folder: project.folder, scheduler, clock, Dice(seed: seed, "git"), trace)
        people = People(project, clock, trace)
    }

    /// Lives through all of it and looks at what is left.
    static func run(
        seed: UInt64,
        sabotage: Sabotage = Sabotage(),
        size: DrawnWorld.Size? = nil
    ) throws -> Report {
        let simulation = try Simulation(seed: seed, sabotage: sabotage, size: size)
        simulation.run()
        return Report(
            seed: seed,
            violations: simulation.trace.violations,
            trace: simulation.trace.lines,
            reasons: simulation.reasons.withLock { $0 }
        )
    }

    private func run() {
        let lives = plan.one(of: world.size == .large ? [1, 2, 3, 4] : [1, 1, 2, 2, 3])
        for number in 1...lives {
            let isLast = number == lives
            project.waitForLocks()
            let life = SimulatedLife(self, isLast ? .none : drawnFault(), number: number, isLast: isLast)
            guard life.run() else { return }
            if !isLast { pass(plan.one(of: [0, 10, 700, 5000])) }
        }
    }

    private func drawnFault() -> ServiceLife.Fault {
        switch plan.number(in: 0...9) {
        case 0..<6: .dyingAfter(plan.number(in: 1...160))
        case 6..<8: .failing(plan.number(in: 5...160))
        default: .none
        }
    }

    /// Time without a service: agents go on.
    private func pass(_ milliseconds: Int) {
        let end = clock.milliseconds + milliseconds
        while scheduler.step() {}
        while clock.milliseconds < end, clock.advance() { while scheduler.step() {} }
        if clock.milliseconds < end { clock.jump(end - clock.milliseconds) }
    }

    /// Whether no run is live and no order open.
    static func isQuiet(_ domain: Domain) -> Bool {
        let journal = domain.runs.journal
        guard ((try? journal.liveRuns()) ?? []).isEmpty else { return false }
        return ((try? journal.openOrders(project: domain.project.path)) ?? []).isEmpty
    }

    var settings: DomainSettings {
        var settings = DomainSettings(
            projectFolder: project.checkout,
            stateFolder: project.state,
            worktreesFolder: project.worktrees,
            workers: world.workers,
            ownProgram: "/bin/true",
            environment: ["HOME": "\(project.folder)/home", "PATH": "\(project.folder)/bin"],
            version: "simulated",
            logger: Logger(label: "simulated") { [trace, folder = project.folder] _ in
                TraceLog(
                    trace: trace,
                    folder: folder,
                    key: String(Digest(of: Array("\(folder)/project/.git".utf8)).hex.prefix(12))
                )
            }
        )
        settings.runner = runner
        settings.strategies = strategies
        settings.measure = { Resources(worktrees: nil, state: nil, memory: nil) }
        return settings
    }
}

/// Errors and warnings of the service's log, as part of the trace.
private struct TraceLog: LogHandler {
    let trace: Trace
    /// Differs from one run of a seed to the next.
    let folder: String
    /// The repository's, which does too.
    let key: String
    var logLevel = Logger.Level.warning
    var metadata: Logger.Metadata = [:]

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: Logging.LogEvent) {
        let words = (event.metadata ?? [:]).sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" }
        let text = words.joined(separator: ", ").replacingOccurrences(of: folder, with: "")
            .replacingOccurrences(of: key, with: "key")
        trace.note("log: \(event.message) \(text.prefix(400))")
    }
}
