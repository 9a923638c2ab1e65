import Foundation

/// The forms in which a secret can stand in a text.
///
/// As it is; escaped as JSON does, once and twice, in the ways in which programs differ; for pages and shells;
/// percent-encoded; in hex; and in base64, in each of the three places that it can have there, as in an
/// `Authorization` field.
struct SecretForms: Sendable {
    /// What is shorter is no secret, and would mask half of every text.
    static let shortest = 6
    /// What is longer is looked for in parts.
    static let longestPart = 1024

    /// Everything that has to be looked for.
    private(set) var all: Set<[UInt8]> = []
    /// Those of them that programs cut into lines of some length: base64 and hex.
    private(set) var cut: Set<[UInt8]> = []

    /// What has to be looked for so that nothing of these values is shown; empty where they are too short.
    ///
    /// No form holds a line's end: a value of several lines is looked for line by line.
    init(of values: some Sequence<String>) {
        for value in values {
            for line in Array(value.utf8).split(whereSeparator: { $0 == Byte.lineFeed || $0 == Byte.carriageReturn }) {
                let line = Self.trimmed(line)
                guard line.count >= Self.shortest else { continue }
                for part in Self.parts(line) { add(part) }
            }
        }
    }

    private mutating func add(_ bytes: [UInt8]) {
        let cut = (Self.base64(bytes) + Self.hexadecimal(bytes, separators: [""])).filter { $0.count >= Self.shortest }
        self.cut.formUnion(cut)
        all.formUnion(cut)
        let escaped = JSONEscaping.all.map { $0.escape(bytes) }
        all.insert(bytes)
        all.formUnion(escaped)
        for (once, escaping) in zip(escaped, JSONEscaping.all) { all.insert(escaping.escape(once)) }
        all.formUnion(Self.percentEncoded(bytes))
        all.formUnion(Self.hexadecimal(bytes, separators: [" ", ":"]))
        all.formUnion(Self.forPagesAndShells(bytes))
    }

    private static func trimmed(_ line: ArraySlice<UInt8>) -> [UInt8] {
        let isSpace: (UInt8) -> Bool = { $0 == UInt8(ascii: " ") || $0 == Byte.tab }
        return Array(Array(line.drop(while: isSpace).reversed().drop(while: isSpace)).reversed())
    }

    /// The last part reaches back, so that it is not too short.
    private static func parts(_ line: [UInt8]) -> [[UInt8]] {
        guard line.count > longestPart else { return [line] }
        var parts = stride(from: 0, to: line.count - longestPart, by: longestPart).map {
            Array(line[$0..<$0 + longestPart])
        }
        parts.append(Array(line.suffix(longestPart)))
        return parts
    }
}

// MARK: - Encodings

extension SecretForms {
    private static func percentEncoded(_ bytes: [UInt8]) -> [[UInt8]] {
        ["0123456789ABCDEF", "0123456789abcdef"].flatMap { digits in
            ["-._~", "-._~/", "-._~!$&'()*+,;=:@/?", "-._* "].map { plain in
                let plain = Set(plain.utf8)
                return bytes.flatMap { byte -> [UInt8] in
                    guard isAlphanumeric(byte) || plain.contains(byte) else {
                        return [UInt8(ascii: "%")] + hex(byte, digits)
                    }
                    // As forms are sent.
                    return [byte == UInt8(ascii: " ") ? UInt8(ascii: "+") : byte]
                }
            }
        }
    }

    private static func hexadecimal(_ bytes: [UInt8], separators: [String]) -> [[UInt8]] {
        ["0123456789ABCDEF", "0123456789abcdef"].flatMap { digits in
            separators.map { separator in Array(bytes.map { hex($0, digits) }.joined(separator: separator.utf8)) }
        }
    }

    /// The characters that depend on the value alone, whatever stands before and behind it.
    private static func base64(_ bytes: [UInt8]) -> [[UInt8]] {
        (0..<3).flatMap { shift -> [[UInt8]] in
            let text = Array(Data([UInt8](repeating: 0, count: shift) + bytes).base64EncodedData())
            let standard = Array(text[[0, 2, 3][shift]..<(shift + bytes.count) * 8 / 6])
            let forAddresses = standard.map { byte in
                switch byte {
                case UInt8(ascii: "+"): UInt8(ascii: "-")
                case UInt8(ascii: "/"): UInt8(ascii: "_")
                default: byte
                }
            }
            return [standard, forAddresses]
        }
    }

    /// As HTML has them, in the ways in which programs write quotation marks, and as shells print words.
    private static func forPagesAndShells(_ bytes: [UInt8]) -> [[UInt8]] {
        let angles = ["&": "&amp;", "<": "&lt;", ">": "&gt;"]
        let pages: [[String: String]] = [
            angles,
            angles.merging(["\"": "&quot;"]) { $1 },
            angles.merging(["\"": "&quot;", "'": "&#39;"]) { $1 },
            angles.merging(["\"": "&quot;", "'": "&#039;"]) { $1 },
            angles.merging(["\"": "&quot;", "'": "&#x27;"]) { $1 },
            angles.merging(["\"": "&#34;", "'": "&#39;"]) { $1 },
        ]
        let shells: [[String: String]] = [
            ["'": #"'\''"#], ["'": #"'"'"'"#],
            Dictionary(uniqueKeysWithValues: #"\"$`"#.map { (String($0), #"\"# + String($0)) }),
            Dictionary(uniqueKeysWithValues: ##" !"#$&'()*;<>?[\]^`{|}"##.map { (String($0), #"\"# + String($0)) }),
        ]
        return (pages + shells).map { words in
            let words = Dictionary(uniqueKeysWithValues: words.map { ($0.key.utf8.first, Array($0.value.utf8)) })
            return bytes.flatMap { words[$0] ?? [$0] }
        }
    }

    private static func isAlphanumeric(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "a")...UInt8(ascii: "z"):
            true
        default: false
        }
    }

    fileprivate static func hex(_ byte: UInt8, _ digits: String) -> [UInt8] {
        let digits = Array(digits.utf8)
        return [digits[Int(byte >> 4)], digits[Int(byte & 15)]]
    }
}

/// One of the ways to write a string in JSON.
private struct JSONEscaping {
    /// Whether `/` is written `\/`.
    var slashes = false
    /// Whether `<`, `>` and `&` are written as numbers, as for pages.
    var pages = false
    /// Whether everything beyond ASCII is.
    var ascii = false
    var digits = "0123456789abcdef"

    static let all: [JSONEscaping] = [
        JSONEscaping(),
        JSONEscaping(slashes: true),
        JSONEscaping(pages: true),
        JSONEscaping(ascii: true),
        JSONEscaping(slashes: true, ascii: true),
        JSONEscaping(pages: true, digits: "0123456789ABCDEF"),
        JSONEscaping(ascii: true, digits: "0123456789ABCDEF"),
    ]

    func escape(_ bytes: [UInt8]) -> [UInt8] {
        guard ascii, let text = String(validating: bytes, as: UTF8.self) else { return bytes.flatMap(escape) }
        return text.utf16.flatMap { unit -> [UInt8] in
            unit < 0x80
                ? escape(UInt8(unit))
                : Array("\\u".utf8) + SecretForms.hex(UInt8(unit >> 8), digits)
                    + SecretForms.hex(UInt8(unit & 0xFF), digits)
        }
    }

    private func escape(_ byte: UInt8) -> [UInt8] {
        let number = { Array("\\u00".utf8) + SecretForms.hex(byte, digits) }
        return switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"): [UInt8(ascii: "\\"), byte]
        case UInt8(ascii: "/") where slashes: [UInt8(ascii: "\\"), byte]
        case UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "&"): pages ? number() : [byte]
        case Byte.tab: Array("\\t".utf8)
        case 0..<0x20: number()
        default: [byte]
        }
    }
}
