import Synchronization

/// Whether the service takes work: after recovery, until it is asked to stop.
final class StartGate: Sendable {
    private enum Phase {
        case starting([CheckedContinuation<Void, Never>])
        case ready
        case stopping
    }

    private let phase = Mutex(Phase.starting([]))

    /// Whether recovery is over and nobody has asked for a stop.
    var isReady: Bool {
        phase.withLock { phase in
            if case .ready = phase { true } else { false }
        }
    }

    /// Waits until recovery is over; after that it costs nothing.
    func wait() async {
        guard phase.withLock({ if case .starting = $0 { true } else { false } }) else { return }
        await withCheckedContinuation { continuation in
            let isOver = phase.withLock { phase in
                guard case .starting(let waiting) = phase else { return true }
                phase = .starting(waiting + [continuation])
                return false
            }
            if isOver { continuation.resume() }
        }
    }

    /// Recovery is over.
    func becomeReady() { change(to: .ready) }

    /// Somebody asked for a stop.
    func beginStopping() { change(to: .stopping) }

    private func change(to next: Phase) {
        let waiting = phase.withLock { phase in
            defer { phase = next }
            if case .starting(let waiting) = phase { return waiting }
            return []
        }
        for continuation in waiting { continuation.resume() }
    }
}
