import ChantDomain

/// The wire form of orders.
enum OrderPayload {
    /// An order's address.
    static func path(_ order: OrderID) -> String { "/work/\(order.text)" }

    /// An order with its specs and how they ended so far.
    static func json(_ details: OrderDetails) -> JSONValue {
        let order = details.order
        return [
            "kind": "order",
            "id": .string(order.id.text),
            "project": .string(order.project),
            "mode": .string(order.mode.rawValue),
            "state": .string(order.state),
            "ended": JSONValue(order.ended),
            "options": .object(options(order)),
            "specs": .array(details.entries.map(entry)),
            "summary": .object(summary(details.summary)),
            "created_at": .time(order.createdAt),
            "settled_at": .time(order.settledAt),
        ]
    }

    /// What the caller asked for, with what follows from the mode.
    private static func options(_ order: Order) -> JSONObject {
        let options = order.options
        let plan = order.planned
        return [
            "named": .bool(plan.isNamed),
            "labels": JSONValue(plan.labels),
            "follow": .bool(plan.follow),
            "on_failure": .string(plan.onFailure.rawValue),
            "max_specs": JSONValue(plan.maxSpecs),
            "max_concurrent": JSONValue(plan.maxConcurrent),
            "prompt": JSONValue(options.prompt),
            "agent": JSONValue(options.agent),
            "model": JSONValue(options.model),
            "timeout_seconds": JSONValue(options.timeoutSeconds),
            "criteria": JSONValue(options.criteria?.rawValue),
            "skip": JSONValue(options.skip.map(\.rawValue).sorted()),
            "merge": JSONValue(options.merge?.rawValue),
            "allow_no_commits": .bool(options.allowNoCommits),
            "from": .string(options.from.rawValue),
            "note": JSONValue(options.note),
        ]
    }

    private static func entry(_ entry: OrderEntry) -> JSONValue {
        [
            "spec_id": .string(entry.specID),
            "state": .string(entry.state.rawValue),
            "run_id": JSONValue(entry.run?.id.text),
            "outcome": JSONValue(entry.run?.outcome?.rawValue),
            "reason": JSONValue(entry.skipped?.reason ?? entry.run?.reason?.rawValue),
            "detail": JSONValue(entry.skipped?.detail ?? entry.run?.problem?.detail),
            "waiting_for": JSONValue(entry.waitingFor.map(\.text)),
        ]
    }

    /// How specs ended, in numbers.
    static func summary(_ summary: OrderSummary) -> JSONObject {
        [
            "completed": JSONValue(summary.completed),
            "failed": JSONValue(summary.failed),
            "needs_attention": JSONValue(summary.needsAttention),
            "skipped": JSONValue(summary.skipped),
            "cancelled": JSONValue(summary.cancelled),
            "remaining_ready": JSONValue(summary.remainingReady),
        ]
    }
}
