import ChantDomain

/// The wire form of agent processes.
enum ProcessPayload {
    /// All processes, at most `limit` of them as items, with how many are in each state.
    static func list(_ processes: [ProcessView], limit: Int) -> JSONValue {
        var page = Page.json(processes.prefix(limit).map(json), total: processes.count)
        page["summary"] = .object(summary(processes))
        return .object(page)
    }

    private static func summary(_ processes: [ProcessView]) -> JSONObject {
        var summary = JSONObject()
        for state in ProcessView.State.allCases {
            summary[state.rawValue] = JSONValue(processes.count { $0.state == state })
        }
        return summary
    }

    private static func json(_ process: ProcessView) -> JSONValue {
        [
            "pid": JSONValue(process.pid),
            "started_at": .time(process.startedAt),
            "spec_id": .string(process.specID),
            "run_id": JSONValue(process.run?.id.text),
            "order_id": JSONValue(process.run?.orderID.text),
            "agent": JSONValue(process.run?.agent),
            "model": JSONValue(process.run?.model),
            "state": .string(process.state.rawValue),
            "adopted": .bool(process.adopted),
            "owner": process.run == nil ? "chant" : "server",
            "cpu_seconds": .double(process.cpuSeconds),
            "rss_bytes": JSONValue(process.rssBytes),
            "children": JSONValue(process.children),
            "worktree": JSONValue(process.run?.worktree),
            "branch": JSONValue(process.run?.branch),
            "log_bytes": JSONValue(process.logBytes),
            "last_output_at": .time(process.lastOutputAt),
        ]
    }
}
