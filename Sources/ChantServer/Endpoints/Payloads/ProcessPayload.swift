import ChantDomain

/// The wire form of processes.
enum ProcessPayload {
    /// Some of all processes, with how many of all are in each state.
    static func list(_ items: [ProcessView], of all: [ProcessView], next: Cursor? = nil) -> JSONValue {
        var page = Page.json(items.map(json), total: all.count, next: next)
        page["summary"] = .object(summary(all))
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
            "role": .string(process.role.rawValue),
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
