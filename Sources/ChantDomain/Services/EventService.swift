/// Everything that happens, from the journal and then live, on one cursor (R32).
public struct EventService: Sendable {
    let journal: Journal

    /// Events after `sequence`; `nil` begins with what happens from now on.
    public func subscribe(after sequence: Int64?) -> Subscription<RecordedEvent> {
        journal.subscribe(after: sequence)
    }

    /// At most `limit` events after `sequence`, in order, from the journal.
    public func page(after sequence: Int64, limit: Int) throws(JournalError) -> [RecordedEvent] {
        try journal.events(after: sequence, limit: limit)
    }

    /// The number of the newest event that subscribers have been told of.
    public var newest: Int64 { journal.newestPublished }

    /// The oldest and the newest event that there are; `nil` before the first.
    public func bounds() throws(JournalError) -> (oldest: Int64, newest: Int64)? { try journal.eventBounds() }
}
