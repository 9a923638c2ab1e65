import Foundation
import Logging

/// Which queued run starts next, and what the others wait for.
extension Dispatcher {
    /// What each of several runs waits for, those that are not queued left out.
    func waiting(for runs: [Run]) -> [RunID: [WaitingFor]] {
        var waiting: [RunID: [WaitingFor]] = [:]
        for run in runs where run.state == .queued { waiting[run.id] = self.waiting(for: run) }
        return waiting
    }

    /// What a queued run waits for (R46).
    func waiting(for run: Run) -> [WaitingFor] {
        guard run.state == .queued, busy[run.id] == nil else { return [] }
        var reasons = floors.holding
        let now = now()
        if let moment = run.notBefore, clock.remaining(until: moment, now: now) > 0 {
            reasons.append(.notBefore(Timestamps.milliseconds(moment.at)))
        } else if run.mode == .parallel, parallelWait > 0 {
            reasons.append(.notBefore(Timestamps.milliseconds(now.addingTimeInterval(parallelWait))))
        }
        if busy.count >= workers { reasons.append(.worker) }
        let choice = hasOpenAgent(run) ? usable().map(\.name) : [run.agent]
        let full = Set(fullAgents)
        if choice.allSatisfy(full.contains) { reasons += choice.map(WaitingFor.agent) }
        return reasons.isEmpty ? [.worker] : reasons
    }

    private var busyByAgent: [String: Int] { busy.values.reduce(into: [:]) { $0[$1.agent, default: 0] += 1 } }

    private var fullAgents: [String] {
        let busy = busyByAgent
        return agents.filter { busy[$0.name, default: 0] >= $0.maxConcurrent }.map(\.name)
    }

    /// Until no order has anything more to queue, to withdraw or to end.
    func advanceOrders() async {
        var hasMoved = true
        while hasMoved, !isStopping, !isPausing {
            let progress = await orders.advance()
            hasMoved = progress.hasMoved
            for run in progress.toStop where await stopForOrder(run) { hasMoved = true }
            if progress.hasFailed { beginPause() }
        }
    }

    /// Withdraws a run of an order that starts nothing more; one that is under way is stopped.
    ///
    /// - Returns: whether it is settled now.
    private func stopForOrder(_ started: StartedSpec) async -> Bool {
        let id = started.run
        do {
            guard let run = try journal.run(id), run.state.isLive else { return false }
            if run.state == .queued, withdraw(id) {
                defer { forget(id) }
                let isSettled = await orders.settlement.settleWaiting(run, .cancelled)
                if !isSettled { beginPause() }
                return isSettled
            }
            // One that a worker has just taken may still be queued there.
            try journal.update(id, from: [.queued, .preparing, .running, .settling]) { $0.ask(toStop: .cancelled) }
            // Nobody waits here while its work is being merged: the others want their turn.
            _ = await busy[id]?.control.stop(.cancelled, patience: .zero)
        } catch {
            if case .stale = error { return false }
            logger.error("run of a stopping order not stopped", metadata: ["run": "\(id)", "error": "\(error)"])
            beginPause()
        }
        return false
    }

    /// Claims a worker for each queued run that can start, oldest first.
    func startable() -> [(Run, Agent?, RunControl)] {
        guard !isStopping, !isPausing else { return [] }
        var claimed: [(Run, Agent?, RunControl)] = []
        do {
            while busy.count < workers, let (run, agent) = try oldestStartable(),
                // Asked for each start; whoever watches the floors tells when there is enough again (R72).
                !floors.holdsBack
            {
                let control = RunControl()
                busy[run.id] = (agent?.name ?? run.agent, control)
                if run.mode == .parallel { holdParallel() }
                claimed.append((run, agent, control))
            }
        } catch {
            logger.error("the queue cannot be read", metadata: ["error": "\(error)"])
            beginPause()
        }
        return claimed
    }

    /// - Returns: the run, and the agent that was chosen for it just now, where that had been left open.
    private func oldestStartable() throws(JournalError) -> (Run, Agent?)? {
        let free = usable()
        let roomiest = AgentRotation.roomiest(free, busy: busyByAgent)
        let now = now()
        let early = try journal.runsWaitingForTime(project: project.path).filter { run in
            run.notBefore.map { clock.remaining(until: $0, now: now) > 0 } ?? false
        }
        let obstacles = QueueObstacles(
            runs: withdrawn.union(busy.keys).union(early.map(\.id)),
            fullAgents: fullAgents,
            knownAgents: agents.map(\.name),
            isAnyAgentFree: roomiest != nil,
            hasUsableAgents: !free.isEmpty,
            holdsParallel: parallelWait > 0
        )
        let found = try journal.oldestQueued(project: project.path, obstacles)
        setAlarm(early, now)
        return found.map { ($0, hasOpenAgent($0) ? roomiest : nil) }
    }

    /// Whether the agent of a queued run is chosen at its start: it was left open, or the configuration has it no more.
    ///
    /// One that the caller asked for by its name is not: the gates refuse the run then.
    private func hasOpenAgent(_ run: Run) -> Bool {
        if run.isAgentOpen == true { return true }
        return run.options.agent == nil && !agents.contains { $0.name == run.agent }
    }

    /// The next run of a parallel order starts a little later.
    private func holdParallel() {
        let pause = stagger.pause(jitter: Surroundings.jitter) / .seconds(1)
        nextParallel = pause > 0 ? clock.uptime() + pause : nil
    }

    /// How many seconds runs of parallel orders wait for it still.
    private var parallelWait: Double { nextParallel.map { $0 - clock.uptime() } ?? 0 }

    /// Nobody may sleep longer: the wall clock may be set forward meanwhile.
    private static let longestSleep: Double = 10

    /// When the first of those that wait for a time may start.
    private func setAlarm(_ early: [Run], _ now: Date) {
        var waits = early.compactMap { $0.notBefore.map { clock.remaining(until: $0, now: now) } }
        if parallelWait > 0 { waits.append(parallelWait) }
        guard let first = waits.min() else { return }
        let wait = min(max(first, 0.001), Self.longestSleep)
        let moment = clock.uptime() + wait
        if let alarm, alarm <= moment { return }
        alarm = moment
        pendingWaits.append(.seconds(wait))
    }

    func wakeUp() {
        if let alarm, alarm <= clock.uptime() + 0.001 { self.alarm = nil }
        changed()
    }

    func takeWaits() -> [Duration] {
        defer { pendingWaits = [] }
        return pendingWaits
    }

    /// Whether nothing is started for a while.
    private var isPausing: Bool { pausedUntil.map { $0 > clock.uptime() } ?? false }

    /// Starts nothing for a while after the journal failed: the same would fail again at once, and for ever.
    func beginPause() {
        guard !isPausing else { return }
        let pause = min(.seconds(30), .milliseconds(250) * (1 << min(failures, 10)))
        failures += 1
        pausedUntil = clock.uptime() + pause / .seconds(1)
        pendingWaits.append(pause)
    }
}
