import Glibc

extension SpecOwner {
    /// Who works on a spec now: its live run, else whoever else holds its lock.
    ///
    /// - Throws: what keeps the journal from answering; nobody knows then.
    static func of(
        _ id: SpecID,
        _ journal: Journal,
        _ project: ProjectIdentity
    ) throws(JournalError) -> SpecOwner? {
        if let live = try journal.liveRun(of: id, project: project.path) {
            return .run(live, pid: journal.agentPID(of: live.id))
        }
        return foreignLock(of: id, chantFolder: project.path).map { .lock(pid: $0) }
    }

    /// The process that holds a spec's lock, unless it is this one: then a run of ours does, which the journal knows.
    static func foreignLock(of id: SpecID, chantFolder: String) -> Int32? {
        let owner = SpecLock.owner(of: id, chantFolder: chantFolder)
        return owner == getpid() ? nil : owner
    }

    /// The same in the gates' words.
    func refusal(of id: SpecID) -> GateRefusal {
        switch self {
        case .run(let run, let pid): .alreadyRunning(run, pid: pid)
        case .lock(let pid): .lockedByOther(id, pid: pid)
        }
    }
}

extension Journal {
    /// The agent's process of a live run, if there is one.
    func agentPID(of run: RunID) -> Int32? {
        guard let process = try? process(of: run), process.exitedAt == nil else { return nil }
        return process.agent.pid
    }
}
