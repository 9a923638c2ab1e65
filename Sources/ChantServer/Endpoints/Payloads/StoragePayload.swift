import ChantDomain

/// The wire form of what grows and of what is free.
enum StoragePayload {
    /// Sizes with their limits, room with its floors.
    static func json(_ storage: StorageStatus) -> JSONValue {
        [
            "runs": runs(storage),
            "events": events(storage),
            "refs": [
                "count": JSONValue(storage.kept?.refs),
                "limits": [
                    "age_seconds": JSONValue(storage.limits.refsAge.map { $0 / .seconds(1) }),
                    "count": JSONValue(storage.limits.refsCount),
                ],
            ],
            "worktrees": ["count": JSONValue(storage.kept?.worktrees)],
            "journal": ["bytes": JSONValue(storage.journal.bytes)],
            "looked_at": JSONValue(storage.kept.map { Timestamp.text($0.at) }),
            "disk": [
                "worktrees": disk(storage.resources.worktrees, floor: storage.diskFloor),
                "state": disk(storage.resources.state, floor: storage.floors.state),
            ],
            "memory": [
                "available_bytes": JSONValue(storage.resources.memory),
                "floor_bytes": JSONValue(storage.floors.memory),
            ],
            "shortages": .array(
                storage.shortages.map { shortage in
                    [
                        "what": .string(shortage.what.rawValue),
                        "detail": .string(shortage.sentence),
                    ]
                }
            ),
        ]
    }

    private static func runs(_ storage: StorageStatus) -> JSONValue {
        [
            "count": JSONValue(storage.journal.runs),
            "bytes": JSONValue(storage.kept?.runBytes),
            "limits": [
                "age_seconds": JSONValue(storage.limits.runsAge / .seconds(1)),
                "bytes": JSONValue(storage.limits.runsBytes),
                "count": JSONValue(storage.limits.runsCount),
            ],
        ]
    }

    private static func events(_ storage: StorageStatus) -> JSONValue {
        [
            "count": JSONValue(storage.journal.events),
            "oldest_at": JSONValue(storage.journal.oldestEvent.map { Timestamp.text($0) }),
            "limits": [
                "age_seconds": JSONValue(storage.limits.eventsAge / .seconds(1)),
                "count": JSONValue(storage.limits.eventsCount),
            ],
        ]
    }

    private static func disk(_ space: DiskSpace?, floor: Int) -> JSONValue {
        [
            "free_bytes": JSONValue(space?.free),
            "total_bytes": JSONValue(space?.total),
            "floor_bytes": JSONValue(floor),
        ]
    }
}
