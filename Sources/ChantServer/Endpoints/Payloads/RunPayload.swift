import ChantDomain

/// The wire form of runs.
enum RunPayload {
    /// A run, with what it waits for if it is queued.
    static func json(_ run: Run, waitingFor: [WaitingFor]) -> JSONValue {
        var object = identity(run)
        object.merge(git(run))
        object.merge(times(run, waitingFor))
        object.merge(ending(run))
        return .object(object)
    }

    private static func identity(_ run: Run) -> JSONObject {
        [
            "kind": "run",
            "id": .string(run.id.text),
            "spec_id": .string(run.specID),
            "order_id": .string(run.orderID.text),
            "project": .string(run.project),
            "mode": .string(run.mode.rawValue),
            "state": .string(run.state.rawValue),
            "stage": JSONValue(run.stage?.rawValue),
            "attempt": JSONValue(run.attempt),
            "agent": .string(run.agent),
            "provider": .string(run.provider),
            "model": JSONValue(run.model),
            "from": .string(run.start.rawValue),
            "note": JSONValue(run.options.note),
            "by": JSONValue(run.by),
        ]
    }

    private static func git(_ run: Run) -> JSONObject {
        [
            "branch": .string(run.branch),
            "worktree": JSONValue(run.worktree),
            "target": .string(run.target),
            "base_commit": JSONValue(run.baseCommit),
            "head_commit": JSONValue(run.headCommit),
            "commits": JSONValue(run.commits),
            "merge_commit": JSONValue(run.mergeCommit),
        ]
    }

    private static func times(_ run: Run, _ waitingFor: [WaitingFor]) -> JSONObject {
        [
            "queued_at": .time(run.queuedAt),
            "started_at": .time(run.startedAt),
            "finished_at": .time(run.finishedAt),
            "waiting_for": JSONValue(waitingFor.map(\.text)),
            "not_before": .time(run.notBefore?.at),
            "limits": [
                "wall_seconds": .double(run.limits.wallSeconds),
                "idle_seconds": .double(run.limits.idleSeconds),
                "log_bytes": JSONValue(run.limits.logBytes),
                "cost_usd": run.limits.costUSD.map(JSONValue.double) ?? .null,
            ],
            "timings": [
                "queued_ms": JSONValue(run.timings.queuedMs),
                "prepare_ms": JSONValue(run.timings.prepareMs),
                "git_ms": JSONValue(run.timings.gitMs),
                "spawn_ms": JSONValue(run.timings.spawnMs),
                "settle_ms": JSONValue(run.timings.settleMs),
            ],
        ]
    }

    private static func ending(_ run: Run) -> JSONObject {
        [
            "exit_code": JSONValue(run.exitCode),
            "signal": JSONValue(run.signal),
            "session_id": JSONValue(run.sessionID),
            "usage": .object(usage(run.usage ?? RunUsage())),
            "outcome": JSONValue(run.outcome?.rawValue),
            "reason": JSONValue(run.reason?.rawValue),
            "problem": run.problem.map { problem($0, of: run) } ?? .null,
            "warnings": .array(run.warnings.map(warning)),
            "retry_of": JSONValue(run.retryOf?.text),
            "resumed_from": JSONValue(run.resumedFrom?.text),
            "next_run": JSONValue(run.nextRun?.text),
        ]
    }

    /// The problem document of a run: no status of HTTP, and the evidence as its members.
    static func problem(_ problem: RunProblem, of run: Run) -> JSONValue {
        var document: JSONObject = [
            "type": .string("/problems/\(problem.reason.rawValue)"),
            "title": .string(ProblemName(problem.reason).title),
            "detail": .string(problem.detail),
            "instance": .string(path(run.id)),
        ]
        for (key, value) in problem.members.sorted(by: { $0.key < $1.key }) {
            // RFC 9457 has a status of its own; the document's other names win over evidence that has one of them.
            let name = key == "status" ? "spec_status" : key
            if document[name] == nil { document[name] = evidence(value) }
        }
        return .object(document)
    }

    private static func evidence(_ value: Evidence) -> JSONValue {
        switch value {
        case .text(let text): .string(text)
        case .number(let number): JSONValue(number)
        case .amount(let amount): JSONValue(amount)
        case .flag(let flag): .bool(flag)
        case .list(let values): .array(values.map(evidence))
        case .record(let record): object(record)
        }
    }

    /// Something noteworthy.
    static func warning(_ warning: RunWarning) -> JSONValue {
        [
            "code": .string(warning.code.rawValue),
            "detail": .string(warning.detail),
            "paths": JSONValue(warning.paths),
        ]
    }
}

// MARK: - Shared with other payloads

extension RunPayload {
    /// A run's address.
    static func path(_ run: RunID) -> String { "/runs/\(run.text)" }

    /// What runs took.
    static func usage(_ usage: RunUsage) -> JSONObject {
        [
            "input_tokens": JSONValue(usage.inputTokens),
            "output_tokens": JSONValue(usage.outputTokens),
            "cost_usd": usage.costUSD.map(JSONValue.double) ?? .null,
        ]
    }

    /// Evidence as a JSON object, its keys sorted.
    static func object(_ record: [String: Evidence]) -> JSONValue {
        var object = JSONObject()
        for (key, value) in record.sorted(by: { $0.key < $1.key }) { object[key] = evidence(value) }
        return .object(object)
    }
}
