import Foundation
import Synchronization

@testable import ChantDomain

/// Refuses changes of the world: one, as a failing disk does, or every one after it, as `kill -9` does.
final class FaultPlan: Sendable, CustomStringConvertible {
    enum Fault: Sendable {
        /// This change fails, and no other.
        case failing(Int)
        /// The process dies right after this change.
        case dyingAfter(Int)
        /// The process dies right after the first change whose name contains this.
        case dyingAfterOne(String)
    }

    fileprivate struct State {
        var isArmed = false
        var count = 0
        var isDead = false
        var hit: String?
    }

    private let fault: Fault
    private let state = Mutex(State())

    init(_ fault: Fault) { self.fault = fault }

    /// Changes count from here on.
    func arm() { state.withLock { $0.isArmed = true } }

    /// Nothing changes the world any more.
    var isDead: Bool { state.withLock { $0.isDead } }
    /// Whether there was such a change.
    var wasHit: Bool { state.withLock { $0.hit != nil } }

    var description: String { "\(fault): \(state.withLock { $0.hit } ?? "not reached")" }

    /// What `Effect.refusal` asks.
    func refuses(_ what: String) -> Bool {
        guard !Self.isReading(what) else { return false }
        return state.withLock { state in
            if state.isDead { return true }
            guard state.isArmed else { return false }
            state.count += 1
            switch fault {
            case .failing(let number):
                guard state.count == number else { return false }
                state.hit = what
                return true
            case .dyingAfter(let number): if state.count == number { state.die(after: what) }
            case .dyingAfterOne(let name): if what.contains(name) { state.die(after: what) }
            }
            return false
        }
    }

    private static let reading: Set<String> = [
        "rev-parse", "show-ref", "for-each-ref", "cat-file", "ls-tree", "ls-files", "status", "diff", "diff-tree",
        "diff-index", "log", "rev-list", "merge-base", "merge-file", "symbolic-ref", "var", "version", "config",
    ]

    /// What only looks is no change, whether it works or not; nor are the copies in the original's log.
    private static func isReading(_ what: String) -> Bool {
        if what.contains("/.chant/logs/") { return true }
        return what.hasPrefix("run git") && what.split(separator: " ").contains { reading.contains(String($0)) }
    }
}

extension FaultPlan.State {
    /// The change itself still happens.
    fileprivate mutating func die(after what: String) {
        hit = what
        isDead = true
    }
}
