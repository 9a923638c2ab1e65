import ChantDomain

/// The wire form of a spec's members and dependencies.
enum RelationPayload {
    /// The members of a driver with their progress.
    static func members(_ members: SpecMembers) -> JSONValue {
        var summary = JSONObject()
        for status in SpecStatus.allCases {
            summary[status.rawValue] = JSONValue(members.items.count { $0.status == status })
        }
        summary["ready"] = JSONValue(members.items.count { $0.ready })
        summary["unreadable"] = JSONValue(members.items.count { $0.unreadable != nil })
        return [
            "spec_id": .string(members.spec.text),
            "items": .array(members.items.map(member)),
            "total": JSONValue(members.items.count),
            "next": .null,
            "summary": .object(summary),
            "progress": [
                "state": .string(members.progress.rawValue),
                "done": JSONValue(members.items.count { $0.isDone }),
                "total": JSONValue(members.items.count),
            ],
        ]
    }

    private static func member(_ member: SpecMembers.Item) -> JSONValue {
        [
            "id": .string(member.id.text),
            "title": JSONValue(member.title),
            "status": JSONValue(member.status?.rawValue),
            "driver": .string(member.driver.text),
            "archived": .bool(member.isArchived),
            "ready": .bool(member.ready),
            "blocked_by": .array(member.blockedBy.map(SpecPayload.blocker)),
            "run_id": JSONValue(member.run?.text),
            "unreadable": member.unreadable.map { ["detail": .string($0.detail), "line": JSONValue($0.line)] } ?? .null,
        ]
    }

    /// What a spec waits for, and what waits for it.
    static func dependencies(_ dependencies: SpecDependencies) -> JSONValue {
        [
            "spec_id": .string(dependencies.spec.text),
            "ready": .bool(dependencies.ready),
            "blocked_by": .array(dependencies.blockedBy.map(SpecPayload.blocker)),
            "items": .array(dependencies.items.map(item)),
            "total": JSONValue(dependencies.items.count),
            "next": .null,
            "dependents": .array(dependencies.dependents.map(dependent)),
        ]
    }

    private static func item(_ item: SpecDependencies.Item) -> JSONValue {
        [
            "id": .string(item.id),
            "title": JSONValue(item.title),
            "status": JSONValue(item.status?.rawValue),
            "archived": .bool(item.isArchived),
            "direct": .bool(item.isDirect),
            "needed_by": .string(item.neededBy.text),
            "why": JSONValue(item.why?.rawValue),
        ]
    }

    private static func dependent(_ dependent: SpecDependencies.Dependent) -> JSONValue {
        [
            "id": .string(dependent.id.text),
            "title": JSONValue(dependent.title),
            "status": .string(dependent.status.rawValue),
            "waits": .bool(dependent.waits),
        ]
    }
}
