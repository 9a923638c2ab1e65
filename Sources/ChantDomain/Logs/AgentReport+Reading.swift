extension AgentReport {
    /// What the output of a run says, read once from its start to its end, in bounded pieces.
    static func read(_ folder: RunFolder, _ dialect: AgentDialect) throws(LogError) -> AgentReport {
        var report = AgentReport()
        let log = DecodedLog(folder: folder, dialect: dialect)
        try log.eachLine { line in
            report.add(line.decoded(dialect).facts)
        }
        return report
    }
}
