import Foundation
import Synchronization

@testable import ChantDomain

/// One life of the service, from its start to its stop or its sudden end.
///
/// After its death nothing that it does changes the world any more, and no time passes for it: its tasks run out, as in the
/// fault sweep, and leave what `kill -9` would have left.
final class ServiceLife: SimulatedSurroundings {
    enum Fault: Sendable, Equatable {
        case none
        /// This change of the world fails, and no other.
        case failing(Int)
        /// The process dies right after this change.
        case dyingAfter(Int)
    }

    private struct State {
        var count = 0
        var isDead = false
        var askedWhileDead = 0
        var hit: String?
        var onDeath: [@Sendable () -> Void] = []
    }

    let fault: Fault
    private let scheduler: SeededExecutor
    private let clock: ManualClock
    private let dice: Dice
    private let trace: Trace
    private let state = Mutex(State())

    init(_ fault: Fault, _ scheduler: SeededExecutor, _ clock: ManualClock, _ dice: Dice, _ trace: Trace) {
        self.fault = fault
        self.scheduler = scheduler
        self.clock = clock
        self.dice = dice
        self.trace = trace
    }

    var date: Date { clock.date }
    /// After its death nobody who asks waits long for an end that nothing brings any more.
    var uptime: Duration {
        let asked = state.withLock { state -> Int in
            if state.isDead { state.askedWhileDead += 1 }
            return state.askedWhileDead
        }
        return .milliseconds(clock.milliseconds + 1_000_000 + asked * 1000)
    }
    var executor: any TaskExecutor { scheduler }
    func number() -> UInt64 { dice.number() }
    func yield() async { await scheduler.pause() }

    func sleep(for duration: Duration) async throws {
        try await clock.sleep(for: duration, owner: ObjectIdentifier(self))
    }

    var isDead: Bool { state.withLock { $0.isDead } }
    /// The change that failed, or after which the service died.
    var hit: String? { state.withLock { $0.hit } }

    /// Calls `action` when the service dies; at once where it is dead.
    func onDeath(_ action: @escaping @Sendable () -> Void) {
        let isDead = state.withLock { state in
            if !state.isDead { state.onDeath.append(action) }
            return state.isDead
        }
        if isDead { action() }
    }

    /// What `Effect.refusal` asks.
    func refuses(_ what: String) -> Bool {
        if ReadingOnly.isSo(what) { return false }
        let (refused, died) = state.withLock { state -> (Bool, Bool) in
            if state.isDead { return (true, false) }
            state.count += 1
            switch fault {
            case .none: return (false, false)
            case .failing(let number):
                guard state.count == number else { return (false, false) }
                state.hit = what
                return (true, false)
            case .dyingAfter(let number):
                guard state.count == number else { return (false, false) }
                state.hit = what
                state.isDead = true
                return (false, true)
            }
        }
        if refused || died {
            trace.note("\(died ? "died after" : "failed"): \(Self.brief(what))", isPlain: !isDead || died)
        }
        if died { passOn() }
        return refused
    }

    /// A change by its name, without what differs between two runs of one seed: settings of git, folders, chance names.
    private static func brief(_ what: String) -> String {
        if what.hasPrefix("run rm") || what.hasPrefix("run chmod") { return "run rm" }
        let words = what.split(separator: " ")
        let verb = words.lastIndex { $0 == "%B" }.map { words[($0 + 1)...] } ?? words[...]
        return verb.prefix(6).map { $0.split(separator: "/").last.map(String.init) ?? "/" }.joined(separator: " ")
    }

    private func passOn() {
        let actions = state.withLock { state in
            defer { state.onDeath = [] }
            return state.onDeath
        }
        for action in actions { action() }
    }
}

/// What only looks is no change of the world, whether it works or not; nor are the copies in the original's log.
enum ReadingOnly {
    private static let verbs: Set<String> = [
        "rev-parse", "show-ref", "for-each-ref", "cat-file", "ls-tree", "ls-files", "status", "diff", "diff-tree",
        "diff-index", "log", "rev-list", "merge-base", "merge-file", "symbolic-ref", "var", "version", "config",
        "check-ignore",
    ]

    static func isSo(_ what: String) -> Bool {
        if what.contains("/.chant/logs/") { return true }
        guard what.hasPrefix("run git") else { return false }
        return what.split(separator: " ").contains { verbs.contains(String($0)) }
            || what.contains(" worktree list ")
    }
}
