/// Writes values so that every YAML reader takes them for what they are, in the style of the original.
enum YAMLText {
    enum Quotes {
        case none
        case single
        case double
    }

    /// A scalar for a line of its own; `quotes` asks for quotes that it would not need.
    static func scalar(_ text: String, quotes: Quotes = .none, inFlow: Bool = false) -> String {
        if needsEscapes(text) { return doubleQuoted(text) }
        switch quotes {
        case .double: return doubleQuoted(text)
        case .single: return singleQuoted(text)
        case .none: return isPlain(text, inFlow: inFlow) ? text : singleQuoted(text)
        }
    }

    /// A value on one line, lists and maps in brackets.
    static func flow(_ value: HeaderValue, quotes: Quotes = .none, inFlow: Bool = false) -> String {
        switch value {
        case .null: "null"
        case .flag(let flag): flag ? "true" : "false"
        case .integer(let number): String(number)
        case .decimal(let number): decimal(number)
        case .text(let text): scalar(text, quotes: quotes, inFlow: inFlow)
        case .list(let values): "[" + values.map { flow($0, inFlow: true) }.joined(separator: ", ") + "]"
        case .map(let entries):
            "{"
                + entries.map { "\(scalar($0.key, inFlow: true)): \(flow($0.value, inFlow: true))" }
                .joined(separator: ", ") + "}"
        }
    }

    /// A number with a point and without an exponent, which would make a hash of it (R4).
    static func decimal(_ number: Double) -> String {
        let text = String(number)
        guard let mark = text.firstIndex(of: "e"), let exponent = Int(text[text.index(after: mark)...]) else {
            return text
        }
        let sign = text.hasPrefix("-") ? "-" : ""
        let parts = text[..<mark].drop { $0 == "-" }.split(separator: ".", omittingEmptySubsequences: false)
        let digits = parts.joined()
        let point = parts[0].count + exponent
        if point <= 0 { return "\(sign)0.\(String(repeating: "0", count: -point))\(digits)" }
        if point >= digits.count { return "\(sign)\(digits)\(String(repeating: "0", count: point - digits.count)).0" }
        return "\(sign)\(digits.prefix(point)).\(digits.dropFirst(point))"
    }

    /// The lines of a key and its value, lists and maps one item a line.
    ///
    /// `key` is what stands before the value, its colon included.
    static func lines(_ key: String, _ value: HeaderValue, indent: String, itemIndent: String) -> [String] {
        switch value {
        case .list(let values) where !values.isEmpty:
            return [key] + values.map { "\(itemIndent)- \(flow($0))" }
        case .map(let entries) where !entries.isEmpty:
            let inner = indent + "  "
            return [key]
                + entries.flatMap { lines("\(inner)\(scalar($0.key)):", $0.value, indent: inner, itemIndent: inner) }
        default: return ["\(key) \(flow(value))"]
        }
    }

    /// The index after the closing quote of the quoted scalar that `bytes` begin with; `nil` where it does not close.
    static func endOfQuoted(_ bytes: ArraySlice<UInt8>) -> Int? {
        guard let quote = bytes.first else { return nil }
        let isDouble = quote == UInt8(ascii: "\"")
        var index = bytes.startIndex + 1
        while index < bytes.endIndex {
            if isDouble, bytes[index] == UInt8(ascii: "\\") {
                index += 2
            } else if bytes[index] != quote {
                index += 1
            } else if !isDouble, index + 1 < bytes.endIndex, bytes[index + 1] == quote {
                index += 2
            } else {
                return index + 1
            }
        }
        return nil
    }
}

// MARK: - Quoting

extension YAMLText {
    private static func singleQuoted(_ text: String) -> String {
        "'" + text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "''") + "'"
    }

    private static func doubleQuoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\r": result += "\\r"
            case "\t": result += "\\t"
            default:
                if isPrintable(scalar) {
                    result.unicodeScalars.append(scalar)
                } else {
                    let hex = String(scalar.value, radix: 16, uppercase: true)
                    result += "\\U" + String(repeating: "0", count: 8 - hex.utf8.count) + hex
                }
            }
        }
        return result + "\""
    }

    private static func needsEscapes(_ text: String) -> Bool { !text.unicodeScalars.allSatisfy(isPrintable) }

    /// What YAML lets stand as it is and what no reader takes for a line end.
    private static func isPrintable(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x20...0x7E, 0xA0...0x2027, 0x202A...0xD7FF, 0xE000...0xFEFE, 0xFF00...0xFFFD, 0x10000...0x10FFFF: true
        default: false
        }
    }

    private static func isPlain(_ text: String, inFlow: Bool) -> Bool {
        guard let first = text.utf8.first, let last = text.utf8.last else { return false }
        let indicators = "-?:,[]{}#&*!|>'\"%@`= "
        guard !indicators.utf8.contains(first), last != UInt8(ascii: " "), last != UInt8(ascii: ":"),
            !text.contains(": "), !text.contains(" #"), !text.hasPrefix("<<"), !text.hasPrefix("...")
        else { return false }
        if inFlow, text.utf8.contains(where: { ",[]{}:".utf8.contains($0) }) { return false }
        return !isWord(text) && !isNumber(text)
    }

    private static func isWord(_ text: String) -> Bool {
        let words = ["~", "null", "true", "false", "yes", "no", "on", "off", "y", "n"]
        return words.contains(text.lowercased())
    }

    /// Whether some YAML reader, old or new, takes the text for a number: hashes such as `812e667` among them (R4).
    private static func isNumber(_ text: String) -> Bool {
        let digits = text.lowercased().drop { "+-.".contains($0) }
        guard let first = digits.utf8.first else { return true }
        if digits == "inf" || digits == "nan" { return true }
        guard (48...57).contains(first) else { return false }
        let body =
            digits.hasPrefix("0x") || digits.hasPrefix("0o") || digits.hasPrefix("0b") ? digits.dropFirst(2) : digits
        if digits.hasPrefix("0x") {
            return body.utf8.allSatisfy { Character(Unicode.Scalar($0)).isHexDigit || $0 == 95 }
        }
        return body.utf8.allSatisfy { (48...57).contains($0) || "._:e+-".utf8.contains($0) } && !isTime(text)
    }

    /// Dates and times stay plain, as the original writes them: readers that know them keep their text.
    private static func isTime(_ text: String) -> Bool {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        return parts.count >= 3 && parts[0].utf8.count == 4 && parts[1].utf8.count == 2
            && parts[2].utf8.prefix(2).allSatisfy { (48...57).contains($0) }
    }
}
