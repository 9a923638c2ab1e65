import CLinux
import Glibc

// Stopping (R28): TERM to the agent's group, the grace, KILL to the group, then to every process that is still found.
// What an agent that ended by itself leaves running is stopped in the same way.
extension AgentSupervisor {
    /// Begins to stop an agent that still runs; a later reason changes nothing.
    mutating func stop(_ by: EndedBy, at now: Int64) {
        guard case .running = phase, ended == nil else { return }
        reason = by
        graceEnd = now + order.stopGrace
        phase = .terminating
        signalGroup(SIGTERM)
        // What is stopped by a signal hears nothing before it goes on.
        signalGroup(SIGCONT)
    }

    /// Takes the next steps that are due.
    mutating func advance(at now: Int64) {
        if !hasChildren, ended != nil, ProcessTable.marked(order.run).isEmpty {
            phase = .over
            return
        }
        switch phase {
        case .running, .terminating:
            if ended != nil, !restIsAsked {
                // Members of a pipeline, and what the group's TERM reached, end a moment after the agent.
                phase = .settling(until: min(now + 100, graceEnd ?? now + min(100, order.stopGrace)))
            } else if let graceEnd, now >= graceEnd {
                phase = .killing
                kill()
            }
        case .settling(let end):
            if now >= end { askRest(at: now) }
        case .killing:
            kill()
        case .over:
            break
        }
    }

    private mutating func askRest(at now: Int64) {
        restIsAsked = true
        graceEnd = graceEnd ?? now + order.stopGrace
        phase = .terminating
        for entry in rest() {
            ProcessTable.signal(entry, SIGTERM)
            ProcessTable.signal(entry, SIGCONT)
        }
    }

    private mutating func kill() {
        signalGroup(SIGKILL)
        for entry in rest() { ProcessTable.signal(entry, SIGKILL) }
        // A process that the kernel holds in an uninterruptible call ends when that call does.
        killPause = min(1000, killPause * 2)
    }

    /// The agent's group is known to be its own only until the agent is reaped: then its number is free again.
    private func signalGroup(_ signal: Int32) {
        guard ended == nil else { return }
        _ = Glibc.kill(-agent, signal)
    }

    /// What is left besides the agent: descendants, and what carries the run's mark.
    private mutating func rest() -> [ProcessEntry] {
        var rest: [ProcessEntry.Key: ProcessEntry] = [:]
        for entry in ProcessTable.descendants(of: getpid()) + ProcessTable.marked(order.run) {
            guard entry.pid != agent, !entry.hasEnded else { continue }
            rest[entry.key] = entry
        }
        leftovers.formUnion(rest.keys)
        return Array(rest.values)
    }
}
