import ChantDomain

/// The wire form of how the service stands.
enum StatusPayload {
    /// Counts, workers, queue, repositories.
    static func json(_ status: ServiceStatus) -> JSONValue {
        [
            "counts": .object(counts(status.counts)),
            "workers": ["limit": JSONValue(status.workerLimit), "busy": JSONValue(status.busyWorkers)],
            "queue": [
                "length": JSONValue(status.queueLength),
                "oldest_seconds": JSONValue(status.oldestSeconds),
            ],
            "repositories": .array(
                status.repositories.map { repository in
                    [
                        "path": .string(repository.path),
                        "target": .string(repository.target),
                        "holder": JSONValue(repository.holder),
                        "waiting": JSONValue(repository.waiting),
                    ]
                }
            ),
            "usage": .array(status.usage.map(day)),
            "storage": StoragePayload.json(status.storage),
        ]
    }

    private static func day(_ day: DailyUsage) -> JSONValue {
        var object: JSONObject = ["date": .string(day.day), "runs": JSONValue(day.runs)]
        object.merge(RunPayload.usage(day.usage))
        return .object(object)
    }

    /// Every status, also those that no spec has.
    private static func counts(_ counts: [String: Int]) -> JSONObject {
        var object = JSONObject()
        for name in SpecStatus.allCases.map(\.rawValue) + ["ready", "unreadable"] {
            object[name] = JSONValue(counts[name] ?? 0)
        }
        return object
    }
}
