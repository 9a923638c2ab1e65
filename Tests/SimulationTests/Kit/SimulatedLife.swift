import Foundation
import Synchronization

@testable import ChantDomain

/// One life of the service within a simulation: it serves, people ask, and it ends by a stop, by a crash, or because all is
/// quiet.
final class SimulatedLife: Sendable {
    private struct State {
        var domain: Domain?
        var isDone = false
        var isStopSent = false
        var peopleLeft = 0
        var heard: [RecordedEvent] = []
    }

    private let simulation: Simulation
    private let life: ServiceLife
    private let number: Int
    private let isLast: Bool
    private let dice: Dice
    private let state = Mutex(State())
    /// At this moment somebody stops the service.
    private let end: (at: Int, mode: StopMode)?

    private var clock: ManualClock { simulation.clock }
    private var trace: Trace { simulation.trace }
    private var domain: Domain? { state.withLock { $0.domain } }

    /// So long nothing may happen before the world counts as stuck.
    private static let patience = 3600 * 1000
    private static let mostSteps = 300_000

    init(_ simulation: Simulation, _ fault: ServiceLife.Fault, number: Int, isLast: Bool) {
        self.simulation = simulation
        self.number = number
        self.isLast = isLast
        dice = Dice(seed: simulation.seed, "life \(number)")
        life = ServiceLife(
            fault,
            simulation.scheduler,
            simulation.clock,
            Dice(seed: simulation.seed, "numbers \(number)"),
            simulation.trace
        )
        let stops = !isLast && fault == .none
        end =
            stops
            ? (
                simulation.clock.milliseconds + dice.one(of: [0, 50, 400, 3000]),
                dice.one(of: [.stop, .detach, .drain])
            )
            : nil
    }

    /// Serves to the end; `false` where the world is stuck, so that nothing more can be said.
    func run() -> Bool {
        trace.note("life \(number) begins: \(life.fault)")
        begin()
        let isWhole = drive()
        guard isWhole, let domain else { return isWhole }
        if isLast { Aftermath(simulation, domain).check() }
        domain.close()
        while simulation.scheduler.step() {}
        HeardEvents(state.withLock { $0.heard }, trace).check()
        return true
    }

    private func begin() {
        let life = life
        let agents = AgentsOfLife(agents: simulation.agents, runner: simulation.runner, life: life)
        Task(executorPreference: simulation.scheduler) {
            await Surroundings.$simulated.withValue(life) {
                await ProcessWorld.$simulated.withValue(agents) {
                    await Effect.$refusal.withValue({ life.refuses($0) }) { await self.serve() }
                }
            }
            self.state.withLock { $0.isDone = true }
        }
    }

    private func serve() async {
        do {
            let domain = try await Domain.open(simulation.settings)
            state.withLock { $0.domain = domain }
            listen(to: domain)
            try await domain.recover()
            let visitors = dice.number(in: simulation.world.size == .tiny ? 1...2 : 1...3)
            state.withLock { $0.peopleLeft = visitors }
            await withTaskGroup { group in
                group.addTask { await domain.run() }
                for visitor in 1...visitors {
                    group.addTask {
                        let dice = Dice(seed: self.simulation.seed, "life \(self.number) visitor \(visitor)")
                        await self.simulation.people.visit(domain, self.life, dice, isPatient: self.isLast)
                        self.state.withLock { $0.peopleLeft -= 1 }
                    }
                }
            }
        } catch {
            if life.hit == nil { trace.violation("the service did not start: \(error)") }
        }
    }

    private func listen(to domain: Domain) {
        let subscription = domain.events.subscribe(after: 0)
        Task(executorPreference: simulation.scheduler) {
            for await event in subscription { self.state.withLock { $0.heard.append(event) } }
        }
    }

    // MARK: - Driving

    private func drive() -> Bool {
        var steps = 0
        var rounds = 0
        var progress = (journal: Int64(-1), people: -1, at: clock.milliseconds)
        while !state.withLock({ $0.isDone }) {
            if life.isDead { stop(.detach) }
            if simulation.scheduler.step() {
                steps += 1
                if steps > Self.mostSteps { return stuck("it never comes to rest") }
                continue
            }
            if life.isDead {
                guard unwind(&rounds) else { return stuck("it died, and something waits all the same") }
                continue
            }
            if let end, clock.milliseconds >= end.at { stop(end.mode) }
            let changes = domain?.runs.journal.newestPublished ?? 0
            let people = state.withLock { $0.peopleLeft }
            if changes != progress.journal || people != progress.people {
                progress = (changes, people, clock.milliseconds)
                if end == nil, let domain, isQuiet(domain) { stop(.stop) }
            }
            guard clock.milliseconds - progress.at < Self.patience else { return stuck("nothing happens any more") }
            if simulation.scheduler.isIdle, !clock.advance() { return stuck("nobody waits for a time") }
        }
        return true
    }

    /// What the dead service had begun goes on to its end: git does not die with it.
    ///
    /// Its tasks do not wait any more; some come back to their pauses, but not for ever.
    private func unwind(_ rounds: inout Int) -> Bool {
        rounds += 1
        clock.wake(owner: ObjectIdentifier(simulation.runner))
        clock.wake(owner: ObjectIdentifier(life))
        return rounds < 300
    }

    private func stop(_ mode: StopMode) {
        let domain = state.withLock { state -> Domain? in
            guard !state.isStopSent, let domain = state.domain else { return nil }
            state.isStopSent = true
            return domain
        }
        guard let domain else { return }
        trace.note("stop: \(mode)")
        let life = life
        let agents = AgentsOfLife(agents: simulation.agents, runner: simulation.runner, life: life)
        Task(executorPreference: simulation.scheduler) {
            await Surroundings.$simulated.withValue(life) {
                await ProcessWorld.$simulated.withValue(agents) {
                    await Effect.$refusal.withValue({ life.refuses($0) }) { await domain.stop(mode) }
                }
            }
        }
    }

    /// Nobody wants anything more, and nothing is under way.
    private func isQuiet(_ domain: Domain) -> Bool {
        guard state.withLock({ $0.peopleLeft == 0 }) else { return false }
        return Simulation.isQuiet(domain)
    }

    /// Says who waits for what.
    private func stuck(_ why: String) -> Bool {
        let runs = (try? domain?.runs.journal.liveRuns()) ?? []
        let waiting = runs.map { "\($0.specID) is \($0.state.rawValue), stage \($0.stage?.rawValue ?? "-")" }
        let alive = simulation.agents.living.map { "an agent of \($0.spec) lives" }
        let rest = [
            "\(clock.sleepers) sleep", "\(simulation.runner.commands) commands at work",
            "\(state.withLock { $0.peopleLeft }) people still ask",
        ]
        trace.violation("stuck, \(why): " + (waiting + alive + rest).joined(separator: "; "))
        return false
    }
}
