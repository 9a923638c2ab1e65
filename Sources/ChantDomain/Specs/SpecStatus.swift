/// What a spec file says about its work; exactly the words on disk (R4).
///
/// `ready` and `blocked` are computed and never stored (R5).
public enum SpecStatus: String, CaseIterable, Sendable, Codable {
    case pending
    case inProgress = "in_progress"
    case paused
    case completed
    case failed
    case needsAttention = "needs_attention"
    case cancelled

    /// Reads the file's word; a stored `blocked` is `pending` (R5).
    public init?(word: String) {
        guard let status = word == "blocked" ? .pending : SpecStatus(rawValue: word) else { return nil }
        self = status
    }
}

/// What can happen to a spec's status.
public enum SpecEvent: String, CaseIterable, Sendable {
    /// A run of it begins.
    case start
    /// A paused spec goes on.
    case resume
    /// Its run was cancelled or interrupted, or will be tried again (R41).
    case release
    /// A person puts it back.
    case reset
    /// A person puts back what nobody works on any more (R43).
    case resetStale
    case pause
    case takeover
    /// Its run's work has been merged (R7).
    case finish
    /// The work that was held back has been merged (R59).
    case merge
    /// A person says that it is done (R7).
    case finalize
    /// A person says so of a spec that nobody works on any more (R43).
    case finalizeStale
    /// The last of its members is done (R9).
    case completeDriver
    /// The run failed.
    case fail
    /// The run needs a person.
    case flag
    case cancel
    /// What it describes has changed since it was completed.
    case drift
    /// Its criteria do not hold any more.
    case verify
    /// An administrator's reset, from anywhere, audited (R44).
    case forcedReset
}

/// An event that a status does not allow: 409 `illegal-transition`.
public struct InvalidTransition: Error, Hashable, Sendable {
    /// The spec's status.
    public let from: SpecStatus
    /// What was asked of it.
    public let event: SpecEvent
    /// Whether it lies in the archive, where nothing is allowed.
    public var isArchived = false
    /// The statuses that it may go to.
    public var allowed: [SpecStatus] { isArchived ? [] : from.allowed }
}

extension SpecStatus {
    /// The one transition table: the status after `event`, or why there is none (R6).
    public func applying(_ event: SpecEvent) throws(InvalidTransition) -> SpecStatus {
        switch (self, event) {
        case (.pending, .start), (.paused, .start), (.failed, .start), (.needsAttention, .start): .inProgress
        case (.paused, .resume): .inProgress
        case (.inProgress, .release), (.inProgress, .resetStale): .pending
        case (.paused, .reset), (.failed, .reset), (.needsAttention, .reset): .pending
        case (.completed, .reset), (.cancelled, .reset): .pending
        case (.inProgress, .pause), (.inProgress, .takeover): .paused
        case (.inProgress, .finish), (.inProgress, .finalizeStale): .completed
        case (.paused, .merge), (.failed, .merge), (.needsAttention, .merge): .completed
        case (.paused, .finalize), (.failed, .finalize), (.needsAttention, .finalize): .completed
        case (.pending, .completeDriver), (.inProgress, .completeDriver), (.paused, .completeDriver): .completed
        case (.failed, .completeDriver), (.needsAttention, .completeDriver): .completed
        case (.inProgress, .fail): .failed
        case (.inProgress, .flag), (.completed, .drift), (.completed, .verify): .needsAttention
        case (.pending, .cancel), (.inProgress, .cancel), (.paused, .cancel): .cancelled
        case (.failed, .cancel), (.needsAttention, .cancel): .cancelled
        case (_, .forcedReset): .pending
        default: throw InvalidTransition(from: self, event: event)
        }
    }

    /// The statuses that this one may go to, in the order of the table.
    ///
    /// What only a driver can do, and an administrator's forced reset, are left out: nobody can ask for them here.
    public var allowed: [SpecStatus] {
        let events = SpecEvent.allCases.filter { $0 != .completeDriver && $0 != .forcedReset }
        let targets = Set(events.compactMap { try? applying($0) })
        return SpecStatus.allCases.filter(targets.contains)
    }
}

extension Spec {
    /// Refuses an event that the spec does not allow: what lies in the archive is over, else the table decides (R6).
    func refuse(unlessAllowed event: SpecEvent) throws(SpecError) {
        guard !archived else {
            throw .illegalTransition(InvalidTransition(from: status, event: event, isArchived: true))
        }
        do throws(InvalidTransition) { _ = try status.applying(event) } catch { throw .illegalTransition(error) }
    }
}
