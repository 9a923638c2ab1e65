import CLinux
import Foundation

/// Waits until an agent's supervisor, ours or an earlier service's, is gone, and only then looks for its record.
///
/// One that cannot be verified (R27) counts as gone when its heartbeat is older than a minute.
///
/// - Parameter agent: what was started.
/// - Returns: the record; `nil` where the supervisor went without one. A cancelled task gets what is there: it asks
///   `Task.isCancelled` before it calls a supervisor lost.
public func waitForEnd(of agent: SupervisedAgent) async -> ExitRecord? {
    if let simulated = ProcessWorld.simulated {
        await simulated.waitUntilGone(agent)
        return ExitRecord.read(runFolder: agent.runFolder)
    }
    while !Task.isCancelled {
        switch VerifiedProcess.open(agent.supervisor) {
        case .open(let pidfd):
            defer { close(pidfd) }
            _ = await ProcessWatch.shared.becomesReadable(pidfd, before: nil, cancellable: true)
            return ExitRecord.read(runFolder: agent.runFolder)
        case .gone:
            return ExitRecord.read(runFolder: agent.runFolder)
        case .unverifiable:
            let record = ExitRecord.read(runFolder: agent.runFolder)
            guard record == nil, isFresh(SupervisorFile.heartbeat(in: agent.runFolder)) else { return record }
            try? await Task.sleep(for: .seconds(1))
        }
    }
    return ExitRecord.read(runFolder: agent.runFolder)
}

/// Asks an agent's supervisor to stop the whole tree; it does so in its own time (R28).
///
/// - Parameter agent: what was started.
/// - Returns: whether the supervisor was there to be asked: a process that cannot be verified is never signalled (R27).
@discardableResult
public func askToStop(_ agent: SupervisedAgent) -> Bool {
    guard !Effect.isRefused("stop \(agent.runID)") else { return false }
    if let simulated = ProcessWorld.simulated { return simulated.askToStop(agent) }
    guard case .open(let pidfd) = VerifiedProcess.open(agent.supervisor) else { return false }
    defer { close(pidfd) }
    return clinux_pidfd_signal(pidfd, SIGTERM) == 0
}

/// A descriptor of a process, opened before its identity is checked: from then on its pid can mean no other.
private enum VerifiedProcess {
    case open(Int32)
    case gone
    case unverifiable

    static func open(_ identity: ProcessIdentity) -> VerifiedProcess {
        let pidfd = clinux_pidfd_open(identity.pid)
        switch identity.liveness {
        case .alive where pidfd >= 0:
            return .open(pidfd)
        case .gone:
            if pidfd >= 0 { close(pidfd) }
            return .gone
        default:
            if pidfd >= 0 { close(pidfd) }
            return .unverifiable
        }
    }
}

private func isFresh(_ heartbeat: Date?) -> Bool {
    guard let heartbeat else { return false }
    return heartbeat.timeIntervalSinceNow > -60
}
