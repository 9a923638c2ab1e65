extension AgentReport {
    /// What the output of a run's agent says, read once from its start to its end, in bounded pieces.
    ///
    /// What a set-up command printed before it is not the agent's word, whatever it looks like.
    static func read(_ folder: RunFolder, _ dialect: AgentDialect) throws(LogError) -> AgentReport {
        var report = AgentReport()
        let log = DecodedLog(folder: folder, dialect: dialect)
        let begin = folder.agentBegin
        try log.eachLine { line in
            guard line.start >= begin else { return }
            report.add(line.decoded(dialect).facts)
        }
        return report
    }
}
