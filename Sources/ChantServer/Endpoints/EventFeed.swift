import ChantDomain
import Logging

/// All events as one broadcast: made into bytes once, for however many readers.
struct EventFeed: Sendable {
    let broadcast: Broadcast
    private let events: EventService
    private let heartbeat: Duration
    private let logger: Logger

    /// A feed of what happens from now on; it carries nothing until it runs.
    ///
    /// - Parameters:
    ///   - events: where they come from.
    ///   - heartbeat: how often all readers get a comment line, so that no proxy on the way takes the stream for dead.
    ///   - logger: is told when the journal cannot be read.
    init(_ events: EventService, heartbeat: Duration = .seconds(10), logger: Logger) {
        self.events = events
        self.heartbeat = heartbeat
        self.logger = logger
        broadcast = Broadcast(after: events.newest)
    }

    /// Publishes what happens until the task is cancelled, then what had happened until then; readers end behind it.
    func run() async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await beat() }
            group.addTask { await forward() }
            await group.waitForAll()
        }
        publishRest()
        broadcast.finish()
    }

    private func forward() async {
        while !Task.isCancelled {
            let subscription = events.subscribe(after: broadcast.newest)
            for await recorded in subscription { publish(recorded) }
            switch subscription.ending {
            case .finished: return
            case .failed(let error):
                logger.error("events could not be read from the journal", metadata: ["error": "\(error)"])
                try? await Task.sleep(for: .seconds(1))
            // Slower than what happens: goes on where it was, from the journal.
            case .overflowed, .cancelled, nil: continue
            }
        }
    }

    private func publishRest() {
        do {
            while true {
                let page = try events.page(after: broadcast.newest, limit: EventStream.pageSize)
                guard !page.isEmpty else { return }
                page.forEach(publish)
            }
        } catch {
            logger.error("the last events could not be read", metadata: ["error": "\(error)"])
        }
    }

    private func publish(_ recorded: RecordedEvent) {
        broadcast.publish(EventStream.event(recorded).frame, position: recorded.sequence)
    }

    private func beat() async {
        while (try? await Task.sleep(for: heartbeat)) != nil {
            broadcast.publish(ServerSentEvent.heartbeat, position: nil)
        }
    }
}
