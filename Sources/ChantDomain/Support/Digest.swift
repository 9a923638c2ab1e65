import Crypto

/// The SHA-256 of some bytes.
public struct Digest: Hashable, Sendable, CustomStringConvertible {
    /// 64 lower-case hexadecimal digits.
    public let hex: String

    /// The digest of `bytes`.
    public init(of bytes: [UInt8]) {
        hex = SHA256.hash(data: bytes).map(Digest.pair).joined()
    }

    /// Reads 64 lower-case hexadecimal digits; `nil` for anything else.
    public init?(hex: String) {
        guard hex.utf8.count == 64, hex.utf8.allSatisfy({ (48...57).contains($0) || (97...102).contains($0) }) else {
            return nil
        }
        self.hex = hex
    }

    /// The first 16 digits: a spec's `revision` on the wire.
    public var short16: String { String(hex.prefix(16)) }

    /// The 64 digits.
    public var description: String { hex }

    private static let digits = Array("0123456789abcdef")

    private static func pair(_ byte: UInt8) -> String {
        String([digits[Int(byte >> 4)], digits[Int(byte & 15)]])
    }
}
