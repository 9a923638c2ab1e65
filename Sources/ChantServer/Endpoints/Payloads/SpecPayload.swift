import ChantDomain

/// The wire form of specs.
enum SpecPayload {
    /// A spec in a list: without its body and its header.
    static func item(_ listing: SpecListing) -> JSONValue {
        switch listing {
        case .readable(let view): .object(fields(view))
        case .unreadable(let file): unreadable(file)
        }
    }

    /// A spec by itself.
    static func whole(_ listing: SpecListing) -> JSONValue {
        switch listing {
        case .readable(let view): whole(view)
        case .unreadable(let file): unreadable(file)
        }
    }

    /// A readable spec by itself.
    static func whole(_ view: SpecView) -> JSONValue {
        var object = fields(view)
        object["body"] = .string(view.spec.body)
        object["frontmatter"] = json(view.spec.frontmatter)
        return .object(object)
    }

    private static func unreadable(_ file: UnreadableSpec) -> JSONValue {
        [
            "id": .string(file.id),
            "path": .string(file.path),
            "revision": file.revision.isEmpty ? .null : .string(file.revision),
            "unreadable": ["detail": .string(file.detail), "line": JSONValue(file.line)],
        ]
    }

    private static func fields(_ view: SpecView) -> JSONObject {
        var object = file(view.spec)
        object.merge(header(view.spec))
        object.merge(conflictAndVerification(view.spec))
        object.merge(computed(view))
        return object
    }

    private static func file(_ spec: Spec) -> JSONObject {
        [
            "id": .string(spec.id.text),
            "title": JSONValue(spec.title),
            "path": .string(spec.path),
            "updated_at": .time(spec.updatedAt),
            "archived": .bool(spec.archived),
            "revision": .string(spec.revision),
        ]
    }

    private static func header(_ spec: Spec) -> JSONObject {
        [
            "type": .string(spec.kind.rawValue),
            "status": .string(spec.status.rawValue),
            "depends_on": spec.dependsOn.map { JSONValue($0) } ?? .null,
            "labels": JSONValue(spec.labels),
            "target_files": JSONValue(spec.targetFiles),
            "context": JSONValue(spec.context),
            "prompt": JSONValue(spec.prompt),
            "branch": JSONValue(spec.branch),
            "commits": JSONValue(spec.commits),
            "completed_at": JSONValue(spec.completedAt),
            "model": JSONValue(spec.model),
            "tracks": JSONValue(spec.tracks),
            "informed_by": JSONValue(spec.informedBy),
            "origin": JSONValue(spec.origin),
            "schedule": JSONValue(spec.schedule),
            "derived_fields": JSONValue(spec.derivedFields),
            "approval": spec.approval.map(approval) ?? .null,
            "output_schema": JSONValue(spec.outputSchema),
            "public": JSONValue(spec.isPublic),
            "retry_state": spec.retryState.map(retryState) ?? .null,
            "extra": json(spec.extra),
        ]
    }

    private static func conflictAndVerification(_ spec: Spec) -> JSONObject {
        [
            "source_branch": JSONValue(spec.sourceBranch),
            "target_branch": JSONValue(spec.targetBranch),
            "conflicting_files": JSONValue(spec.conflictingFiles),
            "blocked_specs": JSONValue(spec.blockedSpecs),
            "original_spec": JSONValue(spec.originalSpec),
            "last_verified": JSONValue(spec.lastVerified),
            "verification_status": JSONValue(spec.verificationStatus),
            "verification_failures": JSONValue(spec.verificationFailures),
            "replayed_at": JSONValue(spec.replayedAt),
            "original_completed_at": JSONValue(spec.originalCompletedAt),
            "replay_count": JSONValue(spec.replayCount),
        ]
    }

    private static func computed(_ view: SpecView) -> JSONObject {
        [
            "driver": JSONValue(view.driver?.text),
            "members": JSONValue(view.members.map(\.text)),
            "ready": .bool(view.ready),
            "blocked_by": .array(view.blockedBy.map(blocker)),
            "allowed": JSONValue(view.allowed),
            "criteria": [
                "total": JSONValue(view.criteria.total), "checked": JSONValue(view.criteria.checked),
            ],
            "stale": .bool(view.stale),
            "run_id": JSONValue(view.runID?.text),
            "order_id": JSONValue(view.orderID?.text),
            "usage": .object(RunPayload.usage(view.usage)),
        ]
    }

    private static func approval(_ approval: Approval) -> JSONValue {
        [
            "required": .bool(approval.required),
            "status": .string(approval.status.rawValue),
            "by": JSONValue(approval.by),
            "at": JSONValue(approval.at),
        ]
    }

    private static func retryState(_ state: RetryState) -> JSONValue {
        [
            "attempts": JSONValue(state.attempts),
            "last_retry_time": JSONValue(state.lastRetryTime),
            "next_retry_time": JSONValue(state.nextRetryTime),
        ]
    }
}

// MARK: - Shared with problems

extension SpecPayload {
    /// What a spec waits for.
    static func blocker(_ blocker: Blocker) -> JSONValue {
        ["id": .string(blocker.id), "why": .string(blocker.why.rawValue)]
    }

    /// What lint found.
    static func finding(_ finding: Finding) -> JSONValue {
        [
            "rule": .string(finding.rule.rawValue), "severity": .string(finding.severity.rawValue),
            "detail": .string(finding.detail), "suggestion": JSONValue(finding.suggestion),
        ]
    }

    /// A map of a header, in its order.
    static func json(_ entries: [HeaderEntry]) -> JSONValue {
        var object = JSONObject()
        var seen: Set<String> = []
        for entry in entries where seen.insert(entry.key).inserted { object.append(entry.key, json(entry.value)) }
        return .object(object)
    }

    private static func json(_ value: HeaderValue) -> JSONValue {
        switch value {
        case .null: .null
        case .flag(let flag): .bool(flag)
        case .integer(let number): JSONValue(number)
        case .decimal(let number): .double(number)
        case .text(let text): .string(text)
        case .list(let values): .array(values.map(json))
        case .map(let entries): json(entries)
        }
    }
}
