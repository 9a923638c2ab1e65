/// What a failure of one spec means for the rest of its order (R15, R16).
public enum FailurePolicy: String, Sendable, Codable, CaseIterable {
    /// Nothing new starts; what runs ends.
    case stop
    /// What does not depend on the failed spec goes on.
    case `continue`
}

/// What an order takes up, and how fast.
public struct OrderPlan: Sendable, Codable, Equatable {
    /// Whether the caller named the specs; else everything that is ready is taken.
    public var isNamed: Bool
    /// Whether its specs were chosen once, at its beginning, though nobody named them.
    public var isFixed: Bool?
    /// Only specs that have one of these labels; all where there are none.
    public var labels: [String]
    /// Whether specs are taken up that become ready because of what the order completed.
    public var follow: Bool
    /// What a failure means for the rest.
    public var onFailure: FailurePolicy
    /// At most so many specs are started.
    public var maxSpecs: Int?
    /// At most so many of its runs are in flight at once.
    public var maxConcurrent: Int?

    /// A plan; without arguments, everything that is ready, going on after failures.
    public init(
        isNamed: Bool = false,
        labels: [String] = [],
        follow: Bool = false,
        onFailure: FailurePolicy = .continue,
        maxSpecs: Int? = nil,
        maxConcurrent: Int? = nil
    ) {
        self.isNamed = isNamed
        self.labels = labels
        self.follow = follow
        self.onFailure = onFailure
        self.maxSpecs = maxSpecs
        self.maxConcurrent = maxConcurrent
    }
}

/// A spec that its order does not start.
public struct SkippedSpec: Sendable, Codable, Equatable {
    /// The spec's full id.
    public var specID: String
    /// The word for it: a problem's name such as `not-ready`, or `order-ended`.
    public var reason: String
    /// The same in a sentence.
    public var detail: String

    /// A spec that is skipped.
    public init(specID: String, reason: String, detail: String) {
        self.specID = specID
        self.reason = reason
        self.detail = detail
    }
}
