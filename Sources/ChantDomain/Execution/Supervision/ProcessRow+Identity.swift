/// The journal's rows and the identities that can be verified are two forms of the same fact: the journal keeps what
/// was true, a process is asked whether it still is.
extension ProcessRow {
    /// The row of an agent that was started for `run`.
    init(_ agent: SupervisedAgent, of run: Run) {
        self.init(
            run: run,
            agent: Identity(agent.agent),
            supervisor: Identity(agent.supervisor),
            startedAt: agent.startedAt
        )
    }
}

extension ProcessRow.Identity {
    fileprivate init(_ identity: ProcessIdentity) {
        self.init(
            pid: identity.pid,
            startTicks: identity.startTicks,
            bootID: identity.bootID,
            pidNamespace: identity.pidNamespace
        )
    }

    fileprivate var verifiable: ProcessIdentity {
        ProcessIdentity(pid: pid, startTicks: startTicks, bootID: bootID, pidNamespace: pidNamespace)
    }
}

extension SupervisedAgent {
    /// The agent of a row, with its run's folder.
    init(of row: ProcessRow, folder: RunFolder) {
        self.init(
            runID: row.runID,
            runFolder: folder.path,
            supervisor: row.supervisor.verifiable,
            agent: row.agent.verifiable,
            startedAt: row.startedAt
        )
    }
}
