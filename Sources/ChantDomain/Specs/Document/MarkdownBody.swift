/// A body cut into lines, with its headings and with what is code: fences by CommonMark's rules, lists included.
///
/// A transcript below `## Agent Output` counts as code up to its end, wherever its fences lead: the original glues the
/// closing fence to the last line of text, so that parity means nothing from there on (§4.2 of the reference).
struct MarkdownBody {
    struct Heading: Equatable {
        let level: Int
        let text: String
    }

    struct Line {
        /// The line's bytes in the body, without its ending.
        let range: Range<Int>
        var isCode = false
        var heading: Heading?
    }

    let bytes: [UInt8]
    private(set) var lines: [Line] = []

    struct Fence {
        let sign: UInt8
        let length: Int
        let base: Int
    }

    private(set) var fence: Fence?
    /// Where the content of each open list item begins.
    private var items: [Int] = []

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
        var position = 0
        while position < bytes.count {
            let next = SpecDocument.lineEnd(in: bytes, from: position)
            var end = next
            while end > position, bytes[end - 1] == 0x0A || bytes[end - 1] == 0x0D { end -= 1 }
            lines.append(Line(range: position..<end))
            position = next
        }
        let texts = lines.map { bytes[$0.range] }
        var index = 0
        while index < lines.count {
            read(index)
            index += 1
            guard lines[index - 1].heading.map(AgentTranscript.isHeading) ?? false,
                let end = AgentTranscript.end(in: texts, after: index - 1)
            else { continue }
            while index < end {
                lines[index].isCode = true
                index += 1
            }
            items = []
        }
    }

    /// The first level-1 heading outside code (R38).
    var title: String? { titleLine.flatMap { lines[$0].heading?.text } }

    /// The index of its line.
    var titleLine: Int? {
        lines.firstIndex { $0.heading.map { $0.level == 1 && !$0.text.isEmpty } ?? false }
    }

    /// The lines of the section below the heading at `index`, up to the next heading of its level or above.
    func section(below index: Int) -> Range<Int> {
        let level = lines[index].heading?.level ?? 6
        let end = lines[(index + 1)...].firstIndex { $0.heading.map { $0.level <= level } ?? false }
        return index + 1..<(end ?? lines.count)
    }

    private mutating func read(_ index: Int) {
        let line = bytes[lines[index].range]
        let (indent, start) = MarkdownBody.indent(of: line)
        guard start < line.endIndex else {
            lines[index].isCode = fence != nil
            return
        }
        if let open = fence {
            if indent >= open.base {
                lines[index].isCode = true
                if indent - open.base <= 3, closes(open, line[start...]) { fence = nil }
                return
            }
            fence = nil  // the list item that held it has ended
        }
        while let last = items.last, indent < last { items.removeLast() }
        if indent <= 3, let heading = MarkdownBody.heading(line[start...]) {
            lines[index].heading = heading
            return
        }
        lines[index].isCode = opensFence(line, from: start, indent: indent)
    }

    /// Walks through the list markers at the line's begin, and tells whether a fence opens behind them.
    private mutating func opensFence(_ line: ArraySlice<UInt8>, from start: Int, indent: Int) -> Bool {
        var start = start
        var indent = indent
        while start < line.endIndex, indent - (items.last ?? 0) <= 3 {
            if let opened = MarkdownBody.fence(line[start...]) {
                fence = Fence(sign: opened.sign, length: opened.length, base: items.last ?? 0)
                return true
            }
            guard let width = MarkdownBody.markerWidth(line[start...]) else { return false }
            let (gap, next) = MarkdownBody.indent(of: line[(start + width)...])
            let isIndentedCode = gap > 4 || next == line.endIndex
            items.append(indent + width + (isIndentedCode ? 1 : gap))
            guard !isIndentedCode else { return false }
            indent += width + gap
            start = next
        }
        return false
    }

    private func closes(_ fence: Fence, _ text: ArraySlice<UInt8>) -> Bool {
        let run = text.prefix { $0 == fence.sign }.count
        return run >= fence.length && SpecDocument.isBlank(text.dropFirst(run))
    }
}

// MARK: - Reading one line

extension MarkdownBody {
    /// How far a line is indented, tabs to multiples of four, and where its text begins.
    static func indent(of line: ArraySlice<UInt8>) -> (width: Int, start: Int) {
        var width = 0
        var index = line.startIndex
        while index < line.endIndex, line[index] == 0x20 || line[index] == 0x09 {
            width += line[index] == 0x20 ? 1 : 4 - width % 4
            index += 1
        }
        return (width, index)
    }

    /// A heading's level and text, without a closing run of `#`.
    static func heading(_ text: ArraySlice<UInt8>) -> Heading? {
        let level = text.prefix { $0 == UInt8(ascii: "#") }.count
        let rest = text.dropFirst(level)
        guard (1...6).contains(level), rest.first.map({ $0 == 0x20 || $0 == 0x09 }) ?? true else { return nil }
        var words = trimmed(rest)
        let closing = words.reversed().prefix { $0 == UInt8(ascii: "#") }.count
        let kept = words.dropLast(closing)
        if closing > 0, kept.last.map({ $0 == 0x20 || $0 == 0x09 }) ?? true { words = trimmed(kept) }
        return Heading(level: level, text: String(decoding: words, as: UTF8.self))
    }

    static func trimmed(_ text: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        var text = text
        while let first = text.first, first == 0x20 || first == 0x09 { text.removeFirst() }
        while let last = text.last, last == 0x20 || last == 0x09 || last == 0x0D { text.removeLast() }
        return text
    }

    /// The fence that `text` begins with: three or more back-ticks or tildes.
    static func fence(_ text: ArraySlice<UInt8>) -> (sign: UInt8, length: Int)? {
        guard let sign = text.first, sign == UInt8(ascii: "`") || sign == UInt8(ascii: "~") else { return nil }
        let length = text.prefix { $0 == sign }.count
        guard length >= 3, sign == UInt8(ascii: "~") || !text.dropFirst(length).contains(sign) else { return nil }
        return (sign, length)
    }

    /// The width of the list marker that `text` begins with.
    static func markerWidth(_ text: ArraySlice<UInt8>) -> Int? {
        let digits = text.prefix { (48...57).contains($0) }.count
        let sign = text.dropFirst(digits).first
        let isMarker = digits == 0 ? sign.map { "-*+".utf8.contains($0) } : sign.map { ".)".utf8.contains($0) }
        guard isMarker ?? false, digits <= 9 else { return nil }
        guard let next = text.dropFirst(digits + 1).first else { return digits + 1 }
        return next == 0x20 || next == 0x09 ? digits + 1 : nil
    }
}
