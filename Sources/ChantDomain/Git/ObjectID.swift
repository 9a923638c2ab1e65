/// The full name of a git object: 40 or 64 lower-case hexadecimal digits.
public struct ObjectID: Hashable, Sendable, CustomStringConvertible {
    /// The digits.
    public let hex: String

    /// Parses `text`; `nil` where it is no full object name.
    public init?(_ text: some StringProtocol) {
        guard text.utf8.count == 40 || text.utf8.count == 64,
            text.utf8.allSatisfy({ (0x30...0x39).contains($0) || (0x61...0x66).contains($0) })
        else { return nil }
        hex = String(text)
    }

    private init(zeros count: Int) {
        hex = String(repeating: "0", count: count)
    }

    /// The name of no object, as long as this one: "must not exist yet" in a compare-and-swap.
    var zero: ObjectID { ObjectID(zeros: hex.utf8.count) }

    /// The digits.
    public var description: String { hex }
}

extension ObjectID: ParsedText {}
