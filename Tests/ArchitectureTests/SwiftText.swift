/// Reads Swift as text: good enough for the architecture's tests, and no parser.
enum SwiftText {
    /// `source` with comments and the text of string literals replaced by spaces; line breaks stay.
    ///
    /// Code inside `\( … )` of a literal is blanked with it: what a literal names does not decide who may use whom.
    static func blanked(_ source: String) -> String {
        var scanner = Scanner(bytes: Array(source.utf8))
        scanner.run()
        return String(decoding: scanner.output, as: UTF8.self)
    }

    private struct Scanner {
        let bytes: [UInt8]
        var output: [UInt8] = []
        var at = 0

        init(bytes: [UInt8]) { self.bytes = bytes }

        mutating func run() {
            while at < bytes.count {
                if starts("//") {
                    blank { $0.at < $0.bytes.count && $0.bytes[$0.at] != UInt8(ascii: "\n") }
                } else if starts("/*") {
                    block()
                } else if let hashes = literalStart() {
                    literal(hashes: hashes)
                } else {
                    output.append(bytes[at])
                    at += 1
                }
            }
        }

        private func starts(_ text: String, at position: Int? = nil) -> Bool {
            bytes[(position ?? at)...].starts(with: text.utf8)
        }

        private mutating func blank(while goesOn: (Scanner) -> Bool) {
            while goesOn(self) { blankOne() }
        }

        private mutating func blankOne() {
            output.append(bytes[at] == UInt8(ascii: "\n") ? bytes[at] : UInt8(ascii: " "))
            at += 1
        }

        private mutating func block() {
            var depth = 0
            repeat {
                if starts("/*") { depth += 1 }
                if starts("*/") { depth -= 1 }
                let width = starts("/*") || starts("*/") ? 2 : 1
                for _ in 0..<min(width, bytes.count - at) { blankOne() }
            } while depth > 0 && at < bytes.count
        }

        /// The number of `#` before a quotation mark that begins here.
        private func literalStart() -> Int? {
            var end = at
            while end < bytes.count, bytes[end] == UInt8(ascii: "#") { end += 1 }
            return end < bytes.count && bytes[end] == UInt8(ascii: "\"") ? end - at : nil
        }

        private mutating func literal(hashes: Int) {
            let fence = String(repeating: "#", count: hashes)
            let isBlock = starts(fence + "\"\"\"")
            let quote = isBlock ? "\"\"\"" : "\""
            let escape = Array("\\\(fence)".utf8)
            for _ in 0..<(hashes + quote.utf8.count) { blankOne() }
            while at < bytes.count, !starts(quote + fence) {
                if !isBlock, bytes[at] == UInt8(ascii: "\n") { return }
                if starts("\\" + fence + "(") {
                    interpolation(escape: escape.count)
                } else {
                    let width = bytes[at...].starts(with: escape) ? escape.count + 1 : 1
                    for _ in 0..<min(width, bytes.count - at) { blankOne() }
                }
            }
            for _ in 0..<min(quote.utf8.count + hashes, bytes.count - at) { blankOne() }
        }

        private mutating func interpolation(escape: Int) {
            for _ in 0..<(escape + 1) { blankOne() }
            var depth = 1
            while depth > 0, at < bytes.count {
                if let hashes = literalStart() {
                    literal(hashes: hashes)
                    continue
                }
                if bytes[at] == UInt8(ascii: "(") { depth += 1 }
                if bytes[at] == UInt8(ascii: ")") { depth -= 1 }
                blankOne()
            }
        }
    }

    /// The identifiers of a line of code that begin with a capital and do not follow a dot: the types that it names.
    static func typeNames(in code: Substring) -> [String] {
        var names: [String] = []
        var word: [UInt8] = []
        var before = UInt8(ascii: " ")
        for byte in Array(code.utf8) + [UInt8(ascii: " ")] {
            if isWordByte(byte) {
                word.append(byte)
            } else {
                let isType = word.first.map { $0 >= UInt8(ascii: "A") && $0 <= UInt8(ascii: "Z") } ?? false
                if isType, before != UInt8(ascii: ".") { names.append(String(decoding: word, as: UTF8.self)) }
                if !word.isEmpty || byte != UInt8(ascii: " ") { before = byte }
                word = []
            }
        }
        return names
    }

    private static func isWordByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), 0x80...: true
        default: false
        }
    }

    /// What a line of code declares, where it declares a type or a typealias.
    static func declaration(in code: Substring) -> TypeDeclaration? {
        let words = code.split { !($0.isLetter || $0.isNumber || $0 == "_" || $0 == "@" || $0 == "(" || $0 == ")") }
        let modifiers: Set<Substring> = [
            "public", "package", "internal", "private", "fileprivate", "final", "indirect", "open", "nonisolated",
        ]
        let rest = words.drop { modifiers.contains($0) || $0.hasPrefix("@") }
        let keywords: Set<Substring> = ["struct", "class", "enum", "actor", "protocol", "typealias"]
        guard let keyword = rest.first, keywords.contains(keyword), let name = rest.dropFirst().first else {
            return nil
        }
        let isOpen = !words.contains("private") && !words.contains("fileprivate")
        return TypeDeclaration(name: String(name), isTopLevel: code.first?.isWhitespace == false, isVisible: isOpen)
    }
}

/// A type that a file declares.
struct TypeDeclaration: Equatable {
    let name: String
    let isTopLevel: Bool
    /// Whether other files can name it.
    let isVisible: Bool
}
