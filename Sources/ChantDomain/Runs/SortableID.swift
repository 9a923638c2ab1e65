import Foundation

/// Makes and checks the text of run and order ids: a letter and a UUIDv7 in base 32, so that ids sort by time.
///
/// Usable as it is in file and ref names. Source: RFC 9562 §5.7 for the bits, Crockford's alphabet in lower case for the text.
enum SortableID {
    private static let alphabet = Array("0123456789abcdefghjkmnpqrstvwxyz".utf8)
    private static let digits = 26

    /// A fresh id's text.
    ///
    /// - Parameters:
    ///   - letter: what kind of id it is.
    ///   - date: the moment in its upper 48 bits, in milliseconds; the other 74 are random.
    /// - Returns: the letter and 26 characters.
    static func fresh(_ letter: Character, at date: Date) -> String {
        let milliseconds = UInt64(max(0, date.timeIntervalSince1970 * 1000)) & 0xFFFF_FFFF_FFFF
        let high = milliseconds << 16 | 0x7000 | Surroundings.number() & 0x0FFF
        let low = 0x8000_0000_0000_0000 | Surroundings.number() >> 2
        var value = UInt128(high) << 64 | UInt128(low)
        var text: [UInt8] = []
        for _ in 0..<digits {
            text.append(alphabet[Int(value & 31)])
            value >>= 5
        }
        return String(letter) + String(decoding: text.reversed(), as: UTF8.self)
    }

    /// What a digit counts; 0 for a byte that is none.
    static func value(of digit: UInt8) -> Int { alphabet.firstIndex(of: digit) ?? 0 }

    /// Whether `text` could have come from `fresh` with this letter.
    static func isValid(_ text: String, letter: Character) -> Bool {
        text.utf8.count == digits + 1 && text.first == letter && text.utf8.dropFirst().allSatisfy(alphabet.contains)
    }
}
