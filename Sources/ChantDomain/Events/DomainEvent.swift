public import Foundation

/// Everything that can happen, as it is journaled and as it is told to subscribers (R32).
///
/// Its Codable form is flat: `type` and exactly the members of the contract's table. A type that this version does not
/// know, from a journal that a newer one wrote, is kept as it is.
public enum DomainEvent: Sendable, Equatable {
    case specChanged(SpecChange)
    case runQueued(RunFacts)
    case runStarted(RunFacts)
    case runStage(RunFacts)
    case runSettled(RunFacts)
    case orderCreated(OrderFacts)
    case orderSettled(OrderFacts)
    case processStarted(ProcessFacts)
    case processExited(ProcessFacts)
    case serviceStarted(ServiceFacts)
    case serviceStopping(ServiceFacts)
    case unknown(type: String, members: [String: Evidence])
}

/// An event with its place in the journal.
public struct RecordedEvent: Sendable, Equatable {
    /// Its number: given by the journal, never reused, growing.
    public let sequence: Int64
    /// When its transaction was written.
    public let at: Date
    /// The name of the project that it is about; empty for facts about the service itself.
    public let project: String
    /// What happened.
    public let event: DomainEvent

    /// An event that the journal holds.
    public init(sequence: Int64, at: Date, project: String, event: DomainEvent) {
        self.sequence = sequence
        self.at = at
        self.project = project
        self.event = event
    }
}

/// The event's word on the wire and in the journal.
extension DomainEvent {
    /// For example `run.settled`.
    public var type: String {
        switch self {
        case .specChanged: "spec.changed"
        case .runQueued: "run.queued"
        case .runStarted: "run.started"
        case .runStage: "run.stage"
        case .runSettled: "run.settled"
        case .orderCreated: "order.created"
        case .orderSettled: "order.settled"
        case .processStarted: "process.started"
        case .processExited: "process.exited"
        case .serviceStarted: "service.started"
        case .serviceStopping: "service.stopping"
        case .unknown(let type, _): type
        }
    }
}

extension DomainEvent: Codable {
    private enum TypeKey: String, CodingKey {
        case type
    }

    /// Reads `type` and the members that belong to it.
    public init(from decoder: any Decoder) throws {
        let type = try decoder.container(keyedBy: TypeKey.self).decode(String.self, forKey: .type)
        switch type {
        case "spec.changed": self = .specChanged(try SpecChange(from: decoder))
        case "run.queued": self = .runQueued(try RunFacts(from: decoder))
        case "run.started": self = .runStarted(try RunFacts(from: decoder))
        case "run.stage": self = .runStage(try RunFacts(from: decoder))
        case "run.settled": self = .runSettled(try RunFacts(from: decoder))
        case "order.created": self = .orderCreated(try OrderFacts(from: decoder))
        case "order.settled": self = .orderSettled(try OrderFacts(from: decoder))
        case "process.started": self = .processStarted(try ProcessFacts(from: decoder))
        case "process.exited": self = .processExited(try ProcessFacts(from: decoder))
        case "service.started": self = .serviceStarted(try ServiceFacts(from: decoder))
        case "service.stopping": self = .serviceStopping(try ServiceFacts(from: decoder))
        default:
            var members = try decoder.singleValueContainer().decode([String: Evidence?].self).compactMapValues { $0 }
            members["type"] = nil
            self = .unknown(type: type, members: members)
        }
    }

    /// Writes `type` and the members, those without a value as `null`.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: TypeKey.self)
        try container.encode(type, forKey: .type)
        switch self {
        case .specChanged(let change): try change.encode(to: encoder)
        case .runQueued(let facts), .runStarted(let facts), .runStage(let facts), .runSettled(let facts):
            try facts.encode(to: encoder)
        case .orderCreated(let facts), .orderSettled(let facts): try facts.encode(to: encoder)
        case .processStarted(let facts), .processExited(let facts): try facts.encode(to: encoder)
        case .serviceStarted(let facts), .serviceStopping(let facts): try facts.encode(to: encoder)
        case .unknown(_, let members): try members.encode(to: encoder)
        }
    }
}
