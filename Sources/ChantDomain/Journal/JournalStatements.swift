import GRDB

/// What keeps queued runs from being started now.
struct QueueObstacles: Sendable {
    /// These are under way already, are being withdrawn, or wait for a time.
    var runs: Set<RunID> = []
    /// These agents have as many runs as they may have.
    var fullAgents: [String] = []
    /// The agents of the configuration; a run of another one gets one of these at its start.
    var knownAgents: [String] = []
    /// Whether a run whose agent is chosen at its start finds one.
    var isAnyAgentFree = true
    /// Whether there is one that could be free; else the gates say what is wrong with all of them.
    var hasUsableAgents = true
    /// Whether runs of parallel orders wait for the end of the pause between two starts.
    var holdsParallel = false
}

/// Statements about runs.
enum RunRows {
    static func run(_ db: Database, _ id: RunID) throws -> Run? {
        let statement = try db.cachedStatement(sql: "SELECT * FROM runs WHERE id = ?")
        return try Run.fetchOne(statement, arguments: [id.text])
    }

    static func existing(_ db: Database, _ id: RunID) throws -> Run {
        guard let run = try run(db, id) else { throw JournalError.noSuchRun(id) }
        return run
    }

    static func live(_ db: Database, spec: String, projectPath: String) throws -> Run? {
        let statement = try db.cachedStatement(
            sql: "SELECT * FROM runs WHERE project_path = ? AND spec_id = ? AND state <> 'settled'"
        )
        return try Run.fetchOne(statement, arguments: [projectPath, spec])
    }

    static func latest(_ db: Database, spec: String, projectPath: String) throws -> Run? {
        let statement = try db.cachedStatement(
            sql: "SELECT * FROM runs WHERE project_path = ? AND spec_id = ? ORDER BY rowid DESC LIMIT 1"
        )
        return try Run.fetchOne(statement, arguments: [projectPath, spec])
    }

    static func live(_ db: Database, projectPath: String?) throws -> [Run] {
        let statement = try db.cachedStatement(
            sql: """
                SELECT * FROM runs WHERE state <> 'settled' AND project_path = coalesce(?, project_path)
                ORDER BY rowid
                """
        )
        return try Run.fetchAll(statement, arguments: [projectPath])
    }

    /// Decodes one row, however long the queue is.
    static func oldestQueued(_ db: Database, projectPath: String, _ obstacles: QueueObstacles) throws -> Run? {
        // The condition on the state is written twice, so that SQLite takes the index of live runs.
        let sql = """
            SELECT * FROM runs WHERE state = 'queued' AND state <> 'settled' AND project_path = ?
            AND id NOT IN (\(databaseQuestionMarks(count: obstacles.runs.count)))
            AND CASE
                WHEN is_agent_open AND ? THEN 1
                WHEN agent IN (\(databaseQuestionMarks(count: obstacles.knownAgents.count)))
                    THEN agent NOT IN (\(databaseQuestionMarks(count: obstacles.fullAgents.count)))
                ELSE ? END
            AND (mode <> 'parallel' OR ?)
            ORDER BY rowid LIMIT 1
            """
        let arguments: StatementArguments =
            [projectPath] + StatementArguments(obstacles.runs.map(\.text)) + [obstacles.isAnyAgentFree]
            + StatementArguments(obstacles.knownAgents + obstacles.fullAgents)
            + [obstacles.isAnyAgentFree || !obstacles.hasUsableAgents, !obstacles.holdsParallel]
        return try Run.fetchOne(db, sql: sql, arguments: arguments)
    }

    /// The queued runs that have a time before which they do not start.
    static func waitingForTime(_ db: Database, projectPath: String) throws -> [Run] {
        let statement = try db.cachedStatement(
            sql: "SELECT * FROM runs WHERE state = 'queued' AND not_before IS NOT NULL AND project_path = ?"
        )
        return try Run.fetchAll(statement, arguments: [projectPath])
    }

    /// Of each spec the run that was accepted last, in the order of acceptance.
    static func latest(_ db: Database, projectPath: String) throws -> [Run] {
        let statement = try db.cachedStatement(
            sql: """
                SELECT * FROM runs WHERE rowid IN (
                    SELECT max(rowid) FROM runs WHERE project_path = ? GROUP BY spec_id
                ) ORDER BY rowid
                """
        )
        return try Run.fetchAll(statement, arguments: [projectPath])
    }

    static func queuedCount(_ db: Database) throws -> Int {
        // The condition on the state is written twice, so that SQLite takes the index of live runs.
        let statement = try db.cachedStatement(
            sql: "SELECT count(*) FROM runs WHERE state = 'queued' AND state <> 'settled'"
        )
        return try Int.fetchOne(statement) ?? 0
    }

    static func runs(_ db: Database, _ query: RunQuery) throws -> (items: [Run], total: Int) {
        var conditions: [String] = []
        var arguments = StatementArguments()
        func narrow(_ column: String, _ values: [String]?) {
            guard let values else { return }
            conditions.append("\(column) IN (\(databaseQuestionMarks(count: values.count)))")
            arguments += StatementArguments(values)
        }
        narrow("project_path", query.projectPath.map { [$0] })
        narrow("spec_id", query.specID.map { [$0] })
        narrow("order_id", query.orderID.map { [$0.text] })
        narrow("state", query.states.map { $0.map(\.rawValue).sorted() })
        narrow("outcome", query.outcomes.map { $0.map(\.rawValue).sorted() })
        func condition() -> String { conditions.isEmpty ? "" : "WHERE " + conditions.joined(separator: " AND ") }
        let total = try Int.fetchOne(db, sql: "SELECT count(*) FROM runs \(condition())", arguments: arguments) ?? 0
        // Ids carry the time, so that their order is that of acceptance, and a place in it survives what comes and goes.
        if let after = query.after {
            conditions.append(query.isOldestFirst ? "id > ?" : "id < ?")
            arguments += [after.text]
        }
        let items = try Run.fetchAll(
            db,
            sql: "SELECT * FROM runs \(condition()) ORDER BY id \(query.isOldestFirst ? "ASC" : "DESC") LIMIT ?",
            arguments: arguments + [query.limit]
        )
        return (items, total)
    }
}

/// Statements about processes.
enum ProcessRows {
    static func row(_ db: Database, run: RunID) throws -> ProcessRow? {
        let statement = try db.cachedStatement(sql: "SELECT * FROM processes WHERE run_id = ?")
        return try ProcessRow.fetchOne(statement, arguments: [run.text])
    }

    static func live(_ db: Database) throws -> [ProcessRow] {
        let statement = try db.cachedStatement(
            sql: "SELECT * FROM processes WHERE exited_at IS NULL ORDER BY started_at, run_id"
        )
        return try ProcessRow.fetchAll(statement)
    }
}
