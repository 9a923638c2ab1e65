/// Edits of one key of the header; every byte outside that key's lines stays as it is (R2).
///
/// A key that is there keeps its place, its spelling, its quotes, the indent of its list and the comment behind it; a
/// value that is there already changes nothing. A new key goes to the header's end, and a file without a header gets
/// one.
extension SpecDocument {
    /// Sets a key to a text, a flag, a number, a list or a map.
    public func setting(_ key: String, to value: HeaderValue) throws(SpecError) -> SpecDocument {
        let lines = try headerLines()
        guard let entry = lines[key] else { return adding(key, value, lines) }
        return replacing(entry, with: value, lines)
    }

    /// Sets a key to a text, quoted where YAML needs it.
    public func setting(_ key: String, to text: String) throws(SpecError) -> SpecDocument {
        try setting(key, to: .text(text))
    }

    /// Sets a key to a list of texts; an empty list is written as `[]`.
    public func settingList(_ key: String, to items: [String]) throws(SpecError) -> SpecDocument {
        try setting(key, to: .texts(items))
    }

    /// Adds an item to the end of a list, which is made where there is none; one that is there already is not doubled.
    public func appending(_ item: String, toList key: String) throws(SpecError) -> SpecDocument {
        let lines = try headerLines()
        guard let entry = lines[key] else { return adding(key, .texts([item]), lines) }
        let isNull = FrontmatterReader(lines: lines).written(entry.value) == .null
        guard let items = isNull ? [] : FrontmatterReader.texts(of: entry.value) else {
            throw .header(HeaderProblem("`\(key)` is no list.", line: lines.fileLine(entry.lines.lowerBound)))
        }
        if items.contains(item) { return self }
        let line = KeyLine(lines.bytes(ofLine: entry.lines.lowerBound), key: key)
        let dash = itemIndent(of: entry, lines)
        if let dash {
            let text = Array("\(dash)- \(YAMLText.scalar(item))".utf8) + line.ending
            let end = lines.lineStarts[entry.lines.upperBound]
            return replacing(end..<end, with: text)
        }
        return replacing(entry, with: .texts(items + [item]), lines)
    }

    /// Removes a key with its lines; comments around it stay.
    public func removing(_ key: String) throws(SpecError) -> SpecDocument {
        let lines = try headerLines()
        guard let entry = lines[key] else { return self }
        return replacing(lines.byteRange(entry.lines), with: [])
    }

    /// Sets a key of a map, such as `by` in `approval`; the map is made where there is none.
    public func setting(_ key: String, inMap map: String, to value: HeaderValue) throws(SpecError) -> SpecDocument {
        let lines = try headerLines()
        guard let entry = lines[map] else { return adding(map, .map([HeaderEntry(key, value)]), lines) }
        guard let inner = try headerLines({ () throws(HeaderProblem) in try lines.entries(inMapOf: entry) }) else {
            return replacing(entry, with: FrontmatterEdit.map(entry, setting: key, to: value, lines), lines)
        }
        if let old = inner.first(where: { $0.key == key }) { return replacing(old, with: value, lines) }
        guard let last = inner.last else { return self }
        let model = KeyLine(lines.bytes(ofLine: last.lines.lowerBound), key: last.key)
        let text = YAMLText.lines(
            "\(model.indent)\(YAMLText.scalar(key)):",
            value,
            indent: model.indent,
            itemIndent: model.indent
        )
        let end = lines.lineStarts[last.lines.upperBound]
        return replacing(end..<end, with: text.flatMap { Array($0.utf8) + model.ending })
    }
}

// MARK: - Writing lines

extension SpecDocument {
    /// The header's keys with their lines; for edits a header that cannot be read is an error of this room.
    func headerLines() throws(SpecError) -> FrontmatterLines {
        try headerLines { () throws(HeaderProblem) in try FrontmatterLines(self) }
    }

    private func headerLines<Value>(_ read: () throws(HeaderProblem) -> Value) throws(SpecError) -> Value {
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

    private func adding(_ key: String, _ value: HeaderValue, _ lines: FrontmatterLines) -> SpecDocument {
        let first = lines.entries.first.map { lines.bytes(ofLine: $0.lines.lowerBound).prefix { $0 == 0x20 } }
        let indent = String(decoding: first ?? [], as: UTF8.self)
        let text = YAMLText.lines("\(indent)\(YAMLText.scalar(key)):", value, indent: indent, itemIndent: indent)
        return insertingAtHeaderEnd(text.flatMap { Array($0.utf8) + lineEnding })
    }

    private func replacing(
        _ entry: FrontmatterLines.Entry,
        with value: HeaderValue,
        _ lines: FrontmatterLines
    ) -> SpecDocument {
        guard !FrontmatterEdit.says(value, entry.value, lines) else { return self }
        let line = KeyLine(lines.bytes(ofLine: entry.lines.lowerBound), key: entry.key)
        let inline = line.key + line.gap + line.anchor
        let text: [UInt8]
        switch value {
        case .list(let items) where !items.isEmpty && !lines.isFlow(entry.value):
            let indent = itemIndent(of: entry, lines) ?? line.indent
            text =
                FrontmatterEdit.head(line) + line.ending
                + items.flatMap { Array("\(indent)- \(YAMLText.flow($0))".utf8) + line.ending }
        case .map(let entries) where !entries.isEmpty:
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
