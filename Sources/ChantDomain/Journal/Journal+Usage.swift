import Foundation
import GRDB

/// What runs took, summed.
extension Journal {
    /// The sums over the settled runs of each spec of a project that has any, by the spec's id.
    ///
    /// - Parameters:
    ///   - path: the project.
    ///   - spec: only this spec.
    /// - Returns: sums of what is known; a figure that no run tells is `nil`.
    /// - Throws: `storage`.
    public func usage(project path: String, of spec: SpecID? = nil) throws(JournalError) -> [String: RunUsage] {
        try read("sum the usage of specs") { db in
            let statement = try db.cachedStatement(
                sql: """
                    SELECT spec_id, \(Self.sums) FROM runs
                    WHERE usage IS NOT NULL AND state = 'settled' AND project_path = ?
                        AND spec_id = coalesce(?, spec_id) GROUP BY spec_id
                    """
            )
            let rows = try Row.fetchAll(statement, arguments: [path, spec?.text])
            return Dictionary(rows.map { ($0["spec_id"], Self.usage($0)) }) { first, _ in first }
        }
    }

    /// The sums of each day (UTC) of the last ones on which runs of a project ended, the newest first.
    public func usageByDay(project path: String, limit: Int) throws(JournalError) -> [DailyUsage] {
        try read("sum the usage of days") { db in
            let statement = try db.cachedStatement(
                sql: """
                    SELECT date(coalesce(finished_at, started_at, queued_at) / 1000, 'unixepoch') AS day,
                        count(*) AS runs, \(Self.sums)
                    FROM runs WHERE usage IS NOT NULL AND project_path = ? GROUP BY day ORDER BY day DESC LIMIT ?
                    """
            )
            return try Row.fetchAll(statement, arguments: [path, limit]).map {
                DailyUsage(day: $0["day"], runs: $0["runs"], usage: Self.usage($0))
            }
        }
    }

    // Rounded: a sum of binary fractions is 5.424799999999998 where people read 5.4248.
    private static let sums = """
        sum(json_extract(usage, '$.inputTokens')) AS input, sum(json_extract(usage, '$.outputTokens')) AS output,
        round(sum(json_extract(usage, '$.costUSD')), 9) AS cost
        """

    private static func usage(_ row: Row) -> RunUsage {
        RunUsage(inputTokens: row["input"], outputTokens: row["output"], costUSD: row["cost"])
    }
}

/// What the runs that ended on one day took.
public struct DailyUsage: Sendable, Equatable {
    /// The day in UTC, as `2026-08-01`.
    public let day: String
    /// How many runs told what they took.
    public let runs: Int
    /// The sums.
    public let usage: RunUsage
}
