import ChantDomain

/// The wire form of events.
enum EventPayload {
    /// The data of one event.
    static func json(_ recorded: RecordedEvent) -> JSONValue {
        var object: JSONObject = [
            "sequence": JSONValue(recorded.sequence),
            "at": .time(recorded.at),
            "project": recorded.project.isEmpty ? .null : .string(recorded.project),
            "type": .string(recorded.event.type),
        ]
        object.merge(members(recorded.event))
        return .object(object)
    }

    /// The data of `event: reset`.
    static func reset(_ bounds: (oldest: Int64, newest: Int64)?) -> JSONValue {
        ["oldest": JSONValue(bounds?.oldest), "newest": JSONValue(bounds?.newest)]
    }

    private static func members(_ event: DomainEvent) -> JSONObject {
        switch event {
        case .specChanged(let change): spec(change)
        case .runQueued(let facts), .runStarted(let facts), .runStage(let facts), .runSettled(let facts): run(facts)
        case .orderCreated(let facts), .orderSettled(let facts): order(facts)
        case .processStarted(let facts), .processExited(let facts): process(facts)
        case .serviceStarted(let facts), .serviceStopping(let facts):
            ["version": .string(facts.version), "mode": JSONValue(facts.mode)]
        case .unknown(_, let members): RunPayload.object(members).objectValue ?? [:]
        }
    }

    private static func spec(_ change: SpecChange) -> JSONObject {
        [
            "spec_id": .string(change.specID),
            "change": .string(change.change.rawValue),
            "from": JSONValue(change.from),
            "to": JSONValue(change.to),
            "by": .string(change.by),
            "revision": JSONValue(change.revision),
        ]
    }

    private static func run(_ facts: RunFacts) -> JSONObject {
        [
            "run_id": .string(facts.runID.text),
            "spec_id": .string(facts.specID),
            "order_id": .string(facts.orderID.text),
            "attempt": JSONValue(facts.attempt),
            "state": .string(facts.state.rawValue),
            "stage": JSONValue(facts.stage?.rawValue),
            "outcome": JSONValue(facts.outcome?.rawValue),
            "reason": JSONValue(facts.reason?.rawValue),
        ]
    }

    private static func order(_ facts: OrderFacts) -> JSONObject {
        [
            "order_id": .string(facts.orderID.text),
            "mode": .string(facts.mode.rawValue),
            "ended": JSONValue(facts.ended),
            "summary": facts.summary.map { JSONValue.object(OrderPayload.summary($0)) } ?? .null,
        ]
    }

    private static func process(_ facts: ProcessFacts) -> JSONObject {
        [
            "run_id": .string(facts.runID.text),
            "spec_id": .string(facts.specID),
            "pid": JSONValue(facts.pid),
            "exit_code": JSONValue(facts.exitCode),
            "signal": JSONValue(facts.signal),
            "adopted": .bool(facts.adopted),
        ]
    }
}
