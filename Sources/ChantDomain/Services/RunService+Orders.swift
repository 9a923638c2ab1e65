/// An entry of an order: one of its specs.
public struct OrderEntry: Sendable, Equatable {
    /// Where the spec is in its order.
    public enum State: String, Sendable, CaseIterable {
        case waiting
        case queued
        case running
        case settled
        case skipped
    }

    /// The spec's full id.
    public var specID: String
    /// Where it is.
    public var state: State
    /// Its latest run in this order.
    public var run: Run?
    /// Why it is skipped.
    public var skipped: SkippedSpec?
    /// What it waits for.
    public var waitingFor: [WaitingFor] = []
}

/// An order with all that a caller sees of it.
public struct OrderDetails: Sendable {
    /// The order.
    public let order: Order
    /// Its specs, in their order.
    public let entries: [OrderEntry]
    /// How its specs ended so far.
    public let summary: OrderSummary

    /// Whether the order is over and every spec of it completed.
    public var isCompleted: Bool {
        order.ended == OrderEnding.finished.rawValue && entries.allSatisfy { $0.run?.outcome == .completed }
    }
}

/// Orders: show, list, cancel.
extension RunService {
    /// One order.
    public func order(_ id: OrderID) async throws(RunError) -> OrderDetails {
        let found = try asking { () throws(JournalError) in try journal.order(id) }
        guard let found, found.projectPath == project.path else { throw .orderNotFound(id) }
        return try await details(of: found)
    }

    /// Orders, newest first.
    public func orders(_ query: OrderQuery) async throws(RunError) -> (items: [OrderDetails], total: Int) {
        var query = query
        query.projectPath = project.path
        let found = try asking { () throws(JournalError) in try journal.orders(query) }
        var items: [OrderDetails] = []
        for order in found.items { items.append(try await details(of: order)) }
        return (items, found.total)
    }

    /// Starts nothing more of an order, and stops its runs unless they may end.
    ///
    /// - Returns: the order as it is now; again while it stops: the same.
    /// - Throws: `orderTooLate` when it is settled.
    public func cancel(_ id: OrderID, finishRunning: Bool) async throws(RunError) -> OrderDetails {
        let current = try asking { () throws(JournalError) in try journal.order(id) }
        guard let current, current.projectPath == project.path else { throw .orderNotFound(id) }
        guard current.settledAt == nil else { throw .orderTooLate(current) }
        // First the journal: a service that ends between the two starts nothing more of it either.
        let stopping = try asking { () throws(JournalError) in try journal.update(id) { $0.isStopping = true } }
        guard stopping?.settledAt == nil else { throw .orderTooLate(stopping ?? current) }
        for run in try asking({ () throws(JournalError) in try journal.latestRuns(of: id) }) where run.state.isLive {
            // What waits is never started from now on: the dispatcher drops it, as it does after a crash.
            let waits = run.state == .queued ? await !dispatcher.carries(run.id) : false
            if finishRunning || waits { continue }
            do throws(RunError) {
                _ = try await cancel(run.id)
            } catch {
                // Settled meanwhile, or past the point of no return: it ends by itself.
                guard case .tooLate = error else { throw error }
            }
        }
        dispatcher.changed()
        return try await order(id)
    }

    private func details(of order: Order) async throws(RunError) -> OrderDetails {
        let runs = try asking { () throws(JournalError) in try journal.latestRuns(of: order.id) }
        let bySpec = Dictionary(runs.map { ($0.specID, $0) }) { _, later in later }
        let skipped = Dictionary((order.skipped ?? []).map { ($0.specID, $0) }) { _, later in later }
        let index = order.settledAt == nil ? try? await store.index() : nil
        var names = order.specs
        names += (order.skipped ?? []).map(\.specID).filter { !order.specs.contains($0) }
        var entries: [OrderEntry] = []
        for name in names {
            if let run = bySpec[name] {
                entries.append(await entry(of: run))
            } else if let reason = skipped[name] {
                entries.append(OrderEntry(specID: name, state: .skipped, skipped: reason))
            } else {
                entries.append(OrderEntry(specID: name, state: .waiting, waitingFor: waits(name, index)))
            }
        }
        let soFar = OrderSummary(of: runs.compactMap(\.outcome), skipped: skipped.count)
        return OrderDetails(order: order, entries: entries, summary: order.summary ?? soFar)
    }

    private func entry(of run: Run) async -> OrderEntry {
        let state: OrderEntry.State =
            switch run.state {
            case .queued: .queued
            case .preparing, .running, .settling: .running
            case .settled: .settled
            }
        return OrderEntry(specID: run.specID, state: state, run: run, waitingFor: await waiting(for: run))
    }

    /// A spec whose turn has not come waits for what it depends on, else for a place in its order.
    private func waits(_ name: String, _ index: SpecIndex?) -> [WaitingFor] {
        guard let index, let id = SpecID(name), let spec = index[id] else { return [.worker] }
        let blockers = Readiness.blockers(of: spec, in: index)
        return blockers.isEmpty ? [.worker] : blockers.map { .dependency($0.id) }
    }
}
