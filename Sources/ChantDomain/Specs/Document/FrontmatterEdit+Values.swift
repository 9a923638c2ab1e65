import Yams

/// What edits have to know about the value that is there.
enum FrontmatterEdit {
    /// Whether a node says `value` already, however it is quoted or laid out.
    static func says(_ value: HeaderValue, _ node: Node, _ lines: FrontmatterLines) -> Bool {
        func words(_ value: HeaderValue) -> HeaderValue {
            switch value {
            case .flag(let flag): .text(flag ? "true" : "false")
            case .integer(let number): .text(String(number))
            case .decimal(let number): .text(String(number))
            case .list(let values): .list(values.map(words))
            case .map(let entries): .map(entries.map { HeaderEntry($0.key, words($0.value)) })
            case .text, .null: value
            }
        }
        return words(value) == FrontmatterReader(lines: lines).written(node)
    }

    /// Whether a value is a list with one item a line.
    static func isBlockList(_ node: Node, _ lines: FrontmatterLines) -> Bool {
        guard case .sequence = node else { return false }
        return !lines.isFlow(node)
    }

    /// A key's line up to its end, for a value on the lines below: with the comment, without the old value.
    static func head(_ line: KeyLine) -> [UInt8] {
        line.key + (line.anchor.isEmpty ? [] : [0x20] + line.anchor.dropLast()) + line.tail
    }

    /// The value of a map with one key set.
    static func map(
        _ entry: FrontmatterLines.Entry,
        setting key: String,
        to value: HeaderValue,
        _ lines: FrontmatterLines
    ) -> HeaderValue {
        var entries: [HeaderEntry] = []
        if case .map(let old) = FrontmatterReader(lines: lines).resolved(entry.value, isHash: false) { entries = old }
        if let index = entries.firstIndex(where: { $0.key == key }) {
            entries[index] = HeaderEntry(key, value)
        } else {
            entries.append(HeaderEntry(key, value))
        }
        return .map(entries)
    }
}
