import CLinux
import Glibc

/// The program `chant-server supervise`: an agent's only parent, which watches it, stops it and records its end.
///
/// It outlives the service. It has one thread, and touches nothing but Glibc, so that fifty of them do not matter.
public struct AgentSupervisor {
    /// Where it is on the way to its end.
    enum Phase {
        /// The agent runs within its limits.
        case running
        /// The agent has ended; what is about to follow by itself has a moment for it.
        case settling(until: Int64)
        /// What still runs was asked to end.
        case terminating
        /// The grace is over.
        case killing
        /// Nothing is left.
        case over
    }

    let order: SupervisorOrder
    let folder: SupervisorFolder
    let agent: Int32
    let startedAt: Int64
    var limits: LimitWatch

    var phase = Phase.running
    var reason: EndedBy?
    var ended: clinux_ended?
    var endedAt: Int64 = 0
    var hasChildren = true
    /// When the grace of a stop is over.
    var graceEnd: Int64?
    /// Whether what the agent left was asked to end.
    var restIsAsked = false
    /// What had to be stopped besides the agent.
    var leftovers: Set<ProcessEntry.Key> = []
    var killPause: Int64 = 5

    private var nextLook: Int64 = 0
    private var nextBeat: Int64 = 0
    private var notedSize: Int64 = 0

    /// Runs one agent to its end.
    ///
    /// - Parameter arguments: the words after `supervise`.
    /// - Returns: the exit code: 0 with a record in `exit.json`; 64 for words that mean nothing, 71 where the system
    ///   refuses, 74 where the run folder is of no use: then no agent has run.
    public static func run(arguments: [String]) -> Int32 {
        guard let order = SupervisorOrder(commandLine: arguments), order.runFolder.hasPrefix("/") else {
            return refuse("supervise is started by the service, not by hand", code: 64)
        }
        guard clinux_open_standard() == 0, clinux_hold_signals() == 0, clinux_become_subreaper() == 0 else {
            return refuse(SupervisorFailure(what: "cannot become a supervisor", code: errno).text, code: 71)
        }
        // Fails where it leads a session already, as it does when the service started it.
        setsid()
        clinux_set_name("chant-supervise")
        chdir("/")
        do throws(SupervisorFailure) {
            let folder = try SupervisorFolder(order)
            guard var supervisor = try start(order, folder) else { return 0 }
            hangUp()
            supervisor.watch()
            try folder.writeExit(supervisor.record)
            return 0
        } catch {
            return refuse(error.text, code: 74)
        }
    }

    init(_ order: SupervisorOrder, _ folder: SupervisorFolder, agent: Int32, startedAt: Int64) {
        self.order = order
        self.folder = folder
        self.agent = agent
        self.startedAt = startedAt
        let now = SupervisorClock.sinceBoot
        limits = LimitWatch(wall: order.wall, idle: order.idle, logBytes: order.logBytes, now: now)
    }

    /// Looks after the agent until nothing of it is left.
    private mutating func watch() {
        while true {
            let signal = clinux_next_signal(Int32(pause(at: SupervisorClock.sinceBoot)))
            reap()
            let now = SupervisorClock.sinceBoot
            // What ended by itself before it could be asked has ended by itself.
            if signal == SIGTERM { stop(.asked, at: now) }
            if now >= nextLook { look(at: now) }
            advance(at: now)
            if case .over = phase { break }
        }
        note()
    }

    /// Takes the exit of every child that has ended; what a subreaper's descendants leave behind is its child.
    private mutating func reap() {
        var child = clinux_ended()
        while true {
            let result = clinux_reap(&child)
            hasChildren = result >= 0
            guard result > 0 else { return }
            guard child.pid == agent else { continue }
            ended = child
            endedAt = SupervisorClock.now
            if reason == nil { reason = .exit }
        }
    }

    private mutating func look(at now: Int64) {
        if now >= nextBeat {
            folder.beat()
            nextBeat = now + 10_000
        }
        note()
        nextLook = now + limits.interval
        guard case .running = phase, ended == nil else { return }
        let broken = limits.broken(at: now, size: folder.sizes.all) { Self.processorTime() }
        if let broken { stop(broken, at: now) }
    }

    private mutating func note() {
        let size = folder.sizes.output
        guard size != notedSize else { return }
        notedSize = size
        folder.note(size: size, at: SupervisorClock.now)
    }

    private func pause(at now: Int64) -> Int64 {
        let event: Int64 =
            switch phase {
            case .running: nextLook
            case .settling(let end): min(end, nextLook)
            case .terminating: min(graceEnd ?? now, nextLook)
            case .killing: min(now + killPause, nextLook)
            case .over: now
            }
        return max(0, min(event - now, 10_000))
    }

    /// What the whole tree has used so far, in microseconds: what lives, and what was reaped here.
    private static func processorTime() -> Int64 {
        let ticks = ProcessTable.descendants(of: getpid()).reduce(0) { $0 + $1.ownTicks + $1.waitedTicks }
        let reaped = SupervisorUsage.ofReapedChildren
        return Int64(ticks) * (1_000_000 / ProcessTable.ticksPerSecond) + reaped.user + reaped.system
    }

    private static func refuse(_ text: String, code: Int32) -> Int32 {
        _ = SmallFile.write(Array("chant-server supervise: \(text)\n".utf8), to: 2)
        return code
    }

    /// Closes the line to the service: its end tells that the agent's start is decided.
    private static func hangUp() {
        let null = open("/dev/null", O_RDWR | O_CLOEXEC)
        guard null >= 0 else { return }
        dup2(null, 2)
        close(null)
    }
}
