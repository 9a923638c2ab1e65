extension SupervisedAgent {
    /// The agent of a row of the journal, with its run's folder.
    init(of row: ProcessRow, folder: RunFolder) {
        self.init(
            runID: row.runID,
            runFolder: folder.path,
            supervisor: row.supervisor,
            agent: row.agent,
            startedAt: row.startedAt
        )
    }
}
