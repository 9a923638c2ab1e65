/// A JSON value as it was written: numbers keep their digits.
indirect enum JSONNode: Sendable, Equatable {
    case null
    case flag(Bool)
    case number(JSONNumber)
    case text(String)
    case list([JSONNode])
    case record([String: JSONNode])
}

/// A number of any size, by its digits: `1`, `1.0` and `10e-1` are equal.
struct JSONNumber: Sendable, Hashable {
    /// Without zeros at its ends; empty for zero.
    private let digits: [UInt8]
    /// The power of ten of the last digit.
    private let exponent: Int
    private let isNegative: Bool

    /// Whether it has no fraction.
    var isInteger: Bool { digits.isEmpty || exponent >= 0 }

    /// Reads what JSON's grammar allows; the caller has checked that.
    init(_ text: ArraySlice<UInt8>) {
        let power = text.firstIndex { $0 == UInt8(ascii: "e") || $0 == UInt8(ascii: "E") }
        let mantissa = text[..<(power ?? text.endIndex)].drop { $0 == UInt8(ascii: "-") }
        let point = mantissa.firstIndex(of: UInt8(ascii: "."))
        let fraction = point.map { mantissa.endIndex - $0 - 1 } ?? 0
        var digits = Array(mantissa.filter { $0 != UInt8(ascii: ".") }.drop { $0 == UInt8(ascii: "0") })
        var exponent = Self.power(power.map { text[($0 + 1)...] } ?? []) - fraction
        while digits.last == UInt8(ascii: "0") {
            digits.removeLast()
            exponent += 1
        }
        self.digits = digits
        self.exponent = digits.isEmpty ? 0 : exponent
        isNegative = !digits.isEmpty && text.first == UInt8(ascii: "-")
    }

    /// Powers beyond any use are all the same one.
    private static func power(_ text: ArraySlice<UInt8>) -> Int {
        guard !text.isEmpty else { return 0 }
        let limit = 1 << 40
        let size = Int(
            String(decoding: text.drop { $0 == UInt8(ascii: "+") || $0 == UInt8(ascii: "-") }, as: UTF8.self)
        )
        let bounded = min(size ?? limit, limit)
        return text.first == UInt8(ascii: "-") ? -bounded : bounded
    }
}

/// Reads JSON out of any bytes, without trust: nothing is too deep or too long for it.
struct JSONReader {
    /// Values may be nested so deep.
    static let deepest = 128

    private let bytes: ArraySlice<UInt8>
    private(set) var position: Int

    /// A reader that begins at the first byte.
    init(_ bytes: ArraySlice<UInt8>) {
        self.bytes = bytes
        position = bytes.startIndex
    }

    /// The one value that the bytes are, with white space around it; `nil` where they are none.
    static func value(of bytes: ArraySlice<UInt8>) -> JSONNode? {
        var reader = JSONReader(bytes)
        guard let value = reader.value() else { return nil }
        reader.skipSpace()
        return reader.position == bytes.endIndex ? value : nil
    }

    /// The value that begins here; `nil` where none does.
    mutating func value(depth: Int = 0) -> JSONNode? {
        skipSpace()
        switch peek {
        case UInt8(ascii: "{"): return depth < Self.deepest ? record(depth) : nil
        case UInt8(ascii: "["): return depth < Self.deepest ? list(depth) : nil
        case UInt8(ascii: "\""): return string().map(JSONNode.text)
        case UInt8(ascii: "t"): return take("true") ? .flag(true) : nil
        case UInt8(ascii: "f"): return take("false") ? .flag(false) : nil
        case UInt8(ascii: "n"): return take("null") ? .null : nil
        default: return number()
        }
    }

    private var peek: UInt8? { position < bytes.endIndex ? bytes[position] : nil }

    private mutating func skipSpace() {
        while let byte = peek, byte == 0x20 || (0x09...0x0A).contains(byte) || byte == 0x0D { position += 1 }
    }

    private mutating func take(_ byte: UInt8) -> Bool {
        guard peek == byte else { return false }
        position += 1
        return true
    }

    private mutating func take(_ word: StaticString) -> Bool {
        let text = Array(word.description.utf8)
        guard bytes[position...].starts(with: text) else { return false }
        position += text.count
        return true
    }

    private mutating func list(_ depth: Int) -> JSONNode? {
        position += 1
        var items: [JSONNode] = []
        skipSpace()
        if take(UInt8(ascii: "]")) { return .list([]) }
        while let item = value(depth: depth + 1) {
            items.append(item)
            skipSpace()
            if take(UInt8(ascii: "]")) { return .list(items) }
            guard take(UInt8(ascii: ",")) else { return nil }
        }
        return nil
    }

    private mutating func record(_ depth: Int) -> JSONNode? {
        position += 1
        var members: [String: JSONNode] = [:]
        skipSpace()
        if take(UInt8(ascii: "}")) { return .record([:]) }
        while true {
            skipSpace()
            guard peek == UInt8(ascii: "\""), let key = string() else { return nil }
            skipSpace()
            guard take(UInt8(ascii: ":")), let item = value(depth: depth + 1) else { return nil }
            members[key] = item
            skipSpace()
            if take(UInt8(ascii: "}")) { return .record(members) }
            guard take(UInt8(ascii: ",")) else { return nil }
        }
    }
}

// MARK: - Scalars

extension JSONReader {
    private mutating func string() -> String? {
        position += 1
        var text: [UInt8] = []
        while let byte = peek, byte >= 0x20 {
            position += 1
            switch byte {
            case UInt8(ascii: "\""): return String(decoding: text, as: UTF8.self)
            case UInt8(ascii: "\\"):
                guard let escape = escape() else { return nil }
                text += String(escape).utf8
            default: text.append(byte)
            }
        }
        return nil
    }

    private mutating func escape() -> Unicode.Scalar? {
        guard let byte = peek else { return nil }
        position += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return Unicode.Scalar(byte)
        case UInt8(ascii: "b"): return "\u{8}"
        case UInt8(ascii: "f"): return "\u{C}"
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "u"): return codePoint()
        default: return nil
        }
    }

    /// Half a pair of surrogates is no character, and is shown as such.
    private mutating func codePoint() -> Unicode.Scalar? {
        guard let unit = unit() else { return nil }
        guard (0xD800...0xDBFF).contains(unit) else { return Unicode.Scalar(unit) ?? "\u{FFFD}" }
        let before = position
        guard take("\\u"), let low = self.unit(), (0xDC00...0xDFFF).contains(low) else {
            position = before
            return "\u{FFFD}"
        }
        return Unicode.Scalar(0x10000 + (unit - 0xD800) << 10 + (low - 0xDC00))
    }

    private mutating func unit() -> UInt32? {
        let digits = bytes[position...].prefix(4)
        guard digits.count == 4, digits.allSatisfy({ Character(Unicode.Scalar($0)).isHexDigit }) else { return nil }
        position += 4
        return UInt32(String(decoding: digits, as: UTF8.self), radix: 16)
    }

    private mutating func number() -> JSONNode? {
        let start = position
        _ = take(UInt8(ascii: "-"))
        let first = position
        guard skipDigits() > 0, bytes[first] != UInt8(ascii: "0") || position == first + 1 else { return nil }
        if take(UInt8(ascii: ".")), skipDigits() == 0 { return nil }
        if take(UInt8(ascii: "e")) || take(UInt8(ascii: "E")) {
            _ = take(UInt8(ascii: "+")) || take(UInt8(ascii: "-"))
            if skipDigits() == 0 { return nil }
        }
        return .number(JSONNumber(bytes[start..<position]))
    }

    private mutating func skipDigits() -> Int {
        let start = position
        while let byte = peek, (48...57).contains(byte) { position += 1 }
        return position - start
    }
}
