import GRDB

/// Processes, and facts that are nothing but events.
extension Journal {
    /// Registers an agent's process, before anybody reads its output (R26).
    ///
    /// A process that is registered already is an adopted one: its row is replaced.
    public func registerProcess(run: RunID, _ process: ProcessRow) throws(JournalError) {
        try transaction("register the process of run \(run)") { transaction in
            let run = try RunRows.existing(transaction.db, run)
            guard process.runID == run.id, run.state.isLive else { throw JournalError.stale(run) }
            try process.save(transaction.db)
            try transaction.record(.processStarted(ProcessFacts(process)), project: run.project)
        }
    }

    /// Journals an agent's exit; a second call for the same run changes nothing.
    public func processExited(run: RunID, exitCode: Int?, signal: Int?) throws(JournalError) {
        try transaction("journal the exit of run \(run)") { transaction in
            guard var process = try ProcessRows.row(transaction.db, run: run), process.exitedAt == nil else { return }
            process.exitedAt = transaction.now
            process.exitCode = exitCode
            process.signal = signal
            try process.update(transaction.db)
            try transaction.record(.processExited(ProcessFacts(process)), project: process.project)
        }
    }

    /// The processes whose exit is not journaled, the oldest first.
    public func processes() throws(JournalError) -> [ProcessRow] {
        try read("read the processes") { try ProcessRows.live($0) }
    }

    /// The process of a run, also after its exit.
    public func process(of run: RunID) throws(JournalError) -> ProcessRow? {
        try read("read the process of run \(run)") { try ProcessRows.row($0, run: run) }
    }

    /// Writes facts that are only events, such as `service.started` and `spec.changed`.
    ///
    /// - Parameters:
    ///   - events: what happened, in order.
    ///   - project: the project's name; empty for facts about the service itself.
    /// - Throws: `storage`.
    public func record(_ events: [DomainEvent], project: String) throws(JournalError) {
        try transaction("record events") { transaction in
            for event in events { try transaction.record(event, project: project) }
        }
    }
}

extension ProcessFacts {
    init(_ process: ProcessRow) {
        self.init(
            runID: process.runID,
            specID: process.specID,
            pid: Int(process.agent.pid),
            exitCode: process.exitCode,
            signal: process.signal,
            adopted: process.adopted
        )
    }
}
