import Foundation
import GRDB

/// The doors through which runs change.
extension Journal {
    /// Accepts a run: its order, the run as `queued`, and their events, in one transaction (R17).
    ///
    /// - Parameters:
    ///   - run: a run in state `queued`.
    ///   - order: the order that it belongs to.
    ///   - queueLimit: how many runs of all projects may be queued at once (R47).
    /// - Throws: `alreadyRunning` with the live run of the same spec, `queueFull`.
    public func accept(_ run: Run, order: Order, queueLimit: Int = 1000) throws(JournalError) {
        try transaction("accept run \(run.id)") { transaction in
            guard run.orderID == order.id else {
                throw JournalError.illegalChange(run, detail: "only a run of the same order is accepted")
            }
            try transaction.checkAcceptance(of: run, queueLimit: queueLimit)
            try order.insert(transaction.db)
            try transaction.record(.orderCreated(OrderFacts(order)), project: order.project)
            try transaction.accept(run)
        }
    }

    /// Changes a live run, if it is in one of the expected states: compare and set in one transaction.
    ///
    /// `run.started` and `run.stage` are written where the state leaves `queued` and the stage changes.
    ///
    /// - Parameters:
    ///   - id: the run.
    ///   - states: the states in which the caller may change it.
    ///   - change: changes it; must not settle it, which only `settle` does.
    ///   - events: further facts of the same transaction.
    /// - Returns: the run as it is now.
    /// - Throws: `stale` with the run as it is where its state is none of `states`, `illegalChange`, `noSuchRun`.
    @discardableResult
    public func update(
        _ id: RunID,
        from states: Set<RunState>,
        _ change: (inout Run) -> Void,
        events: [DomainEvent] = []
    ) throws(JournalError) -> Run {
        try transaction("update run \(id)") { transaction in
            let old = try RunRows.existing(transaction.db, id)
            guard states.contains(old.state) else { throw JournalError.stale(old) }
            var new = old
            change(&new)
            try RunChange(from: old, to: new).checkUpdate()
            new = try transaction.write(new)
            if old.state == .queued, new.state != .queued {
                try transaction.record(.runStarted(RunFacts(new)), project: new.project)
            }
            if new.stage != old.stage {
                try transaction.record(.runStage(RunFacts(new)), project: new.project)
            }
            for event in events { try transaction.record(event, project: new.project) }
            return new
        }
    }

    /// Gives a run its one outcome (R18), and accepts the run that follows it, if one does (R45).
    ///
    /// In one transaction: the run is `settled`, a process row that is still open is closed, and either the next run is
    /// queued and named in `next_run`, or the order ends.
    ///
    /// - Parameters:
    ///   - id: the run.
    ///   - change: sets at least the outcome.
    ///   - next: the run that takes this one's place in the order.
    ///   - events: further facts of the same transaction.
    /// - Returns: the run as it is now.
    /// - Throws: `stale` with the run where it is settled already, or was cancelled although `next` would follow;
    ///   `illegalChange`, `noSuchRun`.
    @discardableResult
    public func settle(
        _ id: RunID,
        _ change: (inout Run) -> Void,
        next: Run? = nil,
        events: [DomainEvent] = []
    ) throws(JournalError) -> Run {
        try transaction("settle run \(id)") { transaction in
            let old = try RunRows.existing(transaction.db, id)
            guard old.state.isLive, next == nil || !old.cancelRequested else { throw JournalError.stale(old) }
            var new = old
            change(&new)
            new.state = .settled
            new.finishedAt = new.finishedAt ?? transaction.now
            new.nextRun = next?.id
            try RunChange(from: old, to: new).checkSettlement(next: next)
            new = try transaction.write(new)
            try transaction.closeProcess(of: new)
            for event in events { try transaction.record(event, project: new.project) }
            try transaction.record(.runSettled(RunFacts(new)), project: new.project)
            if let next {
                try transaction.accept(next)
            } else {
                try transaction.endOrder(of: new)
            }
            return new
        }
    }
}

extension JournalTransaction {
    /// Whether a run may be queued: its spec has no live one (R17), and there is room.
    func checkAcceptance(of run: Run, queueLimit: Int) throws {
        guard run.state == .queued else {
            throw JournalError.illegalChange(run, detail: "only a queued run is accepted")
        }
        // Before the queue's limit, so that a second caller learns of the first one even when the queue is full.
        if let live = try RunRows.live(db, spec: run.specID, projectPath: run.projectPath) {
            throw JournalError.alreadyRunning(live)
        }
        guard try RunRows.queuedCount(db) < queueLimit else { throw JournalError.queueFull(limit: queueLimit) }
    }

    mutating func accept(_ run: Run) throws {
        try run.insert(db)
        try record(.runQueued(RunFacts(run)), project: run.project)
    }

    /// Writes the run and gives it back as the journal holds it, with times in whole milliseconds.
    fileprivate func write(_ run: Run) throws -> Run {
        try run.update(db)
        return try RunRows.existing(db, run.id)
    }

    fileprivate mutating func closeProcess(of run: Run) throws {
        guard var process = try ProcessRows.row(db, run: run.id), process.exitedAt == nil else { return }
        process.exitedAt = now
        process.exitCode = run.exitCode
        process.signal = run.signal
        try process.update(db)
        try record(.processExited(ProcessFacts(process)), project: run.project)
    }

    /// An order of one spec ends with it; one of several is ended by who schedules it.
    fileprivate mutating func endOrder(of run: Run) throws {
        guard let outcome = run.outcome, var order = try OrderRows.order(db, run.orderID), order.plan == nil else {
            return
        }
        try end(&order, as: Order.ending(with: outcome), OrderSummary(of: [outcome]))
    }

    /// Settles an order, with its event.
    mutating func end(_ order: inout Order, as ending: OrderEnding, _ summary: OrderSummary) throws {
        order.settledAt = now
        order.ended = ending.rawValue
        order.summary = summary
        try order.update(db)
        try record(.orderSettled(OrderFacts(order, summary: summary)), project: order.project)
    }
}
