/// A spec's id: the name of its file without `.md` (R37).
///
/// 1–200 bytes of valid UTF-8 without `/`, NUL or control characters.
public struct SpecID: Hashable, Sendable, CustomStringConvertible {
    /// The id as written.
    public let text: String

    /// Parses `text`; `nil` where R37 does not allow it.
    public init?(_ text: String) {
        guard (1...200).contains(text.utf8.count), text != ".", text != "..",
            !text.unicodeScalars.contains(where: { $0 == "/" || $0.value < 0x20 || (0x7F...0x9F).contains($0.value) })
        else { return nil }
        self.text = text
    }

    /// The id as written.
    public var description: String { text }
}
