import ChantDomain
import Glibc
import Logging
import ServiceLifecycle

/// The transport as a part of the service: it ends last, so that clients may watch the agents stop.
struct TransportService: Service {
    let transport: MicroHTTPDServer

    func run() async throws {
        try await gracefulShutdown()
        await transport.stop()
    }
}

/// Signs of life for whoever started the service, until everything else has ended.
struct WatcherService: Service {
    let watcher: ServiceWatcher
    let domain: Domain
    let signals: StopSignals

    func run() async throws {
        await cancelWhenGracefulShutdown {
            guard watcher.isThere else {
                try? await gracefulShutdown()
                return
            }
            let pause = min(watcher.watchdog.map { $0 / 3 } ?? ServiceWatcher.patience, ServiceWatcher.patience)
            while !Task.isCancelled {
                // One that hangs says nothing more.
                await domain.answer()
                watcher.tell(.alive)
                // Agents that are waited for may take longer than any time-out of the watcher.
                if signals.isRaised { watcher.tell(.extend(pause * 3 + .seconds(5))) }
                try? await Task.sleep(for: pause)
            }
        }
    }
}

/// The events' feed as a part of the service: it ends when the domain has, so that readers get the last events too.
struct EventFeedService: Service {
    let feed: EventFeed

    func run() async throws {
        await cancelWhenGracefulShutdown { await feed.run() }
    }
}

/// The domain as a part of the service: asked to stop, it leaves its agents, waits for them or stops them (R30).
struct DomainService: Service {
    let domain: Domain
    let readiness: StartGate
    let onStop: StopMode

    func run() async throws {
        await withTaskGroup { group in
            group.addTask { await domain.run() }
            do {
                try await gracefulShutdown()
            } catch {
                // Cancelled instead of asked: the same.
            }
            // Work is refused first: who sees that the service is not ready finds that it takes none.
            await domain.stop(onStop)
            readiness.beginStopping()
            await group.waitForAll()
        }
    }
}

/// Ends when a signal asks for a stop, which stops the others; tells first which agents live.
struct SignalService: Service {
    let signals: StopSignals
    let domain: Domain
    let watcher: ServiceWatcher
    let onStop: StopMode
    let logger: Logger

    func run() async throws {
        guard let signal = await signals.first() else { return }
        watcher.tell(.stopping("stopping"))
        var logger = logger
        // Whoever pressed Ctrl-C wants to know, whatever else the log leaves out.
        if signal == SIGINT { logger.logLevel = min(logger.logLevel, .notice) }
        let name = [SIGINT: "SIGINT", SIGHUP: "SIGHUP"][signal, default: "SIGTERM"]
        logger.notice(
            "stopping; a second signal ends the service at once",
            metadata: ["signal": "\(name)", "mode": "\(onStop.rawValue)"]
        )
        guard let processes = try? await domain.status.processes() else { return }
        for process in processes {
            // Those of the original program are not ours to stop; a set-up command ends with the service in any mode.
            guard let run = process.run, process.role == .agent else { continue }
            logger.notice(
                "\(sentence)",
                metadata: ["pid": "\(process.pid)", "spec": "\(run.specID)", "run": "\(run.id)"]
            )
        }
    }

    /// What becomes of an agent, and how to stop one that goes on.
    private var sentence: String {
        let kill = "`kill` of its pid stops it"
        return switch onStop {
        case .detach: "an agent goes on, and the next start adopts it; \(kill)"
        case .drain: "waiting for an agent to end; after a second signal it goes on without the service; \(kill)"
        case .stop: "stopping an agent; after a second signal it goes on until the next start; \(kill)"
        }
    }
}
