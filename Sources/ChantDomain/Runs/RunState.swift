/// Where a run is between its acceptance and its outcome (R46).
public enum RunState: String, Sendable, Codable, CaseIterable {
    case queued
    case preparing
    case running
    case settling
    case settled

    /// Whether the run holds its spec: from `queued` until `settled` (R17).
    public var isLive: Bool { self != .settled }

    /// Whether the run may go on to `next`: forwards one step at a time, or from anywhere live to `settled`.
    ///
    /// A run that fails early is settled from where it is, so that each ending takes the same door.
    public func canBecome(_ next: RunState) -> Bool {
        switch (self, next) {
        case (.queued, .preparing), (.preparing, .running), (.running, .settling): true
        case (.queued, .settled), (.preparing, .settled), (.running, .settled), (.settling, .settled): true
        default: false
        }
    }
}

/// The six steps of a run, in order (R46).
public enum Stage: String, Sendable, Codable, CaseIterable {
    case validate
    case prepare
    case invokeAgent = "invoke_agent"
    case collectCommits = "collect_commits"
    case finalize
    case cleanUp = "clean_up"
}

/// What a queued run waits for (R46).
public enum WaitingFor: Hashable, Sendable {
    case worker
    case agent(String)
    case dependency(String)
    case notBefore(String)
    case memory
    case disk
    case repository

    /// The word on the wire: `worker`, `agent:<name>`, `dependency:<id>`, `not-before:<time>`, `memory`, `disk`, `repository`.
    public var text: String {
        switch self {
        case .worker: "worker"
        case .agent(let name): "agent:\(name)"
        case .dependency(let id): "dependency:\(id)"
        case .notBefore(let time): "not-before:\(time)"
        case .memory: "memory"
        case .disk: "disk"
        case .repository: "repository"
        }
    }
}
