/// A spec's id: the name of its file without `.md` (R37).
///
/// 1–200 bytes of valid UTF-8 without `/`, NUL or control characters. Two ids are equal if their bytes are: two ways
/// to write one accented letter are two file names.
public struct SpecID: Sendable, CustomStringConvertible {
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

    /// The spec that this one is a member of, by its name alone: the text before the last dot.
    ///
    /// Whether a spec of that name exists is the index's knowledge: `SpecIndex.driver(of:)`.
    public var driver: SpecID? {
        text.lastIndex(of: ".").flatMap { SpecID(String(text[..<$0])) }
    }

    /// The outermost spec that this one can belong to: the text before the first dot.
    public var root: SpecID {
        text.firstIndex(of: ".").flatMap { SpecID(String(text[..<$0])) } ?? self
    }

    /// The number below its driver, where that part of the name is a decimal number.
    public var memberNumber: Int? {
        guard driver != nil, let dot = text.lastIndex(of: ".") else { return nil }
        let number = text[text.index(after: dot)...]
        guard number.utf8.allSatisfy({ (48...57).contains($0) }) else { return nil }
        return Int(number)
    }

    /// Whether this is a member of `other`, directly or through members of it.
    public func isMember(of other: SpecID) -> Bool {
        text.utf8.count > other.text.utf8.count + 1 && text.utf8.starts(with: "\(other.text).".utf8)
    }
}

extension SpecID: Hashable {
    /// Compares bytes.
    public static func == (left: SpecID, right: SpecID) -> Bool { left.text.hasSameBytes(as: right.text) }

    /// Feeds the bytes.
    public func hash(into hasher: inout Hasher) { text.hashBytes(into: &hasher) }
}

extension SpecID: ParsedText {}

// MARK: - Names in refs and paths of our own

extension SpecID {
    /// The id as one component of a ref name or of a path of the service's own (R37).
    ///
    /// Every byte outside `[A-Za-z0-9._-]`, a leading `-` or `.`, the second of two dots, and the dot of a final
    /// `.lock` are written as `%XX`, and so is a final dot, which git refuses as well. Different ids stay different.
    public var refComponent: String {
        let bytes = Array(text.utf8)
        let lock = bytes.count >= 5 && bytes.suffix(5).elementsEqual(".lock".utf8) ? bytes.count - 5 : -1
        var result = ""
        for (index, byte) in bytes.enumerated() {
            let isDot = byte == UInt8(ascii: ".")
            let isOdd =
                index == 0 && (isDot || byte == UInt8(ascii: "-"))
                || isDot && (index == lock || index == bytes.count - 1 || bytes[max(index - 1, 0)] == byte)
            if SpecID.isPlain(byte), !isOdd {
                result.unicodeScalars.append(Unicode.Scalar(byte))
            } else {
                let hex = String(byte, radix: 16, uppercase: true)
                result += hex.utf8.count == 1 ? "%0\(hex)" : "%\(hex)"
            }
        }
        return result
    }

    /// Reads what `refComponent` wrote; `nil` for anything else.
    public init?(refComponent: String) {
        var bytes: [UInt8] = []
        var rest = Array(refComponent.utf8)[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            let hex = String(decoding: rest.prefix(2), as: UTF8.self)
            guard rest.count >= 2, let value = UInt8(hex, radix: 16) else { return nil }
            bytes.append(value)
            rest = rest.dropFirst(2)
        }
        guard let text = String(validating: bytes, as: UTF8.self), let id = SpecID(text),
            id.refComponent == refComponent
        else { return nil }
        self = id
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"):
            true
        default: false
        }
    }
}
