/// Why one spec holds another one back (R10); the words on the wire.
public enum BlockReason: String, Sendable, Codable, CaseIterable {
    /// A dependency that is neither completed nor cancelled nor archived.
    case status
    /// A dependency that does not exist.
    case missing
    /// A dependency that in its turn waits for the spec itself: neither will ever start.
    case cycle
    /// A lower-numbered member of the same driver, which goes first.
    case sibling
    /// A dependency of the driver that the spec belongs to.
    case driver
}

/// A spec that holds another one back, and why (R10).
public struct Blocker: Sendable, Codable, Hashable {
    /// The id as the dependency is written; it need not be one that exists.
    public let id: String
    /// Why it holds the other one back.
    public let why: BlockReason

    /// A blocker with its reason.
    public init(_ id: String, _ why: BlockReason) {
        self.id = id
        self.why = why
    }
}
