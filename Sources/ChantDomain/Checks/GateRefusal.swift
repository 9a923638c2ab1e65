/// Why a run may not start: one case for each refusal of the outcome table.
public enum GateRefusal: Error, Sendable {
    /// The file cannot be read as a spec (R3).
    case unreadable(UnreadableSpec)
    /// Lint finds errors in it, not only what is worth a look.
    case lintFailed(SpecID, [Finding])
    /// The spec's file is gone.
    case gone(SpecID)
    /// A run of it is live (R17).
    case alreadyRunning(Run, pid: Int32?)
    /// Another program holds the spec's lock (R35).
    case lockedByOther(SpecID, pid: Int32)
    /// The original's program watches the project, and would start agents and write statuses by itself (R35).
    case chantWatchRunning(pid: Int32)
    /// The spec's status allows no start.
    case notStartable(SpecID, status: SpecStatus, allowed: [String])
    /// A driver is worked through its members.
    case driver(SpecID)
    /// Its approval is open.
    case needsApproval(SpecID)
    /// Its approval was refused, by whom.
    case approvalRejected(SpecID, by: String?)
    /// Something blocks it (R10).
    case notReady(SpecID, [Blocker])
    /// The prompt that it asks for does not exist.
    case promptMissing(String, detail: String)
    /// The request names an agent that is not configured.
    case unknownAgent(String, known: [String])
    /// The agent's program is not there.
    case agentMissing(agent: String, program: String)
    /// The agent is of a kind that this service does not run.
    case providerUnsupported(String, supported: [String])
    /// The agent does not run as root in the mode in which it would be started.
    case agentRefusesRoot(agent: String)
    /// The branch that finished work goes to does not exist.
    case targetMissing(String)
    /// The repository has no commit yet.
    case repositoryEmpty

    /// Why a driver's members are not worked by its name: it was cancelled, or waits for an approval; `nil` where they are.
    ///
    /// One that was rejected may have been split into its members for that very reason (§5.4 of the reference).
    init?(ofDriver spec: Spec, skip: Set<SkippedGate>) {
        if spec.status == .cancelled {
            self = .notStartable(spec.id, status: spec.status, allowed: spec.status.allowed.map(\.rawValue))
        } else if !skip.contains(.approval), let approval = spec.approval, approval.isOpen, !approval.isRejected {
            self = .needsApproval(spec.id)
        } else {
            return nil
        }
    }

    /// The word for it in a run that was refused after its acceptance.
    public var reason: RunReason {
        switch self {
        case .unreadable: .specUnreadable
        case .lintFailed: .lintFailed
        case .gone: .specGone
        case .alreadyRunning, .lockedByOther: .lockedByOther
        case .chantWatchRunning: .chantWatchRunning
        case .notStartable, .driver: .notStartable
        case .needsApproval: .needsApproval
        case .approvalRejected: .approvalRejected
        case .notReady: .notReady
        case .promptMissing: .promptMissing
        case .unknownAgent, .agentMissing: .agentMissing
        case .providerUnsupported: .providerUnsupported
        case .agentRefusesRoot: .agentRefusesRoot
        case .targetMissing: .targetMissing
        case .repositoryEmpty: .repositoryEmpty
        }
    }

    /// What happened and what to do, for a person.
    public var sentence: String {
        switch self {
        case .unreadable(let spec):
            "The file of spec \(spec.id) cannot be read: \(spec.detail.hasSuffix(".") ? spec.detail : spec.detail + ".")"
        case .lintFailed(let id, let findings):
            "Spec \(id) has errors that lint finds: " + findings.map(\.detail).joined(separator: " ")
        case .gone(let id): "Spec \(id) has no file any more."
        case .alreadyRunning(let run, _): "Spec \(run.specID) has a live run, \(run.id)."
        case .lockedByOther(let id, let pid):
            "Another program, process \(pid), holds the lock of spec \(id); wait for it or stop it."
        case .chantWatchRunning(let pid):
            "`chant watch` runs in this project as process \(pid); stop it, since it starts agents and writes statuses itself."
        case .notStartable(let id, _, let allowed) where allowed.isEmpty: "Spec \(id) is archived."
        case .notStartable(let id, let status, _):
            "Spec \(id) is \(status.rawValue), and a run does not start from there."
        case .driver(let id): "Spec \(id) is a driver: its members are worked, not the driver itself."
        case .needsApproval(let id): "Spec \(id) needs an approval first."
        case .approvalRejected(let id, let name): "Spec \(id) was rejected by \(name ?? "somebody")."
        case .notReady(let id, let blockers):
            "Spec \(id) is not ready: " + blockers.map { "\($0.id) (\($0.why.rawValue))" }.joined(separator: ", ") + "."
        case .promptMissing(let name, let detail): AgentError.promptMissing(name: name, detail: detail).description
        case .unknownAgent(let name, let known):
            "No agent is named \(name); the configuration has \(known.joined(separator: ", "))."
        case .agentMissing(let agent, let program):
            "The program of agent \(agent), \(program), is not there or cannot be run."
        case .providerUnsupported(let provider, let supported):
            "Provider \(provider) is not run by this service; it runs \(supported.joined(separator: ", "))."
        case .agentRefusesRoot(let agent): AgentError.refusesRoot(agent: agent).description
        case .targetMissing(let branch): "The target branch \(branch) does not exist."
        case .repositoryEmpty: "The repository has no commit yet; make one first."
        }
    }

    /// Evidence for programs, under the names of the contract.
    public var evidence: [String: Evidence] {
        switch self {
        case .unreadable(let spec):
            ["detail": .text(spec.detail)].merging(spec.line.map { ["line": .number($0)] } ?? [:]) { first, _ in first }
        case .alreadyRunning(let run, let pid):
            ["run_id": .text(run.id.text)].merging(pid.map { ["pid": .number(Int($0))] } ?? [:]) { first, _ in first }
        case .lintFailed(_, let findings): ["findings": .list(findings.map(\.evidence))]
        case .lockedByOther(_, let pid), .chantWatchRunning(let pid): ["pid": .number(Int(pid))]
        case .notStartable(_, let status, let allowed): ["status": .text(status.rawValue), "allowed": .texts(allowed)]
        case .approvalRejected(_, let name): name.map { ["by": .text($0)] } ?? [:]
        case .notReady(_, let blockers):
            ["blockers": .list(blockers.map { .record(["id": .text("\($0.id)"), "why": .text($0.why.rawValue)]) })]
        case .providerUnsupported(_, let supported): ["supported": .texts(supported)]
        case .unknownAgent(_, let known): ["known": .texts(known)]
        case .agentRefusesRoot(let agent): ["agent": .text(agent)]
        case .agentMissing(let agent, let program): ["agent": .text(agent), "program": .text(program)]
        case .gone, .driver, .needsApproval, .promptMissing, .targetMissing, .repositoryEmpty: [:]
        }
    }
}
