/// Edits of one key of the header; every byte outside that key's lines stays as it is (R2).
///
/// A key that is there keeps its place, its spelling, its quotes, the indent of its list and the comment behind it; a
/// value that is there already changes nothing. A new key goes to the header's end, and a file without a header gets
/// one. Each result is read again (`checked`), and an edit that would change anything else is refused.
extension SpecDocument {
    /// Sets a key to a text, a flag, a number, a list or a map.
    public func setting(_ key: String, to value: HeaderValue) throws(SpecError) -> SpecDocument {
        try setting([key], to: value)
    }

    /// Sets a key to a text, quoted where YAML needs it.
    public func setting(_ key: String, to text: String) throws(SpecError) -> SpecDocument {
        try setting([key], to: .text(text))
    }

    /// Sets a key to a list of texts; an empty list is written as `[]`.
    public func settingList(_ key: String, to items: [String]) throws(SpecError) -> SpecDocument {
        try setting([key], to: .texts(items))
    }

    /// Sets a key of a map, such as `by` in `approval`; the map is made where there is none.
    public func setting(_ key: String, inMap map: String, to value: HeaderValue) throws(SpecError) -> SpecDocument {
        try setting([map, key], to: value)
    }

    /// Sets the last key of a path that leads through maps; those that are missing are made.
    func setting(_ path: [String], to value: HeaderValue) throws(SpecError) -> SpecDocument {
        let lines = try headerLines()
        let place = try place(of: path, in: lines)
        let rest = Array(path.dropFirst(place.depth))
        let new: SpecDocument
        if let entry = place.entry {
            let old = FrontmatterEdit.value(of: entry, lines)
            let whole = rest.isEmpty ? value : FrontmatterEdit.setting(rest, to: value, in: old)
            new = replacing(entry, with: whole, isTyped: FrontmatterReader.isTyped(path[0]), lines)
        } else {
            let inner = rest.dropFirst().reversed().reduce(value) { .map([HeaderEntry($1, $0)]) }
            new = adding(rest[0], inner, after: place.last, lines)
        }
        return try checked(new, Change(path: path, value: value), lines)
    }

    /// Adds an item to the end of a list, which is made where there is none; one that is there already is not doubled.
    public func appending(_ item: String, toList key: String) throws(SpecError) -> SpecDocument {
        let lines = try headerLines()
        guard let entry = lines[key] else { return try setting([key], to: .texts([item])) }
        let isNull = FrontmatterReader(lines: lines).written(entry.value) == .null
        guard let items = isNull ? [] : FrontmatterReader.texts(of: entry.value) else {
            throw .header(HeaderProblem("`\(key)` is no list.", line: lines.fileLine(entry.lines.lowerBound)))
        }
        if items.contains(item) { return self }
        guard let dash = itemIndent(of: entry, lines) else {
            return try setting([key], to: .texts(items + [item]))
        }
        let ending = KeyLine(lines.bytes(ofLine: entry.lines.lowerBound), key: key).ending
        let end = lines.lineStarts[entry.lines.upperBound]
        let new = replacing(end..<end, with: Array("\(dash)- \(YAMLText.scalar(item))".utf8) + ending)
        return try checked(new, Change(path: [key], value: .texts(items + [item])), lines)
    }

    /// Removes a key with its lines; comments around it stay.
    public func removing(_ key: String) throws(SpecError) -> SpecDocument { try removing([key]) }

    /// Removes the last key of a path that leads through maps; a map that loses its last key becomes `{}`.
    func removing(_ path: [String]) throws(SpecError) -> SpecDocument {
        let lines = try headerLines()
        let place = try place(of: path, in: lines)
        guard let entry = place.entry else { return self }
        let rest = Array(path.dropFirst(place.depth))
        if rest.isEmpty, path.count == 1 || !place.isOnly {
            let new = replacing(lines.byteRange(entry.lines), with: [])
            return try checked(new, Change(path: path, value: nil), lines)
        }
        guard !rest.isEmpty else { return try setting(Array(path.dropLast()), to: .map([])) }
        let old = FrontmatterEdit.value(of: entry, lines)
        guard FrontmatterEdit.value(at: rest, in: old) != nil else { return self }
        let whole = FrontmatterEdit.setting(rest, to: nil, in: old)
        let new = replacing(entry, with: whole, isTyped: false, lines)
        return try checked(new, Change(path: path, value: nil), lines)
    }
}

// MARK: - Writing lines

extension SpecDocument {
    /// The header's keys with their lines; for edits a header that cannot be read is an error of this room.
    func headerLines() throws(SpecError) -> FrontmatterLines {
        try headerLines { () throws(HeaderProblem) in try FrontmatterLines(self) }
    }

    func headerLines<Value>(_ read: () throws(HeaderProblem) -> Value) throws(SpecError) -> Value {
        do { return try read() } catch { throw .header(error) }
    }

    /// Puts raw lines, endings included, at the header's end; a file without a header gets one.
    func insertingAtHeaderEnd(_ text: [UInt8]) -> SpecDocument {
        let marker = Array("---".utf8) + lineEnding
        switch layout {
        case .bodyOnly(let start): return replacing(start..<start, with: marker + text + marker)
        case .header(let yaml, _, _): return replacing(yaml.upperBound..<yaml.upperBound, with: text)
        case .unterminated: return self
        }
    }

    /// Adds a key below `last`, in its map; at the header's end where there is none.
    private func adding(
        _ key: String,
        _ value: HeaderValue,
        after last: FrontmatterLines.Entry?,
        _ lines: FrontmatterLines
    ) -> SpecDocument {
        if let last {
            let line = KeyLine(lines.bytes(ofLine: last.lines.lowerBound), key: last.key)
            let text = YAMLText.lines(
                "\(line.indent)\(YAMLText.scalar(key)):",
                value,
                indent: line.indent,
                itemIndent: line.indent
            )
            let end = lines.lineStarts[last.lines.upperBound]
            return replacing(end..<end, with: text.flatMap { Array($0.utf8) + line.ending })
        }
        let first = lines.entries.first.map { lines.bytes(ofLine: $0.lines.lowerBound).prefix { $0 == 0x20 } }
        let indent = String(decoding: first ?? [], as: UTF8.self)
        let text = YAMLText.lines("\(indent)\(YAMLText.scalar(key)):", value, indent: indent, itemIndent: indent)
        return insertingAtHeaderEnd(text.flatMap { Array($0.utf8) + lineEnding })
    }

    private func replacing(
        _ entry: FrontmatterLines.Entry,
        with value: HeaderValue,
        isTyped: Bool,
        _ lines: FrontmatterLines
    ) -> SpecDocument {
        guard !FrontmatterEdit.says(value, entry, isTyped: isTyped, lines) else { return self }
        let line = KeyLine(lines.bytes(ofLine: entry.lines.lowerBound), key: entry.key)
        let inline = line.key + line.gap + line.anchor
        let text: [UInt8]
        switch value {
        case .list(let items) where !items.isEmpty && !lines.isFlow(entry.value):
            let indent = itemIndent(of: entry, lines) ?? line.indent
            text =
                FrontmatterEdit.head(line) + line.ending
                + items.flatMap { Array("\(indent)- \(YAMLText.flow($0))".utf8) + line.ending }
        case .map(let entries) where !entries.isEmpty && !FrontmatterEdit.isFlowMap(entry.value, lines):
            let inner = line.indent + "  "
            let rows = entries.flatMap {
                YAMLText.lines("\(inner)\(YAMLText.scalar($0.key)):", $0.value, indent: inner, itemIndent: inner)
            }
            text = FrontmatterEdit.head(line) + line.ending + rows.flatMap { Array($0.utf8) + line.ending }
        default:
            text = inline + YAMLText.flow(value, quotes: line.quotes).utf8 + line.tail + line.ending
        }
        return replacing(lines.byteRange(entry.lines), with: text)
    }

    /// The indent of a block list's items; `nil` where the value is none.
    private func itemIndent(of entry: FrontmatterLines.Entry, _ lines: FrontmatterLines) -> String? {
        guard FrontmatterEdit.isBlockList(entry.value, lines) else { return nil }
        for line in entry.lines.dropFirst() {
            let bytes = lines.bytes(ofLine: line)
            let indent = bytes.prefix { $0 == 0x20 }
            if bytes.dropFirst(indent.count).first == UInt8(ascii: "-") {
                return String(decoding: indent, as: UTF8.self)
            }
        }
        return nil
    }
}
