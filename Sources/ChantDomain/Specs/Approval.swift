/// A person's word that a spec may be worked on or merged.
public struct Approval: Hashable, Sendable {
    /// Where the approval stands.
    public enum Status: String, CaseIterable, Sendable, Codable {
        case pending
        case approved
        case rejected
    }

    /// Whether it is asked for at all.
    public let required: Bool
    /// Where it stands.
    public let status: Status
    /// Who decided.
    public let by: String?
    /// When, as written.
    public let at: String?

    /// An approval as the file has it.
    public init(required: Bool, status: Status = .pending, by: String? = nil, at: String? = nil) {
        self.required = required
        self.status = status
        self.by = by
        self.at = at
    }

    /// Whether it holds a run back: it is required and not given.
    public var isOpen: Bool { required && status != .approved }

    /// Whether somebody said no to what needs a yes.
    public var isRejected: Bool { required && status == .rejected }
}
