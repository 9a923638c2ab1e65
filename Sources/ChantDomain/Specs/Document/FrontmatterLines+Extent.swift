import Yams

/// Which lines belong to a key.
extension FrontmatterLines {
    func entries(of mapping: Node.Mapping, in region: Range<Int>) throws(HeaderProblem) -> [Entry] {
        var keys: [(key: String, line: Int, value: Node)] = []
        var seen: Set<String> = []
        for (key, value) in mapping {
            guard case .scalar(let scalar) = key, let mark = scalar.mark else {
                throw HeaderProblem("A key of the header is no text.", line: fileLine(region.lowerBound))
            }
            let line = line(ofYAML: mark.line)
            guard region.contains(line), line > keys.last?.line ?? -1 else {
                throw HeaderProblem("A key of the header does not begin a line.", line: fileLine(line))
            }
            guard bytes(ofLine: line).first(where: { $0 != 0x20 }) != 0x09 else {
                throw HeaderProblem("A key of the header is indented with a tab.", line: fileLine(line))
            }
            guard seen.insert(scalar.string).inserted else {
                throw HeaderProblem("The header has the key `\(scalar.string)` twice.", line: fileLine(line))
            }
            keys.append((scalar.string, line, value))
        }
        return keys.indices.map { index in
            let next = index + 1 < keys.count ? keys[index + 1].line : region.upperBound
            let end = endOfContent(of: keys[index].value, in: keys[index].line..<next)
            return Entry(key: keys[index].key, value: keys[index].value, lines: keys[index].line..<end)
        }
    }

    /// The line after the last one that a value fills, of the lines up to the next key.
    private func endOfContent(of value: Node, in region: Range<Int>) -> Int {
        var keepsComments = false
        if let leaf = lastLeaf(of: value), let mark = leaf.mark, region.contains(line(ofYAML: mark.line)) {
            switch leaf.style {
            case .singleQuoted, .doubleQuoted:
                if let end = lineOfQuoteEnd(from: mark) { return min(end + 1, region.upperBound) }
            case .literal, .folded: keepsComments = true
            default: break
            }
        }
        let indent = bytes(ofLine: region.lowerBound).prefix { $0 == 0x20 }.count
        var end = region.upperBound
        while end > region.lowerBound + 1 {
            let line = bytes(ofLine: end - 1)
            let content = line.drop { $0 == 0x20 || $0 == 0x09 }
            let isComment =
                content.first == UInt8(ascii: "#") && (!keepsComments || line.count - content.count <= indent)
            guard SpecDocument.isBlank(line) || isComment else { return end }
            end -= 1
        }
        return end
    }

    /// The scalar that a value ends with; `nil` where it ends with the bracket of a flow collection.
    private func lastLeaf(of node: Node) -> Node.Scalar? {
        switch node {
        case .scalar(let scalar): return scalar
        case .sequence(let sequence): return isFlow(node) ? nil : sequence.last.flatMap(lastLeaf)
        case .mapping(let mapping):
            return isFlow(node) ? nil : Array(mapping).last.flatMap { lastLeaf(of: $0.value) }
        case .alias: return nil
        }
    }

    /// Whether a list or map is written in brackets; the parser's own word for it is wrong.
    func isFlow(_ node: Node) -> Bool {
        switch node {
        case .sequence, .mapping:
            var position = node.mark.map(position) ?? text.count
            while position < text.count, "&!".utf8.contains(text[position]) {
                position = text[position...].firstIndex { $0 <= 0x20 } ?? text.count
                position = text[position...].firstIndex { $0 > 0x20 } ?? text.count
            }
            return position < text.count && "[{".utf8.contains(text[position])
        case .scalar, .alias: return false
        }
    }

    /// Where a mark stands in the text; its columns count characters.
    private func position(_ mark: Mark) -> Int {
        var position = yamlStarts[min(mark.line - 1, yamlStarts.count - 1)]
        var columns = mark.column - 1
        while columns > 0, position < text.count {
            position += 1
            while position < text.count, text[position] & 0xC0 == 0x80 { position += 1 }
            columns -= 1
        }
        return position
    }

    /// The line where the quoted scalar that begins at `mark` ends.
    private func lineOfQuoteEnd(from mark: Mark) -> Int? {
        // The mark may stand at an anchor or a tag in front of the quote.
        let start = text[position(mark)...].firstIndex { "'\"".utf8.contains($0) }
        guard let start, let end = YAMLText.endOfQuoted(text[start...]) else { return nil }
        return text[..<end].count { $0 == 0x0A }
    }
}
