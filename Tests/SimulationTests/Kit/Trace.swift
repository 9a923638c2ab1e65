import Synchronization

/// What happened in a simulation, line by line, and what was wrong.
final class Trace: Sendable {
    private struct State {
        var lines: [String] = []
        var violations: [String] = []
    }

    private let clock: ManualClock
    private let state = Mutex(State())

    init(_ clock: ManualClock) { self.clock = clock }

    func note(_ line: @autoclosure () -> String, isPlain: Bool = true) {
        guard isPlain else { return }
        let text = "\(clock.milliseconds) ms: \(line())"
        state.withLock { $0.lines.append(text) }
    }

    /// Notes something that must never be.
    func violation(_ what: String) {
        let text = "\(clock.milliseconds) ms: \(what)"
        state.withLock { state in
            state.lines.append("VIOLATION \(text)")
            state.violations.append(text)
        }
    }

    var lines: [String] { state.withLock { $0.lines } }
    var violations: [String] { state.withLock { $0.violations } }
}
