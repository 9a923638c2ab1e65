import Yams

/// A header's keys and the lines that each one owns, found without re-formatting anything (R2).
///
/// The YAML parser says where each key begins; its lines reach to its last line of content, so that blank lines and
/// comments below it, which people mean for the next key, belong to nobody. Lines end at LF, and are counted from 0.
struct FrontmatterLines {
    struct Entry {
        let key: String
        let value: Node
        /// The key's line, and those that its value fills.
        let lines: Range<Int>
    }

    /// The header's keys, in order.
    private(set) var entries: [Entry] = []
    /// Where each line begins in the document's bytes, and at last where the header ends.
    let lineStarts: [Int]

    private let document: SpecDocument
    private let firstLine: Int
    /// The header as the parser read it, and where its lines begin in there as YAML counts lines.
    let text: [UInt8]
    let yamlStarts: [Int]
    /// The line (as counted by LF) of each line as YAML counts them.
    private let lineOfYAMLLine: [Int]

    init(_ document: SpecDocument) throws(HeaderProblem) {
        self.document = document
        guard case .header(let yaml, let firstLine, _) = document.layout else {
            if case .unterminated(let line) = document.layout {
                throw HeaderProblem("The header never closes: no line is exactly `---`.", line: line)
            }
            (self.firstLine, text, yamlStarts, lineOfYAMLLine, lineStarts) = (1, [], [0], [0], [0])
            return
        }
        self.firstLine = firstLine
        guard yaml.count <= Self.mostBytes else {
            throw HeaderProblem("The header is larger than \(Self.mostBytes >> 10) KiB.", line: firstLine)
        }
        let string = String(decoding: document.bytes[yaml], as: UTF8.self)
        text = Array(string.utf8)
        (yamlStarts, lineOfYAMLLine) = FrontmatterLines.lines(of: text)
        var starts: [Int] = []
        var position = yaml.lowerBound
        while position < yaml.upperBound {
            starts.append(position)
            position = SpecDocument.lineEnd(in: document.bytes, from: position)
        }
        lineStarts = starts + [yaml.upperBound]
        try refuseExpansion()
        try refuseDocumentMarks()
        guard let root = try compose(string) else { return }
        guard case .mapping(let mapping) = root, !isFlow(root) else {
            throw HeaderProblem("The header has to hold one key on a line.", line: firstLine)
        }
        guard mapping.count <= Self.mostKeys else {
            throw HeaderProblem("The header has more than \(Self.mostKeys) keys.", line: firstLine)
        }
        entries = try entries(of: mapping, in: 0..<starts.count)
    }

    /// Real headers are a few hundred bytes; nobody waits for what a mistake, or malice, puts there.
    static let mostBytes = 64 << 10
    static let mostKeys = 1000

    /// The entry of `key`, if the header has one.
    subscript(key: String) -> Entry? { entries.first { $0.key == key } }

    /// The number of a line in the file, counted from 1.
    func fileLine(_ line: Int) -> Int { firstLine + line }

    /// The number in the file of the line where `node` begins, if the parser said so.
    func fileLine(of node: Node) -> Int? { node.mark.map { fileLine(line(ofYAML: $0.line)) } }

    /// The bytes of some lines in the document.
    func byteRange(_ lines: Range<Int>) -> Range<Int> { lineStarts[lines.lowerBound]..<lineStarts[lines.upperBound] }

    /// The bytes of a line in the document, its ending included.
    func bytes(ofLine line: Int) -> ArraySlice<UInt8> { document.bytes[lineStarts[line]..<lineStarts[line + 1]] }

    /// The keys of a map that is the value of `entry`, with their lines; `nil` where the map is not written in lines.
    func entries(inMapOf entry: Entry) throws(HeaderProblem) -> [Entry]? {
        guard case .mapping(let mapping) = entry.value, !isFlow(entry.value), let first = mapping.first?.key.mark,
            entry.lines.contains(line(ofYAML: first.line)), line(ofYAML: first.line) > entry.lines.lowerBound
        else { return nil }
        return try entries(of: mapping, in: line(ofYAML: first.line)..<entry.lines.upperBound)
    }

    func line(ofYAML line: Int) -> Int { lineOfYAMLLine[min(max(line - 1, 0), lineOfYAMLLine.count - 1)] }
}

// MARK: - Parsing

extension FrontmatterLines {
    /// Where lines begin as YAML counts them: after LF, CRLF, a lone CR, NEL, LS, PS; and the LF-counted line of each.
    private static func lines(of text: [UInt8]) -> ([Int], [Int]) {
        var starts = [0]
        var lines = [0]
        var line = 0
        for (index, byte) in text.enumerated() {
            let previous = index > 0 ? text[index - 1] : 0
            if byte == 0x0A {
                line += 1
            } else {
                let isLoneReturn = byte == 0x0D && !(index + 1 < text.count && text[index + 1] == 0x0A)
                let isNextLine = byte == 0x85 && previous == 0xC2
                let isSeparator =
                    (byte == 0xA8 || byte == 0xA9) && previous == 0x80 && index > 1 && text[index - 2] == 0xE2
                guard isLoneReturn || isNextLine || isSeparator else { continue }
            }
            starts.append(index + 1)
            lines.append(line)
        }
        return (starts, lines)
    }

    private func compose(_ string: String) throws(HeaderProblem) -> Node? {
        do {
            // No resolver: every scalar stays the text that it is (R4).
            return try Parser(yaml: string, resolver: .basic, encoding: .utf8).singleRoot()
        } catch let error as YamlError {
            throw problem(error)
        } catch {
            throw HeaderProblem("The header is no YAML: \(error)", line: firstLine)
        }
    }

    private func problem(_ error: YamlError) -> HeaderProblem {
        switch error {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
            .composer(_, let problem, let mark, _):
            return HeaderProblem("The header is no YAML: \(problem).", line: fileLine(line(ofYAML: mark.line)))
        case .duplicatedKeysInMapping(let keys, let context):
            let first = line(ofYAML: context.mark.line)
            let start = bytes(ofLine: first).prefix { $0 != UInt8(ascii: ":") }
            let second = (first + 1..<max(first + 1, lineStarts.count - 1)).first { line in
                bytes(ofLine: line).prefix { $0 != UInt8(ascii: ":") }.elementsEqual(start)
            }
            let names = keys.map { "`\($0)`" }.joined(separator: ", ")
            return HeaderProblem("The header has the key \(names) twice.", line: fileLine(second ?? first))
        case .reader(let problem, let offset, _, _):
            let characters = String(decoding: text, as: UTF8.self).prefix(offset ?? 0)
            let line = characters.unicodeScalars.count { $0 == "\n" }
            return HeaderProblem("The header is no YAML: \(problem).", line: fileLine(line))
        default:
            return HeaderProblem("The header is no YAML: \(error)", line: firstLine)
        }
    }

    /// Refuses headers whose aliases could unfold to more than memory holds; a real spec has one or two, if any.
    private func refuseExpansion() throws(HeaderProblem) {
        func count(_ sign: UInt8) -> Int {
            text.indices.dropLast().count { index in
                guard text[index] == sign else { return false }
                let next = text[index + 1]
                let isName =
                    Character(Unicode.Scalar(next)).isLetter || (48...57).contains(next) || "_-".utf8.contains(next)
                let previous = index == 0 ? 0x20 : text[index - 1]
                return isName && (previous <= 0x20 || previous >= 0x80 || "[]{},:-?!'\"".utf8.contains(previous))
            }
        }
        guard count(UInt8(ascii: "&")) > 0, count(UInt8(ascii: "*")) > 8 else { return }
        throw HeaderProblem("The header uses more than 8 aliases.", line: firstLine)
    }

    /// Refuses `...` and `--- text` lines: YAML would end the header there, we would not.
    private func refuseDocumentMarks() throws(HeaderProblem) {
        for line in 0..<(lineStarts.count - 1) {
            let bytes = bytes(ofLine: line)
            guard bytes.starts(with: "...".utf8) || bytes.starts(with: "---".utf8) else { continue }
            guard bytes.dropFirst(3).first.map({ $0 <= 0x20 }) ?? true else { continue }
            throw HeaderProblem("A header closes only at a line that is exactly `---`.", line: fileLine(line))
        }
    }
}
