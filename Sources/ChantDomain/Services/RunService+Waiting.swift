/// Waiting for an ending: a subscription with a deadline of its own, which holds nothing of the run.
extension RunService {
    /// The run that stands at the end of the chain of those that follow `id`, once it is settled.
    ///
    /// - Parameters:
    ///   - id: the run that was started.
    ///   - limit: how long it is waited for at most.
    /// - Returns: the final run; the run as it stands when the time is up, or the service stops.
    /// - Throws: `notFound`, `journal`.
    public func final(_ id: RunID, within limit: Duration) async throws(RunError) -> Run {
        try await waiting(limit) { () throws(RunError) in
            let run = try self.last(of: id)
            return (run, run.state == .settled)
        }
    }

    /// The run itself once it is settled, whatever follows it; as it stands when the time is up.
    ///
    /// A service that stops stops the run as well: its end is waited for all the same.
    func ended(_ id: RunID, within limit: Duration) async throws(RunError) -> Run {
        try await waiting(limit, heedingStop: false) { () throws(RunError) in
            let run = try self.run(id)
            return (run, run.state == .settled)
        }
    }

    /// An order once it is settled; as it stands when the time is up.
    public func final(_ id: OrderID, within limit: Duration) async throws(RunError) -> OrderDetails {
        _ = try await waiting(limit) { () throws(RunError) in
            let found = try self.asking { () throws(JournalError) in try self.journal.order(id) }
            guard let found, found.projectPath == self.project.path else { throw .orderNotFound(id) }
            return (found, found.settledAt != nil)
        }
        return try await order(id)
    }

    /// The last of the runs that follow one another from `id` on.
    private func last(of id: RunID) throws(RunError) -> Run {
        var run = try run(id)
        while let next = run.nextRun { run = try self.run(next) }
        return run
    }

    /// Looks again after each event that ends something, until what is found is final.
    private func waiting<Found: Sendable>(
        _ limit: Duration,
        heedingStop: Bool = true,
        _ look: @escaping @Sendable () throws(RunError) -> (Found, isFinal: Bool)
    ) async throws(RunError) -> Found {
        let clock = BootClock()
        let end = clock.uptime() + limit / .seconds(1)
        while true {
            // Subscribed before the look, so that nothing can happen in between.
            let events = journal.subscribe(after: nil)
            let found = try look()
            let left = end - clock.uptime()
            guard !found.isFinal, left > 0 else { return found.0 }
            let isOver = await withTaskGroup(of: Bool.self) { group in
                group.addTask {
                    await Self.isStopping(in: events, heedingStop) { (try? look())?.isFinal ?? true }
                }
                group.addTask {
                    try? await Surroundings.sleep(for: .seconds(left))
                    return true
                }
                defer { group.cancelAll() }
                return await group.next() ?? true
            }
            if isOver { return try look().0 }
        }
    }

    /// Reads events until what is waited for has come.
    ///
    /// - Returns: whether waiting on is useless, because the service stops; `false` also for a reader that was too slow.
    private static func isStopping(
        in events: Subscription<RecordedEvent>,
        _ heedingStop: Bool,
        until isFinal: () -> Bool
    ) async -> Bool {
        for await event in events where event.event.endsWaiting {
            if heedingStop, case .serviceStopping = event.event { return true }
            if isFinal() { return false }
        }
        return Task.isCancelled
    }
}

extension DomainEvent {
    fileprivate var endsWaiting: Bool {
        switch self {
        case .runSettled, .orderSettled, .serviceStopping: true
        default: false
        }
    }
}
