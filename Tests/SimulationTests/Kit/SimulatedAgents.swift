import Foundation
import Synchronization

@testable import ChantDomain

/// The agents and supervisors of one simulated machine: they outlive the service, as real ones do.
final class SimulatedAgents: Sendable {
    enum Sabotage: Sendable {
        case none
        /// Who waits for an agent's end is told of it while the agent still works.
        case endsEarly
    }

    final class Agent: Sendable {
        let launch: AgentLaunch
        let record: SupervisedAgent
        let spec: String
        let name: String
        let part: AgentPart
        fileprivate let state = Mutex(AgentState())

        init(_ launch: AgentLaunch, _ record: SupervisedAgent, _ part: AgentPart) {
            self.launch = launch
            self.record = record
            self.part = part
            spec = launch.environment["CHANT_SPEC_ID"] ?? "?"
            name = launch.program.split(separator: "/").last.map(String.init) ?? "?"
        }

        var isAlive: Bool { state.withLock { $0.isAlive } }
        var isSupervised: Bool { state.withLock { $0.isSupervised } }
    }

    fileprivate struct AgentState {
        var isAlive = true
        var isSupervised = true
        var wasAsked = false
        var isMarkedForDeath = false
        var work: Task<Void, Never>?
        var waiting: [Int: CheckedContinuation<Void, Never>] = [:]
    }

    private struct State {
        var agents: [Agent] = []
        var lastWaiter = 0
    }

    let git: SimulatedGit
    let clock: ManualClock
    let trace: Trace
    /// How many runs of each agent there may be, by its name.
    let limits: [String: Int]
    /// In how many of a hundred cases an agent writes what others write differently.
    let contention: Int
    let sabotage: Sabotage
    private let scheduler: SeededExecutor
    private let dice: Dice
    private let state = Mutex(State())

    init(
        _ git: SimulatedGit,
        _ clock: ManualClock,
        _ scheduler: SeededExecutor,
        _ dice: Dice,
        _ trace: Trace,
        limits: [String: Int],
        contention: Int,
        sabotage: Sabotage = .none
    ) {
        self.git = git
        self.clock = clock
        self.scheduler = scheduler
        self.dice = dice
        self.trace = trace
        self.limits = limits
        self.contention = contention
        self.sabotage = sabotage
    }

    /// Those that live, whether their supervisors do or not.
    var living: [Agent] { state.withLock { $0.agents }.filter(\.isAlive) }
    /// All that were ever started.
    var all: [Agent] { state.withLock { $0.agents } }

    func start(_ launch: AgentLaunch) async throws(SpawnError) -> SupervisedAgent {
        if dice.happens(50) { await scheduler.pause() }
        if dice.happens(2) { throw .agentNotStarted(message: "Exec format error") }
        let number = state.withLock { $0.agents.count }
        let own = ProcessIdentity.own
        func identity(_ offset: Int32) -> ProcessIdentity {
            ProcessIdentity(
                pid: 5_000_000 + Int32(number) * 2 + offset,
                startTicks: UInt64(number),
                bootID: own?.bootID ?? "",
                pidNamespace: own?.pidNamespace ?? ""
            )
        }
        let milliseconds = Int64(clock.date.timeIntervalSince1970 * 1000)
        let record = SupervisedAgent(
            runID: launch.runID,
            runFolder: launch.runFolder,
            supervisor: identity(0),
            agent: identity(1),
            startedAt: Date(timeIntervalSince1970: Double(milliseconds) / 1000)
        )
        let agent = Agent(launch, record, AgentPart.thrown(dice, contention: contention))
        check(agent)
        write(record, milliseconds)
        state.withLock { $0.agents.append(agent) }
        trace.note("agent \(number) starts for \(agent.spec): \(agent.part)")
        let work = Task.detached(executorPreference: scheduler) { await SimulatedWork(self, agent).run() }
        agent.state.withLock { $0.work = work }
        return record
    }

    /// What must never be at an agent's start.
    private func check(_ new: Agent) {
        for other in living {
            if other.spec == new.spec { trace.violation("an agent of \(new.spec) starts while another one lives") }
            if other.launch.runID == new.launch.runID { trace.violation("a second agent starts for one run") }
        }
        let same = living.count { $0.name == new.name } + 1
        if let limit = limits[new.name], same > limit {
            trace.violation("I5: \(same) agents of \(new.name) at once, max_concurrent is \(limit)")
        }
    }

    private func write(_ record: SupervisedAgent, _ milliseconds: Int64) {
        let text = SupervisorJSON.object([
            ("version", "1"), ("run", SupervisorJSON.string(record.runID.text)),
            ("supervisor", SupervisorJSON.identity(record.supervisor)),
            ("agent", SupervisorJSON.identity(record.agent)),
            ("started_at", SupervisorJSON.string(SupervisorClock.text(milliseconds))),
        ])
        DiskFile.put(Array(text.utf8), at: "\(record.runFolder)/process.json")
        if DiskFile.read("\(record.runFolder)/out.log") == nil {
            DiskFile.put(Array("begin\n".utf8), at: "\(record.runFolder)/out.log")
        }
    }

    private func found(_ record: SupervisedAgent) -> Agent? {
        state.withLock { $0.agents }.first { $0.record.supervisor.pid == record.supervisor.pid }
    }

    // MARK: - What the service may ask

    func askToStop(_ record: SupervisedAgent) -> Bool {
        guard let agent = found(record), agent.isSupervised else { return false }
        agent.state.withLock { state in
            state.wasAsked = true
            state.work?.cancel()
        }
        return true
    }

    func isAlive(_ pid: Int32) -> Bool {
        if pid == getpid() { return true }
        return state.withLock { $0.agents }.contains { agent in
            (agent.record.supervisor.pid == pid && agent.isSupervised)
                || (agent.record.agent.pid == pid && agent.isAlive)
        }
    }

    /// Stops an agent whose supervisor is gone.
    func stopMarked(_ run: RunID, waiting: () async -> Void) async -> Int {
        let marked = living.filter { $0.launch.runID == run }
        for agent in marked {
            agent.state.withLock { state in
                state.isMarkedForDeath = true
                state.work?.cancel()
            }
        }
        while marked.contains(where: \.isAlive) { await waiting() }
        return marked.count
    }

    /// Waits until the supervisor is gone, or the task is cancelled, or `end` says that waiting is over.
    func waitUntilGone(_ record: SupervisedAgent, _ life: ServiceLife) async {
        guard let agent = found(record) else { return }
        let key = state.withLock { state in
            state.lastWaiter += 1
            return state.lastWaiter
        }
        let leave: @Sendable () -> Void = {
            agent.state.withLock { $0.waiting.removeValue(forKey: key) }?.resume()
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let waits = agent.state.withLock { state in
                    guard state.isSupervised, !Task.isCancelled, !life.isDead, sabotage == .none else { return false }
                    state.waiting[key] = continuation
                    return true
                }
                if waits { life.onDeath(leave) } else { continuation.resume() }
            }
        } onCancel: {
            leave()
        }
        if sabotage == .endsEarly, agent.isAlive { leaveRecord(of: agent, code: 0, signal: nil, by: .exit) }
    }

    // MARK: - How an agent ends

    func wasAsked(_ agent: Agent) -> Bool { agent.state.withLock { $0.wasAsked || $0.isMarkedForDeath } }

    /// The supervisor writes its record and goes.
    func end(_ agent: Agent, code: Int32?, signal: Int32?, by reason: EndedBy) {
        agent.state.withLock { $0.isAlive = false }
        guard agent.isSupervised else { return }
        leaveRecord(of: agent, code: code, signal: signal, by: reason)
        trace.note("agent of \(agent.spec) ends by \(reason.rawValue)")
        loseSupervisor(of: agent)
    }

    func loseSupervisor(of agent: Agent) {
        let waiting = agent.state.withLock { state in
            state.isSupervised = false
            defer { state.waiting = [:] }
            return state.waiting.sorted { $0.key < $1.key }.map(\.value)
        }
        for continuation in waiting { continuation.resume() }
    }

    private func leaveRecord(of agent: Agent, code: Int32?, signal: Int32?, by reason: EndedBy) {
        let milliseconds = Int64(clock.date.timeIntervalSince1970 * 1000)
        let text = SupervisorJSON.object([
            ("version", "1"), ("code", code.map { String($0) }), ("signal", signal.map { String($0) }),
            ("started_at", SupervisorJSON.string(SupervisorClock.text(milliseconds))),
            ("ended_at", SupervisorJSON.string(SupervisorClock.text(milliseconds))),
            ("by", SupervisorJSON.string(reason.rawValue)),
            (
                "usage",
                SupervisorJSON.object([("user_seconds", "0"), ("system_seconds", "0"), ("max_rss_bytes", "0")])
            ),
            ("leftovers", "0"),
        ])
        DiskFile.put(Array(text.utf8), at: "\(agent.launch.runFolder)/exit.json")
    }
}
