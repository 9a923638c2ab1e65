import ChantDomain
import Foundation
import ServiceLifecycle
import Synchronization

/// The transport as a part of the service: it ends last, so that clients may watch the agents stop.
struct TransportService: Service {
    let transport: MicroHTTPDServer

    func run() async throws {
        try await gracefulShutdown()
        await transport.stop()
    }
}

/// The domain as a part of the service: asked to stop, it stops its agents and settles their runs.
struct DomainService: Service {
    let domain: Domain
    let readiness: StartGate

    func run() async throws {
        await withTaskGroup { group in
            group.addTask { await domain.run() }
            do {
                try await gracefulShutdown()
            } catch {
                // Cancelled instead of asked: the same.
            }
            readiness.beginStopping()
            await domain.stop()
            await group.waitForAll()
        }
    }
}

/// Says that the service is ready once the group listens to signals.
///
/// Said earlier, a signal that follows at once would end the program without stopping anything.
struct ReadyLine: Service {
    let say: @Sendable () throws -> Void

    func run() async throws {
        try say()
        try await gracefulShutdown()
    }
}

/// What people at a terminal are told about signals: which agents live, and that a second signal ends at once.
struct SignalNotes: Service {
    let domain: Domain

    func run() async throws {
        let sources = [SIGINT, SIGTERM].map(Self.source)
        defer { for source in sources { source.cancel() } }
        do {
            try await gracefulShutdown()
        } catch {
            return
        }
        await tellOfAgents()
    }

    private func tellOfAgents() async {
        guard let processes = try? await domain.status.processes(), !processes.isEmpty else { return }
        for process in processes {
            StandardError.write(
                "stopping agent \(process.pid) of spec \(process.run.specID) (run \(process.run.id)); "
                    + "a second signal leaves it to its supervisor\n"
            )
        }
    }

    /// The second signal of a kind ends the program at once; supervisors and agents go on, and the next start decides.
    private static func source(_ signal: Int32) -> any DispatchSourceSignal {
        let count = Mutex(0)
        let source = DispatchSource.makeSignalSource(signal: signal, queue: .global())
        source.setEventHandler {
            let seen = count.withLock { count in
                count += Int(source.data)
                return count
            }
            if seen > 1 { _exit(0) }
        }
        source.resume()
        return source
    }
}

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
