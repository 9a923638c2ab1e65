public import Foundation

/// Names one run; sorts by the time of its acceptance; safe as a file name and in a ref.
public struct RunID: Hashable, Sendable, Comparable, CustomStringConvertible {
    /// `r` and 26 base-32 characters.
    public let text: String

    /// Parses `text`; `nil` where it cannot be a run's id.
    public init?(_ text: String) {
        guard SortableID.isValid(text, letter: "r") else { return nil }
        self.text = text
    }

    /// A new id for a run accepted at `date`.
    public init(at date: Date) {
        text = SortableID.fresh("r", at: date)
    }

    /// The id's text.
    public var description: String { text }

    /// Orders by time of acceptance.
    public static func < (left: RunID, right: RunID) -> Bool { left.text < right.text }
}

/// Names one order; sorts by the time of its acceptance.
public struct OrderID: Hashable, Sendable, Comparable, CustomStringConvertible {
    /// `o` and 26 base-32 characters.
    public let text: String

    /// Parses `text`; `nil` where it cannot be an order's id.
    public init?(_ text: String) {
        guard SortableID.isValid(text, letter: "o") else { return nil }
        self.text = text
    }

    /// A new id for an order accepted at `date`.
    public init(at date: Date) {
        text = SortableID.fresh("o", at: date)
    }

    /// The id's text.
    public var description: String { text }

    /// Orders by time of acceptance.
    public static func < (left: OrderID, right: OrderID) -> Bool { left.text < right.text }
}

extension RunID: ParsedText {}

extension OrderID: ParsedText {}
