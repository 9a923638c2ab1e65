import Logging

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
        let current = try await order(id)
        guard current.order.settledAt == nil else { throw .orderTooLate(current.order) }
        // First the journal: a service that ends between the two starts nothing more of it either.
        let stopping = try asking { () throws(JournalError) in
            try journal.update(id) { order in
                // Who wants them stopped at once wins.
                order.finishesRunning =
                    order.isStopping == true ? order.finishesRunning == true && finishRunning : finishRunning
                order.isStopping = true
            }
        }
        guard stopping?.settledAt == nil else { throw .orderTooLate(stopping ?? current.order) }
        if let stopping { settlement.note(stopping) }
        for run in try asking({ () throws(JournalError) in try journal.latestRuns(of: id) }) where run.state.isLive {
            if stopping?.finishesRunning == true, run.state != .queued { continue }
            do throws(RunError) {
                _ = try await cancel(run.id)
            } catch {
                // Settled meanwhile, or past the point of no return: it ends by itself. What could not be asked is asked by the
                // dispatcher, which reads in the journal that the order stops.
                if case .tooLate = error { continue }
                settlement.logger.warning("run not asked to stop", metadata: ["run": "\(run.id)", "error": "\(error)"])
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
        let inFlight = runs.filter(\.state.isLive).map(\.specID)
        var entries: [OrderEntry] = []
        let waiting = await dispatcher.waiting(for: runs)
        for name in names {
            if let run = bySpec[name] {
                entries.append(Self.entry(of: run, waiting[run.id] ?? []))
            } else if let reason = skipped[name] {
                entries.append(OrderEntry(specID: name, state: .skipped, skipped: reason))
            } else {
                entries.append(
                    OrderEntry(specID: name, state: .waiting, waitingFor: waits(name, order, inFlight, index))
                )
            }
        }
        let soFar = OrderSummary(of: runs.compactMap(\.outcome), skipped: skipped.count)
        return OrderDetails(order: order, entries: entries, summary: order.summary ?? soFar)
    }

    private static func entry(of run: Run, _ waiting: [WaitingFor]) -> OrderEntry {
        let state: OrderEntry.State =
            switch run.state {
            case .queued: .queued
            case .preparing, .running, .settling: .running
            case .settled: .settled
            }
        return OrderEntry(specID: run.specID, state: state, run: run, waitingFor: waiting)
    }

    /// A spec whose turn has not come waits for what it depends on, else in a chain for the one in flight, else for room.
    private func waits(_ name: String, _ order: Order, _ inFlight: [String], _ index: SpecIndex?) -> [WaitingFor] {
        if !order.options.skip.contains(.dependencies), let index, let spec = SpecID(name).flatMap({ index[$0] }) {
            let blockers = Readiness.blockers(of: spec, in: index)
            if !blockers.isEmpty { return blockers.map { .dependency($0.id) } }
        }
        // Of a parallel order any ending makes room.
        guard order.mode == .chain, let next = inFlight.first else { return [.worker] }
        return [.dependency(next)]
    }
}
