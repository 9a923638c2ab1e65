/// A branch's short name that `git check-ref-format --branch` accepts and that cannot be taken for an option (R25).
public struct BranchName: Hashable, Sendable, CustomStringConvertible {
    /// The name without `refs/heads/`.
    public let text: String

    /// Parses `text`; `nil` where git would refuse the name, or where a command line could misread it.
    public init?(_ text: String) {
        let bytes = Array(text.utf8)
        // Everything is compared on bytes: to Swift's strings a combining mark after `/` would hide the slash.
        guard (1...240).contains(bytes.count), text != "HEAD", text != "@",
            bytes.first != UInt8(ascii: "-"), bytes.last != UInt8(ascii: "."),
            !bytes.contains(where: Self.isForbidden),
            !zip(bytes, bytes.dropFirst()).contains(where: Self.isForbiddenPair)
        else { return nil }
        for part in bytes.split(separator: 0x2F, omittingEmptySubsequences: false) {
            guard let first = part.first, first != 0x2E, !part.reversed().starts(with: ".lock".utf8.reversed()) else {
                return nil
            }
        }
        self.text = text
    }

    /// The full name of the branch's ref.
    public var ref: String { "refs/heads/\(text)" }
    /// The name without `refs/heads/`.
    public var description: String { text }

    private static func isForbidden(_ byte: UInt8) -> Bool {
        byte <= 0x20 || byte == 0x7F || "~^:?*[\\".utf8.contains(byte)
    }

    private static func isForbiddenPair(_ first: UInt8, _ second: UInt8) -> Bool {
        (first, second) == (0x2E, 0x2E) || (first, second) == (UInt8(ascii: "@"), UInt8(ascii: "{"))
    }
}

extension BranchName: ParsedText {}
